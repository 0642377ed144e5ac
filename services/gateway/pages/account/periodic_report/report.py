"""The periodic report (定期報告) of an organisation: what is due, the form, and the result."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.account.periodic_report import fields as report_fields
from services.gateway.pages.account.periodic_report.reporter import (
    REPORT,
    ChosenRole,
    Reporter,
    find_reporter,
)
from services.gateway.pages.kit import organisations
from services.gateway.pages.kit.forms import FormErrors, LongForm, Message
from services.gateway.pages.kit.frame import Done, page_router, redirect_to, render_page
from services.gateway.pages.kit.visitor import CurrentVisitor, LongFormVisitor, Visitor
from services.gateway.pages.kit.words import say
from services.gateway.texts import PAGES
from shared.reference.usage_documents import NAMES

router = page_router()
_DONE = ("handed-in", "switched")


@router.get(REPORT)
async def show_report(request: Request, visitor: CurrentVisitor, role: ChosenRole = "", done: Done = None) -> Response:
    """Show when the organisation reports and the result; the form, where something can be submitted."""
    return await _page(request, visitor, await find_reporter(visitor, role), done=done if done in _DONE else None)


@router.post(REPORT)
async def submit_report(request: Request, visitor: LongFormVisitor, form: LongForm, role: ChosenRole = "") -> Response:
    """Submit the report, or the returned one again, or add a row to the list of organisations."""
    reporter = await find_reporter(visitor, role)
    if reporter is None or not reporter.may_report:
        # The day has passed, or a colleague was faster: the page says so.
        return redirect_to(REPORT)
    if form["organisation_id"] != reporter.due["organisation_id"]:
        switched = FormErrors(409, (Message(PAGES[visitor.lang]["periodic_report"]["other_organisation"]),))
        return await _page(request, visitor, reporter, errors=switched)
    values = report_fields.typed(reporter, form)
    if form["do"] == "row":
        return await _page(request, visitor, reporter, values, more=organisations.rows_in(form) + 1)
    if form["do"] == "language":
        return await _page(request, visitor, reporter, values, more=organisations.rows_in(form))
    sent = await reporter.sent()
    body = report_fields.report_body(form, report_fields.documents_here(reporter, sent))
    answer = await reporter.submit(body)
    if answer.ok:
        return redirect_to(REPORT, role=reporter.role, done="handed-in")
    errors = report_fields.report_errors(reporter, answer, body)
    if answer.status == 422:
        return await _page(request, visitor, reporter, values, errors, sent=sent)
    return await _page(request, visitor, await find_reporter(visitor, role), values, errors)


async def _page(
    request: Request,
    visitor: Visitor,
    reporter: Reporter | None,
    values: dict[str, str] | None = None,
    errors: FormErrors | None = None,
    *,
    sent: Sequence[Mapping[str, Any]] | None = None,
    more: int = 0,
    done: str | None = None,
) -> Response:
    lines = await _memberships(visitor)
    own = next((line for line in lines if line["active"] and reporter and line["role"] == reporter.role), None)
    form: dict[str, Any] = {"labels": {}, "switch_to": ""}
    if reporter and own and reporter.may_report:
        values = values or report_fields.shown(reporter, own["pledged"])
        documents = report_fields.documents_here(reporter, await reporter.sent() if sent is None else sent)
        form = {
            "values": values,
            "rows": organisations.rows_of(values, more),
            "documents": documents,
            "forms_open": report_fields.has_forms(documents, values, errors),
            "categories": organisations.categories(visitor.lang),
            "labels": report_fields.labels(visitor.lang, values, documents),
            "versions": visitor.gateway.agreements.in_force(reporter.today),
            "switch_to": f"{REPORT}?role={reporter.role}",
        }
    return render_page(
        request,
        "account/periodic_report/report",
        visitor.lang,
        visitor=visitor,
        errors=errors,
        done=done,
        path=REPORT,
        reporter=reporter,
        own=own,
        others=[line for line in lines if line is not own],
        names={code: say(name, visitor.lang) for code, name in NAMES.items()},
        **form,
    )


async def _memberships(visitor: Visitor) -> list[dict[str, Any]]:
    """The memberships that report: those that are, or were, in force, also while they are renewed."""
    if not visitor.is_person:
        return []
    lines: list[dict[str, Any]] = (await visitor.registration.fetch("/v1/accounts/me/memberships")).body["items"]
    return [line for line in lines if line["report_opens_on"]]
