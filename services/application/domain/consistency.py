"""Entries of a form that cannot be true together, or not on this day."""

from collections.abc import Iterator
from datetime import date

from services.application.domain.draft import Draft
from services.application.domain.field import Form
from shared.errors import FieldProblem, Text
from shared.reference import rules_on


def contradictions(draft: Draft, day: date) -> Iterator[FieldProblem]:
    """Every contradiction, in the order of the form. Empty fields contradict nothing."""
    form = draft.form
    if form["birth_date"] and form["birth_date"] > day.isoformat()[: len(form["birth_date"])]:
        yield _problem("birth_date", "in-the-future", "生年月日が未来の日付です", "The date of birth is in the future")
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


def _periods(draft: Draft, day: date) -> Iterator[FieldProblem]:
    wanted = draft.form["requested_period"]
    permitted = rules_on(day).permitted_periods(draft.status_of_residence, draft.procedure)
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
