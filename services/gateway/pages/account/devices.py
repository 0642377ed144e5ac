"""Devices on which an account is signed in, and signing them out."""

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from services.gateway.pages.kit.forms import Posted
from services.gateway.pages.kit.frame import Done, page_router, redirect_to, render_page
from services.gateway.pages.kit.visitor import CurrentVisitor, Visitor

router = page_router()
_PATH = "/v1/accounts/me/sessions"


@router.get("/account/sessions")
async def show_devices(request: Request, visitor: CurrentVisitor, done: Done = None) -> Response:
    """List every open session."""
    items = (await visitor.registration.fetch(_PATH)).body["items"]
    done = done if done == "device-ended" else None
    return render_page(request, "account/devices/devices", visitor.lang, visitor=visitor, sessions=items, done=done)


@router.post("/account/sessions")
async def end_sessions(visitor: CurrentVisitor, form: Posted) -> Response:
    """End one session, or all of them."""
    if form["everywhere"]:
        await visitor.registration.call("POST", "/v1/accounts/me/sign-out-everywhere")
        return _signed_out(visitor)
    session_id = form.id("session_id")
    await visitor.registration.delete(f"{_PATH}/{session_id}", form)
    return (
        _signed_out(visitor)
        if session_id == visitor.actor.session_id
        else redirect_to("/account/sessions", done="device-ended")
    )


def _signed_out(visitor: Visitor) -> RedirectResponse:
    response = redirect_to("/sign-in", done="signed-out")
    visitor.gateway.forget(response)
    return response
