"""Adding a webhook, changing it, its secrets, which are shown once, and removing it."""

from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.account.webhooks.shown import API, PATH, notification, type_names, webhook_of
from services.gateway.pages.kit.client import Answer
from services.gateway.pages.kit.forms import Form, FormErrors, LongForm, Posted
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.shown_once import drop_note, keep_note, read_note
from services.gateway.pages.kit.visitor import CurrentVisitor, FreshVisitor, LongFormVisitor, Visitor

router = page_router()
_NOTE = "webhook"
_FIELDS = {"/name": "name", "/url": "url", "/types": "types", "/role": "role"}


@router.get(f"{PATH}/add")
async def show_addition(request: Request, visitor: FreshVisitor) -> Response:
    """Ask for its name, its address and the events."""
    return await _form(request, visitor, "add", Form())


@router.post(f"{PATH}/add")
async def add(request: Request, visitor: LongFormVisitor, form: LongForm) -> Response:
    """Add it; its secret is shown once."""
    answer = await notification(visitor).call("POST", API, _typed(form) | form.given("role"))
    if errors := answer.form_errors(visitor.lang, _FIELDS):
        return await _form(request, visitor, "add", form, errors)
    return _to_secret(visitor, answer, answer.body["id"])


@router.get(f"{PATH}/{{webhook_id:uuid}}/change")
async def show_change(webhook_id: UUID, request: Request, visitor: FreshVisitor) -> Response:
    """Show what can be changed: the name, the address, the events."""
    webhook = await webhook_of(visitor, webhook_id)
    form = Form.of({"types": webhook["types"]} if webhook["types"] else {})
    form |= {"name": webhook["name"], "url": webhook["url"], "revision": str(webhook["revision"])}
    return await _form(request, visitor, "change", form, webhook_id=webhook_id)


@router.post(f"{PATH}/{{webhook_id:uuid}}/change")
async def change(webhook_id: UUID, request: Request, visitor: LongFormVisitor, form: LongForm) -> Response:
    """Change it, unless somebody else did so since."""
    headers = {"If-Match": f'"{form.revision}"'}
    answer = await notification(visitor).call("PATCH", f"{API}/{webhook_id}", _typed(form), headers=headers)
    if answer.ok:
        return redirect_to(f"{PATH}/{webhook_id}", done="changed")
    if answer.status == 412:
        form = form.seen((await webhook_of(visitor, webhook_id))["revision"])
    errors = answer.form_errors(visitor.lang, _FIELDS)
    return await _form(request, visitor, "change", form, errors, webhook_id)


@router.get(f"{PATH}/{{webhook_id:uuid}}/secret")
async def show_secret_request(webhook_id: UUID, request: Request, visitor: FreshVisitor) -> Response:
    """Ask for confirmation before the secret is replaced."""
    return await _question(request, visitor, webhook_id, "secret")


@router.post(f"{PATH}/{{webhook_id:uuid}}/secret")
async def add_secret(webhook_id: UUID, request: Request, visitor: CurrentVisitor) -> Response:
    """Replace the secret; the new one is shown once."""
    answer = await notification(visitor).call("POST", f"{API}/{webhook_id}/secrets")
    if errors := answer.form_errors(visitor.lang):
        return await _question(request, visitor, webhook_id, "secret", errors)
    return _to_secret(visitor, answer, str(webhook_id))


@router.get(f"{PATH}/{{webhook_id:uuid}}/secret/shown")
async def show_secret(webhook_id: UUID, request: Request, visitor: CurrentVisitor) -> Response:
    """Show the secret that was just made; afterwards, that it cannot be shown again."""
    webhook = await webhook_of(visitor, webhook_id)
    secret = read_note(request, visitor.gateway, _NOTE, f"{visitor.actor.session_id} {webhook_id}")
    return render_page(
        request, "account/webhooks/secret_shown", visitor.lang, visitor=visitor, webhook=webhook, secret=secret
    )


@router.post(f"{PATH}/{{webhook_id:uuid}}/secret/shown")
async def confirm_secret(webhook_id: UUID, visitor: CurrentVisitor) -> Response:
    """Drop the secret: it was put into the other system."""
    response = redirect_to(f"{PATH}/{webhook_id}")
    drop_note(response, visitor.gateway, _NOTE)
    return response


@router.get(f"{PATH}/{{webhook_id:uuid}}/remove")
async def show_removal(webhook_id: UUID, request: Request, visitor: CurrentVisitor) -> Response:
    """Ask for confirmation before a webhook is removed."""
    return await _question(request, visitor, webhook_id, "remove")


@router.post(f"{PATH}/{{webhook_id:uuid}}/remove")
async def remove(webhook_id: UUID, visitor: CurrentVisitor, form: Posted) -> Response:
    """Remove it for good."""
    await notification(visitor).delete(f"{API}/{webhook_id}", form)
    return redirect_to(PATH, done="removed")


def _typed(form: Form) -> dict[str, Any]:
    return {"name": form["name"], "url": form["url"].strip(), "types": [each for each in form.every("types") if each]}


def _to_secret(visitor: Visitor, answer: Answer, webhook_id: str) -> Response:
    response = redirect_to(f"{PATH}/{webhook_id}/secret/shown")
    keep_note(response, visitor.gateway, _NOTE, f"{visitor.actor.session_id} {webhook_id}", answer.body["secret"])
    return response


async def _question(
    request: Request, visitor: Visitor, webhook_id: UUID, name: str, errors: FormErrors | None = None
) -> Response:
    webhook = await webhook_of(visitor, webhook_id)
    return render_page(
        request, f"account/webhooks/{name}", visitor.lang, visitor=visitor, errors=errors, webhook=webhook
    )


async def _form(
    request: Request,
    visitor: Visitor,
    name: str,
    form: Form,
    errors: FormErrors | None = None,
    webhook_id: UUID | None = None,
) -> Response:
    return render_page(
        request,
        "account/webhooks/form",
        visitor.lang,
        visitor=visitor,
        errors=errors,
        form=form,
        adding=name == "add",
        back=PATH if webhook_id is None else f"{PATH}/{webhook_id}",
        types=[(code, text, "") for code, text in (await type_names(visitor)).items()],
        chosen=form.every("types"),
        roles=sorted(visitor.actor.roles),
    )
