"""Registering a stay abroad, during which the site can be used from there."""

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.kit.forms import Form, FormErrors, Posted, missing_fields
from services.gateway.pages.kit.frame import Done, page_router, redirect_to, render_page
from services.gateway.pages.kit.visitor import FreshVisitor, Visitor
from shared.errors import Forbidden

router = page_router()
PATH = "/account/stay-abroad"
_STAY = "/v1/accounts/me/stay-abroad"


@router.get(PATH)
async def show_stay(request: Request, visitor: FreshVisitor, done: Done = None) -> Response:
    """Show the stay that is in force, and ask for the last day of one."""
    return await _page(request, visitor, done=done if done in ("registered", "ended") else None)


@router.post(PATH)
async def register_stay(request: Request, visitor: FreshVisitor, form: Posted) -> Response:
    """Register the stay, in place of one before."""
    _require_person(visitor)
    errors = missing_fields(visitor.lang, *form.empty("until"))
    if errors is None:
        answer = await visitor.registration.call("PUT", _STAY, form.given("until"))
        errors = answer.form_errors(visitor.lang, {"/until": "until"})
    if errors is None:
        return redirect_to(PATH, done="registered")
    return await _page(request, visitor, form, errors)


@router.post(f"{PATH}/end")
async def end_stay(request: Request, visitor: FreshVisitor, form: Posted) -> Response:
    """End the stay."""
    _require_person(visitor)
    answer = await visitor.registration.call("DELETE", _STAY)
    if errors := answer.form_errors(visitor.lang):
        return await _page(request, visitor, errors=errors)
    return redirect_to(PATH, done="ended")


async def _page(
    request: Request,
    visitor: Visitor,
    form: Form | None = None,
    errors: FormErrors | None = None,
    done: str | None = None,
) -> Response:
    _require_person(visitor)
    return render_page(
        request,
        "account/stay_abroad/stay_abroad",
        visitor.lang,
        visitor=visitor,
        errors=errors,
        stay=(await visitor.registration.fetch(_STAY)).body,
        until=form["until"] if form else "",
        done=done,
    )


def _require_person(visitor: Visitor) -> None:
    if not visitor.is_person:
        raise Forbidden()  # officers work from the networks of their offices
