"""Several applications handed over to a colleague."""

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.kit.forms import FormErrors, LongForm, is_id
from services.gateway.pages.kit.frame import page_router, render_page
from services.gateway.pages.kit.visitor import CurrentVisitor, LongFormVisitor
from services.gateway.pages.portal.applications.lines import Line
from services.gateway.pages.portal.applications.listing import list_colleagues
from services.gateway.pages.portal.several.chosen import SEVERAL, Chosen, read_chosen, sent_chosen
from services.gateway.pages.portal.several.outcome import act_on_chosen
from services.gateway.texts import PAGES

router = page_router()
PATH = f"{SEVERAL}/hand-over"


@router.get(PATH)
async def ask(request: Request, visitor: CurrentVisitor) -> Response:
    """Name the applications, and ask who is to be in charge of them."""
    chosen = await read_chosen(visitor, request.query_params, _fits)
    return chosen if isinstance(chosen, Response) else await _page(chosen)


@router.post(PATH)
async def hand_over(visitor: LongFormVisitor, form: LongForm) -> Response:
    """Put a colleague in charge of the applications that the page named, and say of each whether they are."""

    async def again(errors: FormErrors) -> Response:
        return await _page(await sent_chosen(visitor, form, _fits), errors)

    if not is_id(form["account_id"]):
        error = FormErrors.on(PAGES[visitor.lang]["several"]["choose_colleague"], "account_id")
        assert error is not None
        return await again(error)
    return await act_on_chosen(visitor, form, "hand-over", again, account_id=form["account_id"])


def _fits(line: Line) -> bool:
    return not line.is_over


async def _page(chosen: Chosen, errors: FormErrors | None = None) -> Response:
    return render_page(
        chosen.visitor.request,
        "portal/several/handover",
        chosen.visitor.lang,
        visitor=chosen.visitor,
        errors=errors,
        chosen=chosen,
        colleagues=await list_colleagues(chosen.visitor),
    )
