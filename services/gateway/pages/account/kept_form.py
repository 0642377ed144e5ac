"""The page of input that was typed before a session ended: the person who typed it sends it now or discards it."""

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge.context import TheDesk
from services.gateway.pages.kit.forms import Form
from services.gateway.pages.kit.frame import PageLanguage, page, page_router, see
from services.gateway.pages.kit.kept_forms import DRAFT, PAGE, drop, kept
from services.gateway.pages.kit.return_to import HOME
from services.gateway.pages.kit.visitor import CurrentVisitor, visitor_of

router = page_router()


@router.get(PAGE)
async def show(request: Request, desk: TheDesk, lang: PageLanguage) -> Response:
    """A draft's form is on the page of the draft; any other needs the account whose form it was."""
    form = await kept(request, desk)
    if form is not None and DRAFT.fullmatch(form.path):
        return see(form.path)
    visitor = await visitor_of(request, desk, lang, "")
    if form is not None and form.owner != visitor.owner:
        form = None
    typed = Form.of({name: list(values) for name, values in form.fields.items()}) if form else Form()
    return page(request, "account/kept_form/kept_form", lang, visitor=visitor, form=form, typed=typed)


@router.post(PAGE)
async def thrown_away(request: Request, visitor: CurrentVisitor) -> Response:
    """It is not wanted any more."""
    response = see(HOME)
    await drop(request, visitor.desk, response)
    return response
