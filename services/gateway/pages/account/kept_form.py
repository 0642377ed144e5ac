"""The page of input that was typed before a session ended: the person who typed it sends it now or discards it."""

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge.context import CurrentGateway
from services.gateway.pages.kit.forms import Form
from services.gateway.pages.kit.frame import PageLanguage, page_router, redirect_to, render_page
from services.gateway.pages.kit.kept_forms import DRAFT, PAGE, drop_kept_form, find_kept_form
from services.gateway.pages.kit.return_to import HOME
from services.gateway.pages.kit.visitor import CurrentVisitor, require_visitor

router = page_router()


@router.get(PAGE)
async def show(request: Request, gateway: CurrentGateway, lang: PageLanguage) -> Response:
    """A draft's form is on the page of the draft; any other needs the account whose form it was."""
    form = await find_kept_form(request, gateway)
    if form is not None and DRAFT.fullmatch(form.path):
        return redirect_to(form.path)
    visitor = await require_visitor(request, gateway, lang, "")
    if form is not None and form.owner != visitor.owner:
        form = None
    typed = Form.of({name: list(values) for name, values in form.fields.items()}) if form else Form()
    return render_page(request, "account/kept_form/kept_form", lang, visitor=visitor, form=form, typed=typed)


@router.post(PAGE)
async def discard(request: Request, visitor: CurrentVisitor) -> Response:
    """Discard it."""
    response = redirect_to(HOME)
    await drop_kept_form(request, visitor.gateway, response)
    return response
