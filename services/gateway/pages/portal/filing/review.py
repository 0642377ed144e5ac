"""Everything that was entered, the declarations and the fee of the day; and the submission."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from starlette.responses import Response

from services.gateway.pages.kit.form_answers import Answered, answer_at, answered_rows
from services.gateway.pages.kit.form_data import Topic
from services.gateway.pages.kit.forms import Form, FormErrors, Message, Posted
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.names import procedure_name, status_name
from services.gateway.pages.kit.visitor import CurrentVisitor
from services.gateway.pages.portal.filing.declaring import declarations_of, declared, undeclared
from services.gateway.pages.portal.filing.draft import RULES, Draft, Problem, find_draft
from services.gateway.pages.portal.filing.fees import fee_lines
from services.gateway.pages.portal.filing.files import list_sent
from services.gateway.pages.portal.filing.steps import steps_of
from services.gateway.pages.portal.filing.wanted import files_of, needs_photo
from shared.clock import legal_date
from shared.reference.declarations import declared_version

router = page_router()
PATH = "/applications/{application_id:uuid}/review"


@dataclass(frozen=True, slots=True)
class Line:
    """One answer: its text is "" where nothing is entered although it is asked; a table has `rows`."""

    answered: Answered
    href: str
    rows: tuple[tuple[Answered, ...], ...] = ()
    missing: bool = False


@router.get(PATH)
async def show_review(application_id: UUID, visitor: CurrentVisitor) -> Response:
    """Show everything that was entered, and the button that submits it where nothing is missing."""
    draft = await find_draft(visitor, application_id)
    if draft is None:
        return redirect_to(f"/applications/{application_id}")
    return await _page(draft, Form())


@router.post(PATH)
async def submit(application_id: UUID, visitor: CurrentVisitor, form: Posted) -> Response:
    """Submit the application. Pressing twice submits it once: the page brings the key of its request."""
    draft = await find_draft(visitor, application_id)
    if draft is None:
        return redirect_to(f"/applications/{application_id}/receipt")
    if errors := undeclared(visitor, form):
        return await _page(draft, form, errors)
    answer = await draft.service.call(
        "POST",
        f"/v1/applications/{draft.id}/submit",
        {"declarations": declared(visitor, form)},
        headers={"Idempotency-Key": str(form.key)},
    )
    if answer.ok or answer.code == "already-filed":
        return redirect_to(f"{draft.path}/receipt")
    return await _page(
        draft, form, _refusal(draft, answer.body.get("errors") or ()) or answer.form_errors(visitor.lang)
    )


def _refusal(draft: Draft, found: Sequence[Mapping[str, Any]]) -> FormErrors | None:
    """The problems with which the submission was refused, each with a link to its page."""
    problems = draft.problems(found)
    if not problems:
        return None
    return FormErrors(422, tuple(_message(one) for one in problems))


def _message(problem: Problem) -> Message:
    page, _, field = problem.href.partition("#")
    return Message(problem.text, field or "content", page) if problem.href else Message(problem.text)


async def _page(draft: Draft, form: Form, errors: FormErrors | None = None) -> Response:
    check = await draft.check()
    sent = await list_sent(draft)
    problems = draft.problems(check["problems"])
    lang, view = draft.lang, draft.view
    today = legal_date(draft.visitor.gateway.clock.now())
    return render_page(
        draft.visitor.request,
        "portal/filing/review",
        lang,
        visitor=draft.visitor,
        errors=errors,
        draft=draft,
        view=view,
        procedure=procedure_name(view["procedure"], lang),
        status_name=status_name(view["status_of_residence"], lang),
        groups=[(topic, list(_lines(draft, topic, problems))) for topic in draft.topics()],
        files=files_of(draft, sent),
        photo_needed=needs_photo(check),
        problems=[one for one in problems if one.place != RULES],
        rules=[one for one in problems if one.place == RULES],
        hints=draft.problems(check["hints"]),
        fees=fee_lines(draft),
        declarations=declarations_of(today, lang),
        version=declared_version(today),
        values=form,
        labels={},
        steps=steps_of(draft),
    )


def _lines(draft: Draft, topic: Topic, problems: Sequence[Problem]) -> Iterator[Line]:
    """The answers of a topic, and what is missing among them."""
    missing = {one.field for one in problems if one.place == topic.code and one.code == "required"}
    for item in topic.items:
        value = answer_at(draft.values, item.code)
        if value is None and item.id not in missing:
            continue
        href = f"{draft.topic_path(topic)}#{item.id}"
        yield Line(
            Answered.of(item, value, draft.lang), href, answered_rows(item, value, draft.lang), item.id in missing
        )
