"""Registering a connected system, changing it, and its secrets, which are shown once."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.account.systems.overview import CLIENTS, SYSTEMS, active_client
from services.gateway.pages.kit.client import Answer
from services.gateway.pages.kit.forms import Form, FormErrors, Posted
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.shown_once import drop_note, keep_note, read_note
from services.gateway.pages.kit.visitor import CurrentVisitor, FreshVisitor, Visitor
from services.gateway.pages.kit.words import say
from shared.clock import JST, legal_date
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
async def show_addition(request: Request, visitor: FreshVisitor) -> Response:
    """Ask for its name and the operations it may use."""
    return _form(request, visitor, Form())


@router.post(f"{SYSTEMS}/add")
async def add(request: Request, visitor: CurrentVisitor, form: Posted) -> Response:
    """Register it; its secret is shown once."""
    body: dict[str, Any] = {"name": form["name"], "scopes": [scope for scope in SCOPES if form[scope] == "yes"]}
    body |= {name: form[name].split() for name in _LISTS} | form.given("role")
    errors = _with_end(visitor, form, body)
    if errors is None:
        answer = await visitor.registration.call("POST", CLIENTS, body)
        if answer.ok:
            return _to_secret(visitor, answer, answer.body["id"])
        errors = answer.form_errors(visitor.lang, _FIELDS)
    return _form(request, visitor, form, errors)


@router.get(f"{SYSTEMS}/{{client_id}}/change")
async def show_change(client_id: UUID, request: Request, visitor: FreshVisitor) -> Response:
    """Show what can be changed: the name, the networks, the end."""
    client = await active_client(visitor, client_id)
    ends_on = legal_date(datetime.fromisoformat(client["expires_at"]))
    values = {"name": client["name"], "networks": " ".join(client["networks"]), "expires_on": ends_on.isoformat()}
    return _change(request, visitor, Form(values, revision=str(client["revision"]), was=ends_on.isoformat()))


@router.post(f"{SYSTEMS}/{{client_id}}/change")
async def change(client_id: UUID, request: Request, visitor: CurrentVisitor, form: Posted) -> Response:
    """Change it, unless somebody else did so since."""
    body: dict[str, Any] = {"name": form["name"], "networks": form["networks"].split()}
    # The day alone was shown: left as it is, the moment stays.
    errors = None if form["expires_on"] == form["was"] else _with_end(visitor, form, body)
    if errors is None:
        answer = await visitor.registration.call(
            "PATCH", f"{CLIENTS}/{client_id}", body, headers={"If-Match": f'"{form.revision}"'}
        )
        if answer.ok:
            return redirect_to(SYSTEMS, done="client-changed")
        if answer.status == 412:
            form = form.seen((await active_client(visitor, client_id))["revision"])
        errors = answer.form_errors(visitor.lang, _FIELDS)
    return _change(request, visitor, form, errors)


@router.get(f"{SYSTEMS}/{{client_id}}/secret")
async def show_secret_request(client_id: UUID, request: Request, visitor: FreshVisitor) -> Response:
    """Ask for confirmation before another secret is made."""
    client = await active_client(visitor, client_id)
    return render_page(request, "account/systems/secret", visitor.lang, visitor=visitor, system=client["name"])


@router.post(f"{SYSTEMS}/{{client_id}}/secret")
async def add_secret(client_id: UUID, request: Request, visitor: CurrentVisitor) -> Response:
    """Make a second secret, shown once; the first one stays valid."""
    answer = await visitor.registration.call("POST", f"{CLIENTS}/{client_id}/secrets")
    if errors := answer.form_errors(visitor.lang):
        name = (await active_client(visitor, client_id))["name"]
        return render_page(request, "account/systems/secret", visitor.lang, visitor=visitor, errors=errors, system=name)
    return _to_secret(visitor, answer, str(client_id))


@router.get(f"{SYSTEMS}/{{client_id}}/secret/shown")
async def show_secret(client_id: UUID, request: Request, visitor: CurrentVisitor) -> Response:
    """Show the secret that was just made; afterwards, that it cannot be shown again."""
    client = await active_client(visitor, client_id)
    secret = read_note(request, visitor.gateway, _NOTE, f"{visitor.actor.session_id} {client_id}")
    return render_page(
        request,
        "account/systems/secret_shown",
        visitor.lang,
        visitor=visitor,
        client_id=str(client_id),
        secret=secret,
        system=client["name"],
    )


@router.post(f"{SYSTEMS}/{{client_id}}/secret/shown")
async def confirm_secret(client_id: UUID, visitor: CurrentVisitor) -> Response:
    """Drop the secret: it was put into the system."""
    response = redirect_to(SYSTEMS)
    drop_note(response, visitor.gateway, _NOTE)
    return response


def _to_secret(visitor: Visitor, answer: Answer, client_id: str) -> Response:
    response = redirect_to(f"{SYSTEMS}/{client_id}/secret/shown")
    keep_note(response, visitor.gateway, _NOTE, f"{visitor.actor.session_id} {client_id}", answer.body["client_secret"])
    return response


def _with_end(visitor: Visitor, form: Form, body: dict[str, Any]) -> FormErrors | None:
    """Put the end of the day that was given into `body`; registration takes a year where none is."""
    if form["expires_on"]:
        try:
            last_day = day(form["expires_on"])
        except BadValue as bad:
            return FormErrors.on(say(bad.message, visitor.lang), "expires_on")
        body["expires_at"] = datetime.combine(last_day, time(23, 59, 59), JST).isoformat()
    return None


def _form(request: Request, visitor: Visitor, form: Form, errors: FormErrors | None = None) -> Response:
    return render_page(
        request,
        "account/systems/add",
        visitor.lang,
        visitor=visitor,
        errors=errors,
        form=form,
        scopes=[(code, say(scope.name, visitor.lang)) for code, scope in SCOPES.items()],
        roles=sorted(visitor.actor.roles),
    )


def _change(request: Request, visitor: Visitor, form: Form, errors: FormErrors | None = None) -> Response:
    return render_page(request, "account/systems/change", visitor.lang, visitor=visitor, errors=errors, form=form)
