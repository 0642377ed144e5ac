"""Checks that a form may have: entries that cannot be true together, or not on this day.

Each is given the form as filled in and yields the problems it finds. Empty fields contradict nothing.
"""

from collections.abc import Iterator
from datetime import date

from services.application.forms.form import Entry, Filled
from shared.errors import FieldProblem, Text
from shared.reference.permitted_periods import permitted_periods

# Nobody was ever older.
_OLDEST = 125
# Statuses in which somebody who takes up another activity needs a change as well.
_OF_SEVERAL_ACTIVITIES = frozenset({"DESIGNATED"})


def dates_possible(filled: Filled) -> Iterator[FieldProblem]:
    """Dates that cannot be true, given today and the date of birth. Reading has refused what no form can mean."""
    born = filled.fact("birth_date")
    if born and born > filled.day.isoformat()[: len(born)]:
        # The date of birth is the wrong one: the others are not compared with it.
        born = None
    for entry in filled.compared:
        if entry.field.birth:
            yield from _birth(filled, entry)
        elif entry.field.years is not None:
            before, after = entry.field.years
            value: str = entry.value
            possible = filled.day.year - before <= int(value[:4]) <= filled.day.year + after
            if not possible or (born and value[: len(born)] < born[: len(value)]):
                yield filled.problem(
                    entry.code,
                    "cannot-be-true",
                    Text(
                        "あり得ない日付です。年を確認してください（例：2026-04-01）",
                        "This date cannot be true. Check the year, like 2026-04-01",
                    ),
                )


def _birth(filled: Filled, entry: Entry) -> Iterator[FieldProblem]:
    born: str = entry.value
    if born > filled.day.isoformat()[: len(born)]:
        yield filled.problem(
            entry.code,
            "in-the-future",
            Text(
                "生年月日が未来の日付です。年を確認してください（例：1995-04-12）",
                "The date of birth is in the future. Check the year, like 1995-04-12",
            ),
        )
    elif int(born[:4]) < filled.day.year - _OLDEST:
        yield filled.problem(
            entry.code,
            "cannot-be-true",
            Text(
                "生年月日が{oldest}年以上前の日付です。年を確認してください（例：1995-04-12）",
                "The date of birth is more than {oldest} years ago. Check the year, like 1995-04-12",
            ).with_values(oldest=_OLDEST),
        )


def status_unchanged(filled: Filled) -> Iterator[FieldProblem]:
    """An extension is for the present status of residence."""
    present = filled.fact("present_status")
    if present and present != filled.status:
        yield filled.problem(
            filled.version.facts.present_status,
            "status-differs",
            Text(
                "期間更新では、現在の在留資格と申請する在留資格が同じでなければなりません",
                "An extension is for the present status of residence: the two must be the same",
            ),
        )


def status_changed(filled: Filled) -> Iterator[FieldProblem]:
    """A change is for another status of residence, or for another activity of a status that has several."""
    present = filled.fact("present_status")
    if present == filled.status and present not in _OF_SEVERAL_ACTIVITIES:
        yield filled.problem(
            filled.version.facts.present_status,
            "status-not-changed",
            Text(
                "現在の在留資格と希望する在留資格が同じです。同じ在留資格で在留を続ける場合は期間更新を申請してください",
                "The present and the wanted status of residence are the same: to stay in it, apply for an extension",
            ),
        )


def activity_agrees(filled: Filled) -> Iterator[FieldProblem]:
    """The activity of the form is the one with which the application was begun."""
    named = filled.fact("activity")
    if filled.activity and named and named != filled.activity:
        yield filled.problem(
            filled.version.facts.activity,
            "activity-differs",
            Text(
                "申請を始めたときに選んだ活動と異なります。どちらかを直してください",
                "This is not the activity with which the application was started: correct one of the two",
            ),
        )


def period_permitted(filled: Filled) -> Iterator[FieldProblem]:
    """The period asked for is one that the status has."""
    wanted = filled.fact("requested_period")
    if not wanted:
        return
    permitted = permitted_periods(filled.status, filled.day, filled.version.procedure, filled.activity)
    if not permitted.offers(wanted):
        yield filled.problem(
            filled.version.facts.requested_period,
            "period-not-permitted",
            Text(
                "この在留資格で希望できる在留期間は次のとおりです: {offered}",
                "For this status of residence you can ask for: {offered}",
            ).with_values(offered=permitted.offered),
        )


