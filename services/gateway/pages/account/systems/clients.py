"""Letting an outside system in, changing it, and its secrets, which are shown once."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.account.systems.overview import CLIENTS, SYSTEMS, working
from services.gateway.pages.kit.client import Answer
from services.gateway.pages.kit.forms import Form, Posted, Trouble
from services.gateway.pages.kit.frame import page, page_router, see
from services.gateway.pages.kit.shown_once import drop, keep, kept
from services.gateway.pages.kit.visitor import CurrentVisitor, FreshVisitor, Visitor
from shared.clock import JST, legal_date
from shared.http import say
from shared.reference.scopes import SCOPES
from shared.text import BadValue, day

router = page_router()
_NOTE = "secret"
# What a text area would hold, in one line: `networks` and addresses have no spaces.
_LISTS = ("networks", "redirect_uris")
_FIELDS = {
    "/name": "name",
    "/role": "role",
    "/scopes": "application:read",
    "/expires_at": "expires_on",
    **{f"/{name}{place}": name for name in _LISTS for place in ("", *(f"/{number}" for number in range(20)))},
}


@router.get(f"{SYSTEMS}/add")
async def addition_form(request: Request, visitor: FreshVisitor) -> Response:
    """Asks what it is called and what it may do."""
    return _form(request, visitor, Form())


@router.post(f"{SYSTEMS}/add")
async def added(request: Request, visitor: CurrentVisitor, form: Posted) -> Response:
    """Let it in; its secret is shown this once."""
    body: dict[str, Any] = {"name": form["name"], "scopes": [scope for scope in SCOPES if form[scope] == "yes"]}
    body |= {name: form[name].split() for name in _LISTS} | form.given("role")
    trouble = _with_end(visitor, form, body)
    if trouble is None:
        answer = await visitor.registration.call("POST", CLIENTS, body)
        if answer.ok:
            return _to_secret(visitor, answer, answer.body["id"])
        trouble = answer.trouble(visitor.lang, _FIELDS)
    return _form(request, visitor, form, trouble)


@router.get(f"{SYSTEMS}/{{client_id}}/change")
async def change_form(client_id: UUID, request: Request, visitor: FreshVisitor) -> Response:
    """Shows what can be different: the name, the networks, the end."""
    client = await working(visitor, client_id)
    ends_on = legal_date(datetime.fromisoformat(client["expires_at"]))
    values = {"name": client["name"], "networks": " ".join(client["networks"]), "expires_on": ends_on.isoformat()}
    return _change(request, visitor, Form(values, revision=str(client["revision"]), was=ends_on.isoformat()))


@router.post(f"{SYSTEMS}/{{client_id}}/change")
async def changed(client_id: UUID, request: Request, visitor: CurrentVisitor, form: Posted) -> Response:
    """Change it, unless somebody else did so meanwhile."""
    body: dict[str, Any] = {"name": form["name"], "networks": form["networks"].split()}
    # The day alone was shown: left as it is, the moment stays.
    trouble = None if form["expires_on"] == form["was"] else _with_end(visitor, form, body)
    if trouble is None:
        answer = await visitor.registration.call(
            "PATCH", f"{CLIENTS}/{client_id}", body, headers={"If-Match": f'"{form.revision}"'}
        )
        if answer.ok:
            return see(SYSTEMS, done="client-changed")
        trouble = answer.trouble(visitor.lang, _FIELDS)
    return _change(request, visitor, form, trouble)


@router.get(f"{SYSTEMS}/{{client_id}}/secret")
async def secret_form(client_id: UUID, request: Request, visitor: FreshVisitor) -> Response:
    """Asks before there is another secret."""
    client = await working(visitor, client_id)
    return page(request, "account/systems/secret", visitor.lang, visitor=visitor, system=client["name"])


@router.post(f"{SYSTEMS}/{{client_id}}/secret")
async def secret_added(client_id: UUID, request: Request, visitor: CurrentVisitor) -> Response:
    """A second secret, shown this once; the first one goes on working."""
    answer = await visitor.registration.call("POST", f"{CLIENTS}/{client_id}/secrets")
    if trouble := answer.trouble(visitor.lang):
        name = (await working(visitor, client_id))["name"]
        return page(request, "account/systems/secret", visitor.lang, visitor=visitor, trouble=trouble, system=name)
    return _to_secret(visitor, answer, str(client_id))


@router.get(f"{SYSTEMS}/{{client_id}}/secret/shown")
async def secret_shown(client_id: UUID, request: Request, visitor: CurrentVisitor) -> Response:
    """The secret that was just made; afterwards, that it cannot be shown again."""
    client = await working(visitor, client_id)
    secret = kept(request, visitor.desk, _NOTE, f"{visitor.actor.session_id} {client_id}")
    return page(
        request,
        "account/systems/secret_shown",
        visitor.lang,
        visitor=visitor,
        client_id=str(client_id),
        secret=secret,
        system=client["name"],
    )


@router.post(f"{SYSTEMS}/{{client_id}}/secret/shown")
async def secret_kept(client_id: UUID, visitor: CurrentVisitor) -> Response:
    """It was put into the system: it is shown no longer."""
    response = see(SYSTEMS)
    drop(response, visitor.desk, _NOTE)
    return response


def _to_secret(visitor: Visitor, answer: Answer, client_id: str) -> Response:
    response = see(f"{SYSTEMS}/{client_id}/secret/shown")
    keep(response, visitor.desk, _NOTE, f"{visitor.actor.session_id} {client_id}", answer.body["client_secret"])
    return response


def _with_end(visitor: Visitor, form: Form, body: dict[str, Any]) -> Trouble | None:
    """Put the end of the day that was given into `body`; registration takes a year where none is."""
    if form["expires_on"]:
        try:
            last_day = day(form["expires_on"])
        except BadValue as bad:
            return Trouble.at(say(bad.message, visitor.lang), "expires_on")
        body["expires_at"] = datetime.combine(last_day, time(23, 59, 59), JST).isoformat()
    return None


def _form(request: Request, visitor: Visitor, form: Form, trouble: Trouble | None = None) -> Response:
    return page(
        request,
        "account/systems/add",
        visitor.lang,
        visitor=visitor,
        trouble=trouble,
        form=form,
        scopes=[(code, say(scope.name, visitor.lang)) for code, scope in SCOPES.items()],
        roles=sorted(visitor.actor.roles),
    )


def _change(request: Request, visitor: Visitor, form: Form, trouble: Trouble | None = None) -> Response:
    return page(request, "account/systems/change", visitor.lang, visitor=visitor, trouble=trouble, form=form)
