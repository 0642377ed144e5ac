"""The deletion of several drafts."""

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.kit.forms import FormErrors, LongForm
from services.gateway.pages.kit.frame import page_router, render_page
from services.gateway.pages.kit.visitor import CurrentVisitor, LongFormVisitor
from services.gateway.pages.portal.applications.lines import Line
from services.gateway.pages.portal.several.chosen import SEVERAL, Chosen, read_chosen, sent_chosen
from services.gateway.pages.portal.several.outcome import act_on_chosen

router = page_router()
PATH = f"{SEVERAL}/deletion"


@router.get(PATH)
async def ask(request: Request, visitor: CurrentVisitor) -> Response:
    """Name the drafts, and ask whether they are to be deleted."""
    chosen = await read_chosen(visitor, request.query_params, _fits)
    return chosen if isinstance(chosen, Response) else _page(chosen)


@router.post(PATH)
async def delete(visitor: LongFormVisitor, form: LongForm) -> Response:
    """Delete the drafts that the page named, and say of each whether it is deleted."""

    async def again(errors: FormErrors) -> Response:
        return _page(await sent_chosen(visitor, form, _fits), errors)

    return await act_on_chosen(visitor, form, "delete", again)


def _fits(line: Line) -> bool:
    return line.is_draft


def _page(chosen: Chosen, errors: FormErrors | None = None) -> Response:
    return render_page(
        chosen.visitor.request,
        "portal/several/deletion",
        chosen.visitor.lang,
        visitor=chosen.visitor,
        errors=errors,
        chosen=chosen,
    )