def staff_add_up(filled: Filled) -> Iterator[FieldProblem]:
    """Foreign employees are among the employees, technical interns among the foreign ones."""
    form = filled.form
    staff, foreign, interns = form["org.staff"], form["org.foreign"], form["org.titp"]
    if staff is not None and foreign is not None and foreign > staff:
        yield filled.problem(
            "org.foreign",
            "more-than-staff",
            Text("外国人従業員数が従業員数を超えています", "There are more foreign employees than employees"),
        )
    if foreign is not None and interns is not None and interns > foreign:
        yield filled.problem(
            "org.titp",
            "more-than-foreign",
            Text(
                "技能実習生の数が外国人従業員数を超えています",
                "There are more technical interns than foreign employees",
            ),
        )


def work_has_length(filled: Filled) -> Iterator[FieldProblem]:
    """A limited period of work lasts at least a month."""
    form = filled.form
    if form["job.term"] == "LIMITED" and form["job.term_years"] == 0 and form["job.term_months"] == 0:
        yield filled.problem(
            "job.term_months", "no-length", Text("就労予定期間が0です", "The period of work has no length")
        )


def intended_stay_has_length(filled: Filled) -> Iterator[FieldProblem]:
    """The intended stay lasts at least a month."""
    if filled.form["stay_years"] == 0 and filled.form["stay_months"] == 0:
        yield filled.problem(
            "stay_months", "no-length", Text("滞在予定期間が0です", "The intended length of stay has no length")
        )


def jobs_end_after_they_begin(filled: Filled) -> Iterator[FieldProblem]:
    """Nobody leaves a job before joining it."""
    for number, row in enumerate(filled.form["jobs"] or []):
        joined, left = row.get("joined"), row.get("left")
        if joined and left and left[: len(joined)] < joined[: len(left)]:
            yield filled.problem(
                f"jobs.{number}.left",
                "left-before-joined",
                Text("退社年月が入社年月より前です", "This job ended before it began"),
            )


def options_go_together(filled: Filled) -> Iterator[FieldProblem]:
    """An option is one of those that the other answer leaves, like a work category of the field of industry."""
    for entry in filled.compared:
        if entry.field.options_by is None:
            continue
        possible = entry.field.options_by.possible(entry.around)
        if possible is not None and entry.value not in possible:
            other = filled.version.label_beside(entry, entry.field.options_by.field)
            yield filled.problem(
                entry.code,
                "does-not-go-together",
                Text(
                    "「{other}」で選んだものと合いません。もう一度選択してください",
                    'This does not go with what is chosen in "{other}": choose again',
                ).with_values(other=other),
            )


def in_order(filled: Filled) -> Iterator[FieldProblem]:
    """Nothing ends before it begins. Of dates of which a part is unknown only the known part is compared."""
    for entry in filled.compared:
        if not entry.field.after:
            continue
        begun, value = entry.around[entry.field.after], entry.value
        if begun is not None and value[: len(begun)] < begun[: len(value)]:
            other = filled.version.label_beside(entry, entry.field.after)
            yield filled.problem(
                entry.code,
                "before-its-beginning",
                Text(
                    "「{other}」より前の日付です。どちらかを直してください",
                    'This is earlier than "{other}": correct one of the two',
                ).with_values(other=other),
            )


def parts_within_their_whole(filled: Filled) -> Iterator[FieldProblem]:
    """A part is not more than the number of which it is a part."""
    for entry in filled.compared:
        if not entry.field.part_of:
            continue
        whole = entry.around[entry.field.part_of]
        if whole is not None and entry.value > whole:
            other = filled.version.label_beside(entry, entry.field.part_of)
            yield filled.problem(
                entry.code,
                "more-than-the-whole",
                Text("「{other}」（{whole}）を超えています", 'This is more than "{other}" ({whole})').with_values(
                    other=other, whole=whole
                ),
            )


_ALWAYS = (dates_possible, options_go_together, in_order, parts_within_their_whole)


def contradictions(filled: Filled) -> Iterator[FieldProblem]:
    """Every contradiction: those that the fields of any form name, then the checks of the form in its order."""
    for check in (*_ALWAYS, *filled.version.checks):
        yield from check(filled)


def advice(filled: Filled) -> Iterator[FieldProblem]:
    """Hints about the form as a whole: nothing is wrong with it."""
    for advise in filled.version.advice:
        yield from advise(filled)


def parse_day(value: str | None) -> date | None:
    """A day that was read; None where nothing is entered."""
    return date.fromisoformat(value) if value else None
