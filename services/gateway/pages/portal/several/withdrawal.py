"""The withdrawal of several applications: what it means for each, the reason, and their number as a confirmation."""

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.kit.forms import Form, FormErrors, LongForm, Message
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.visitor import CurrentVisitor, LongFormVisitor
from services.gateway.pages.portal.applications.lines import Line
from services.gateway.pages.portal.case.consequence import consequence_of
from services.gateway.pages.portal.several.chosen import SEVERAL, Chosen, read_chosen, sent_chosen, sent_ids
from services.gateway.pages.portal.several.outcome import act_on_chosen
from services.gateway.texts import PAGES
from shared.text import BadValue
from shared.text.numbers import whole_number

router = page_router()
PATH = f"{SEVERAL}/withdrawal"


@router.get(PATH)
async def show_withdrawal(request: Request, visitor: CurrentVisitor) -> Response:
    """Say what the withdrawal of each application means, and ask for the reason."""
    chosen = await read_chosen(visitor, request.query_params, _fits)
    if isinstance(chosen, Response):
        return chosen
    return _page(chosen, Form())


@router.post(PATH)
async def withdraw(visitor: LongFormVisitor, form: LongForm) -> Response:
    """Withdraw those that the page named, for the same reason, and say of each whether it is withdrawn."""
    texts, count = PAGES[visitor.lang]["several"], len(sent_ids(form))
    missing = [
        Message(text, field)
        for text, field, given in (
            (PAGES[visitor.lang]["case"]["withdraw_need_reason"], "reason", form["reason"].strip()),
            (texts["need_count"].format(count=count), "count", _number(form["count"]) == count),
        )
        if not given
    ]

    async def again(errors: FormErrors) -> Response:
        return _page(await sent_chosen(visitor, form, _fits), form, errors)

    if missing and count:
        return await again(FormErrors(422, tuple(missing)))
    return await act_on_chosen(visitor, form, "withdraw", again, reason=form["reason"])


def _fits(line: Line) -> bool:
    return line.is_open


def _number(typed: str) -> int | None:
    try:
        return whole_number(typed, 10_000)
    except BadValue:
        return None


def _page(chosen: Chosen, form: Form, errors: FormErrors | None = None) -> Response:
    visitor = chosen.visitor
    if not chosen.lines:
        return redirect_to(chosen.back)
    means = {
        line.id: consequence_of(line.procedure_code, line.stay_end, visitor.today, visitor.lang)
        for line in chosen.lines
    }
    return render_page(
        visitor.request,
        "portal/several/withdrawal",
        visitor.lang,
        visitor=visitor,
        errors=errors,
        chosen=chosen,
        form=form,
        means=means,
        final=sum(one.is_final for one in means.values()),
        special=sum(bool(line.special_period_end) for line in chosen.lines),
    )
