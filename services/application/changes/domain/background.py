"""Every hint about an application for officers: from its answers and dates, and from earlier ones of the person."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from services.application.changes.domain.content import Content, Difference, differences
from services.application.changes.domain.hint import Hint, hint
from services.application.changes.domain.rule_hints import expired, job_text, salary_floor
from services.application.filing.domain.documents import missing_documents, wanted_documents
from services.application.filing.domain.draft import Draft
from services.application.forms.checks import advice, contradictions, parse_day
from services.application.forms.field import Field, Form
from services.application.forms.form import FormVersion
from shared.errors import FieldProblem, Text
from shared.reference.deadlines import filing_window

# Answers that stay what they are from one application of a person to the next.
_LASTING = ("birth_date", "sex", "birthplace", "edu.", "major.", "jobs", "nationality")


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier application of the person: its receipt number, form and content."""

    receipt_number: str
    version: FormVersion
    content: Content


def hints_of(draft: Draft, earlier: Sequence[Earlier], day: date, today: date) -> list[Hint]:
    """Every hint about an application that was filed on `day`, as it is `today`, in a fixed order."""
    return [
        _window(draft, day),
        _of_problems("criteria", _doubtful(draft), asked=any(_doubtable(draft))),
        _of_problems("advice", advice(draft.filled(day)), asked=bool(draft.version.advice)),
        _of_problems("contradictions", contradictions(draft.filled(day))),
        _of_problems("documents", missing_documents(draft, wanted_documents(draft, day), day)),
        expired(draft, today),
        job_text(draft, day),
        salary_floor(draft, day),
        _compared(draft, earlier, day),
        _salary(draft, earlier),
    ]


def _of_problems(code: str, problems: Iterator[FieldProblem], asked: bool = True) -> Hint:
    if not asked:
        return hint(code, "not_asked")
    found = list(problems)
    return hint(code, "yes" if found else "no", [one.message for one in found], [one.pointer for one in found])


def _window(draft: Draft, day: date) -> Hint:
    expiry = parse_day(draft.fact("stay_expiry"))
    cause = parse_day(draft.fact("cause_on"))
    if not draft.version.facts.stay_expiry and not draft.version.facts.cause_on:
        return hint("filing_window", "not_asked")
    if expiry is None and cause is None:
        return hint("filing_window", "unknown")
    found = filing_window(draft.procedure, day, expiry=expiry, cause_on=cause)
    if found.opens is not None and day < found.opens:
        reason = Text("{opens}より前の申請です", "It was filed before {opens}").with_values(opens=found.opens)
        return hint("filing_window", "yes", [reason])
    if found.closes is not None and day > found.closes:
        reason = Text("期限（{closes}）を過ぎた申請です", "It was filed after {closes}, the last day").with_values(
            closes=found.closes
        )
        return hint("filing_window", "yes", [reason])
    return hint("filing_window", "no")


def _doubtable(draft: Draft) -> Iterator[Field]:
    """The fields of the form that have answers with which the criteria may not be met."""
    items = draft.version.items_for(draft.status_of_residence)
    return (item for item in items if isinstance(item, Field) and item.doubtful)


def _doubtful(draft: Draft) -> Iterator[FieldProblem]:
    for item in _doubtable(draft):
        if draft.form[item.code] in item.doubtful:
            yield FieldProblem(item.pointer, "criteria", item.label)


def _compared(draft: Draft, earlier: Sequence[Earlier], day: date) -> Hint:
    if not earlier:
        return hint("earlier_filings", "unknown")
    reasons, fields = [], []
    for one in earlier:
        for found in _lasting(draft, one, day):
            before, after = found.before or Text("空欄", "empty"), found.after or Text("空欄", "empty")
            reasons.append(
                Text(
                    "{found}：{receipt_number}では「{before}」、今回は「{after}」",
                    "{found}: {before} in {receipt_number}, {after} now",
                ).with_values(found=found.label, before=before, receipt_number=one.receipt_number, after=after)
            )
            fields.append(found.pointer)
    return hint("earlier_filings", "yes" if reasons else "no", reasons, fields)


def _lasting(draft: Draft, one: Earlier, day: date) -> Iterator[Difference]:
    """Differences of the answers that last, as far as both forms ask them."""
    status = draft.status_of_residence
    both = draft.version.codes_for(status) & {item.code for item in one.version.items}
    before, after = one.content, Content(draft.form, one.content.photo_id, one.content.attachments)
    for found in differences(draft.version, before, after, day):
        top = found.code if found.code in both else found.code.split(".")[0]
        if top in both and found.code.startswith(_LASTING) and one.content.form[top] not in (None, []):
            yield found


def _salary(draft: Draft, earlier: Sequence[Earlier]) -> Hint:
    code = "job.salary"
    if code not in draft.version.codes_for(draft.status_of_residence):
        return hint("salary", "not_asked")
    now = draft.form[code]
    before = [(one.receipt_number, _number(one.content.form, code)) for one in earlier]
    known = [(number, pay) for number, pay in before if pay is not None]
    if now is None or not known:
        return hint("salary", "unknown")
    reasons = [
        Text("月額{now}円（{number}では{pay}円）", "{now} yen a month ({pay} yen in {number})").with_values(
            now=now, pay=pay, number=number
        )
        for number, pay in known
        if now < pay
    ]
    return hint("salary", "yes" if reasons else "no", reasons, [f"/form/{code.replace('.', '/')}"] if reasons else [])


def _number(form: Form, code: str) -> int | None:
    value = form[code]
    return value if isinstance(value, int) else None
