"""Entries of a form that cannot be true together, or not on this day."""

from collections.abc import Iterator
from datetime import date

from services.application.domain.draft import Draft
from services.application.domain.field import Form
from shared.errors import FieldProblem, Text
from shared.reference.permitted_periods import permitted_periods

# Nobody was ever older.
_OLDEST = 125
# A day, and how many years back and ahead of today it can be. Passports are issued for ten years at most, stays for
# five; an expired passport is no obstacle, and some statuses had longer stays.
_YEARS = (("passport_expiry", 30, 20), ("stay_expiry", 30, 10), ("job.start", 80, 10))


def contradictions(draft: Draft, day: date) -> Iterator[FieldProblem]:
    """Every contradiction, in the order of the form. Empty fields contradict nothing."""
    form = draft.form
    yield from _dates(form, day)
    if form["current_status"] and form["current_status"] != draft.status_of_residence:
        yield _problem(
            "current_status",
            "status-differs",
            "期間更新では、現在の在留資格と申請する在留資格が同じでなければなりません",
            "An extension is for the present status of residence: the two must be the same",
        )
    yield from _periods(draft, day)
    yield from _staff(form)
    if form["job.term"] == "LIMITED" and form["job.term_years"] == 0 and form["job.term_months"] == 0:
        yield _problem("job.term_months", "no-length", "就労予定期間が0です", "The period of work has no length")


def _dates(form: Form, day: date) -> Iterator[FieldProblem]:
    """Days that cannot be true, given today and the date of birth. Reading has refused what no form can mean."""
    born = form["birth_date"]
    yield from _birth("birth_date", born, day)
    for code, years_back, years_ahead in _YEARS:
        if not form[code]:
            continue
        year = int(form[code][:4])
        if not day.year - years_back <= year <= day.year + years_ahead or (born and form[code][: len(born)] < born):
            yield _problem(
                code,
                "cannot-be-true",
                "あり得ない日付です。年を確認してください（例：2026-04-01）",
                "This date cannot be true. Check the year, like 2026-04-01",
            )
    for number, row in enumerate(form["family"] or []):
        yield from _birth(f"family.{number}.birth_date", row.get("birth_date"), day)


def _birth(code: str, born: str | None, day: date) -> Iterator[FieldProblem]:
    if not born:
        return
    if born > day.isoformat()[: len(born)]:
        yield _problem(
            code,
            "in-the-future",
            "生年月日が未来の日付です。年を確認してください（例：1995-04-12）",
            "The date of birth is in the future. Check the year, like 1995-04-12",
        )
    elif int(born[:4]) < day.year - _OLDEST:
        yield _problem(
            code,
            "cannot-be-true",
            f"生年月日が{_OLDEST}年以上前の日付です。年を確認してください（例：1995-04-12）",
            f"The date of birth is more than {_OLDEST} years ago. Check the year, like 1995-04-12",
        )


def _periods(draft: Draft, day: date) -> Iterator[FieldProblem]:
    wanted = draft.form["requested_period"]
    permitted = permitted_periods(draft.status_of_residence, day, draft.procedure)
    if wanted and not permitted.permits(wanted):
        listed = "、".join(permitted.choices)
        yield _problem(
            "requested_period",
            "period-not-permitted",
            f"この在留資格で希望できる在留期間は次のとおりです: {listed}",
            f"For this status of residence choose one of: {', '.join(permitted.choices)}",
        )


def _staff(form: Form) -> Iterator[FieldProblem]:
    staff, foreign, interns = form["org.staff"], form["org.foreign"], form["org.titp"]
    if staff is not None and foreign is not None and foreign > staff:
        yield _problem(
            "org.foreign",
            "more-than-staff",
            "外国人従業員数が従業員数を超えています",
            "There are more foreign employees than employees",
        )
    if foreign is not None and interns is not None and interns > foreign:
        yield _problem(
            "org.titp",
            "more-than-foreign",
            "技能実習生の数が外国人従業員数を超えています",
            "There are more technical interns than foreign employees",
        )


def _problem(code: str, kind: str, ja: str, en: str) -> FieldProblem:
    return FieldProblem("/form/" + code.replace(".", "/"), kind, Text(ja, en))
