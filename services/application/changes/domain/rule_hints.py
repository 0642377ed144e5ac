"""Hints that compare one form with a rule: what has ended, words of the job, and the least pay."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.application.changes.domain.hint import Hint, hint
from services.application.filing.domain.draft import Draft
from services.application.forms.checks import parse_day
from services.application.forms.field import Field, any_holds
from services.application.forms.highly_skilled import kind_of
from shared.errors import Text
from shared.reference.expiries import expiry_fields
from shared.reference.job_words import job_words, words_in
from shared.reference.salary_floors import Per, SalaryFloor, needs_equal_pay, salary_floors
from shared.reference.statuses import STATUSES

_JOB_TEXTS = ("job.title", "job.detail", "job.change_detail")
_MONTHLY = ("job.salary", "emp.salary")
_HOURLY = ("emp.hourly",)
_OF_A_JAPANESE = "emp.salary_japanese"
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class _Found:
    """The outcome of one comparison: a reason with its field, or that the answer is not there; neither: all is well."""

    reason: Text | None = None
    field: str = ""
    unknown: bool = False


def expired(draft: Draft, today: date) -> Hint:
    """Papers and permissions that have ended by today, as the form says: passport, stay of the supporter, contract."""
    return _of("expired", _ended(draft, today))


def _ended(draft: Draft, today: date) -> Iterator[_Found]:
    for field in _asked(draft, expiry_fields(today)):
        last = parse_day(draft.form[field.code])
        if last is None:
            yield _Found(unknown=True)
        elif last < today:
            reason = Text("「{field}」が{last}で、過ぎています", "{field}: {last}, which is in the past").with_values(
                field=field.label, last=last
            )
            yield _Found(reason, field.pointer)
        else:
            yield _Found()


def job_text(draft: Draft, day: date) -> Hint:
    """Words of the job that mean work which does not fit the status of residence."""
    rows = job_words(draft.status_of_residence, day)
    if not rows:
        return hint("job_text", "not_asked")
    status = STATUSES.get(day, draft.status_of_residence).name
    found = []
    for field in _asked(draft, _JOB_TEXTS):
        text = draft.form[field.code]
        if text is None:
            found.append(_Found(unknown=True))
            continue
        found.append(_Found())
        for row in rows:
            if words := words_in(text, row):
                reason = Text(
                    "「{field}」に「{words}」とあります（{kind}）。{status}に当たる活動か、その割合と期間を確認してください",
                    "{field} says {words} ({kind}). Check whether the activities are those of {status}, their share and"
                    " how long they last",
                ).with_values(
                    field=field.label, words=Text("」「".join(words), ", ".join(words)), kind=row.name, status=status
                )
                found.append(_Found(reason, field.pointer))
    # A title or a change is not everybody's: what was written says enough.
    written = [one for one in found if not one.unknown]
    return _of("job_text", iter(written or found))


def salary_floor(draft: Draft, day: date) -> Hint:
    """Pay below a floor of the status of residence, or below that of a Japanese where the form states it."""
    return _of("salary_floor", _underpaid(draft, day))


def _underpaid(draft: Draft, day: date) -> Iterator[_Found]:
    kind = kind_of(draft.filled(day))
    status = f"HSP1_{kind}" if kind else draft.status_of_residence
    for floor in salary_floors(status, special=draft.form["hsp.special"] is True, day=day):
        for field in _asked(draft, _MONTHLY if floor.per is Per.YEAR else _HOURLY)[:1]:
            yield _below(field, draft.form[field.code], floor)
    if needs_equal_pay(draft.status_of_residence, day):
        for field in _asked(draft, (_OF_A_JAPANESE,)):
            yield from _below_a_japanese(draft, field)


def _below(field: Field, pay: int | None, floor: SalaryFloor) -> _Found:
    if pay is None:
        return _Found(unknown=True)
    if pay * (_MONTHS if floor.per is Per.YEAR else 1) >= floor.yen:
        return _Found()
    if floor.per is Per.HOUR:
        reason = Text(
            "「{field}」が{pay}円で、{floor}（{yen}円）を下回ります", "{field}: {pay} yen, below {yen} yen: {floor}"
        ).with_values(field=field.label, pay=pay, yen=floor.yen, floor=floor.name)
    else:
        reason = Text(
            "「{field}」が{pay}円で、12か月分は{floor}（{yen}円）を下回ります。賞与を含む"
            "年収を雇用契約書で確認してください",
            "{field}: {pay} yen; twelve months are below {yen} yen: {floor}. Check the yearly "
            "pay with bonuses in the contract",
        ).with_values(field=field.label, pay=pay, yen=floor.yen, floor=floor.name)
    return _Found(reason, field.pointer)


def _below_a_japanese(draft: Draft, field: Field) -> Iterator[_Found]:
    theirs = draft.form[field.code]
    for own in _asked(draft, _MONTHLY)[:1]:
        pay = draft.form[own.code]
        if pay is None or theirs is None:
            yield _Found(unknown=True)
        elif pay < theirs:
            reason = Text(
                "「{own}」が{pay}円で、「{field}」の{theirs}円を下回ります",
                "{own}: {pay} yen, below {theirs} yen. {field}",
            ).with_values(own=own.label, pay=pay, theirs=theirs, field=field.label)
            yield _Found(reason, own.pointer)
        else:
            yield _Found()


def _asked(draft: Draft, codes: tuple[str, ...]) -> list[Field]:
    """Of the fields `codes` those that this application is asked, in that order."""
    items: dict[str, Any] = {item.code: item for item in draft.version.items_for(draft.status_of_residence)}
    found = (items.get(code) for code in codes)
    return [field for field in found if isinstance(field, Field) and any_holds(field.when, draft.form, draft.filing)]


def _of(code: str, compared: Iterator[_Found]) -> Hint:
    """The hint of comparisons: not asked where there was none, unknown where an answer is missing and none says yes."""
    found = list(compared)
    reasons = [(one.reason, one.field) for one in found if one.reason is not None]
    if reasons:
        return hint(code, "yes", [reason for reason, _ in reasons], [field for _, field in reasons])
    if not found:
        return hint(code, "not_asked")
    return hint(code, "unknown" if any(one.unknown for one in found) else "no")
