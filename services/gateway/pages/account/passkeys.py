"""Adding passkeys and removing them."""

from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.account.recovery_codes import redirect_to_codes
from services.gateway.pages.kit.client import Answer, Gone
from services.gateway.pages.kit.forms import Form, Posted
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.proofs import read_credential
from services.gateway.pages.kit.visitor import CurrentVisitor, FreshVisitor, Visitor

router = page_router()
_PATH = "/v1/accounts/me/passkeys"
_FIELDS = {"/label": "label"}


@router.get("/account/security/passkeys/add")
async def show_addition(request: Request, visitor: FreshVisitor) -> Response:
    """Ask for a name."""
    return render_page(request, "account/passkeys/add", visitor.lang, visitor=visitor, label="")


@router.post("/account/security/passkeys/add")
async def add(request: Request, visitor: CurrentVisitor, form: Posted) -> Response:
    """First the question for the device, then its answer."""
    if not form["passkey"]:
        return _asked(request, visitor, form, await visitor.registration.call("POST", f"{_PATH}/options"))
    body: dict[str, Any] = {"credential": read_credential(form["passkey"]), **form.given("label")}
    answer = await visitor.registration.call("POST", _PATH, body)
    if not answer.ok:
        return _refused(request, visitor, form, answer)
    # They come with the first factor of an account.
    if codes := answer.body["recovery_codes"]:
        return redirect_to_codes(visitor, codes)
    return redirect_to("/account/security", done="passkey-added")


@router.get("/account/security/passkeys/{passkey_id}/remove")
async def show_removal(passkey_id: UUID, request: Request, visitor: FreshVisitor) -> Response:
    """Ask for confirmation of the removal."""
    return render_page(
        request, "account/passkeys/remove", visitor.lang, visitor=visitor, label=await _label(visitor, passkey_id)
    )


@router.post("/account/security/passkeys/{passkey_id}/remove")
async def remove(passkey_id: UUID, request: Request, visitor: CurrentVisitor, form: Posted) -> Response:
    """Remove it; registration keeps an officer's last factor."""
    answer = await visitor.registration.delete(f"{_PATH}/{passkey_id}", form)
    if errors := answer.form_errors(visitor.lang):
        label = await _label(visitor, passkey_id)
        return render_page(
            request, "account/passkeys/remove", visitor.lang, visitor=visitor, errors=errors, label=label
        )
    return redirect_to("/account/security", done="passkey-removed")


def _asked(request: Request, visitor: Visitor, form: Form, answer: Answer) -> Response:
    if not answer.ok:
        return _refused(request, visitor, form, answer)
    return render_page(
        request,
        "account/passkeys/make",
        visitor.lang,
        scripts=("passkeys.js",),
        visitor=visitor,
        label=form["label"],
        options=answer.body["public_key"],
    )


def _refused(request: Request, visitor: Visitor, form: Form, answer: Answer) -> Response:
    errors = answer.form_errors(visitor.lang, _FIELDS)
    return render_page(
        request, "account/passkeys/add", visitor.lang, visitor=visitor, errors=errors, label=form["label"]
    )


async def _label(visitor: Visitor, passkey_id: UUID) -> str:
    factor = (await visitor.registration.fetch("/v1/accounts/me/second-factor")).body
    for key in factor["passkeys"]:
        if key["id"] == str(passkey_id):
            return str(key["label"])
    raise Gone()
