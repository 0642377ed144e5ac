"""The selection with which a draft is begun: its activity, and the procedures that are filed together with it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from shared.errors import FieldProblem, Text
from shared.reference.procedures import COMBINATIONS, PROCEDURES, combination_allowed
from shared.reference.statuses import activities, may_be_filed_online

_POINTER = "/activity"


@dataclass(frozen=True, slots=True)
class Selection:
    """Choice of what is applied for: it decides the form. `activity` is None where the status has only one."""

    procedure: str
    status_of_residence: str
    activity: str | None = None
    combined_with: tuple[str, ...] = ()


def activity_problems(procedure: str, status: str, activity: str | None, day: date) -> list[FieldProblem]:
    """The refusal of an activity that is missing, unknown, or not asked, with the choices; empty where it is right."""
    choices = activities(status, procedure, day)
    named = [_named(choice.code, choice.name) for choice in choices]
    if not choices and activity is not None:
        message = Text("この在留資格では活動の選択は不要です", "This status asks for no activity: leave it out")
        return [FieldProblem(_POINTER, "not-asked", message)]
    if choices and activity is None:
        message = Text("活動を次から選んでください: {choices}", "Choose the activity: {choices}").with_values(
            choices=named
        )
        return [FieldProblem(_POINTER, "required", message)]
    if choices and activity not in {choice.code for choice in choices}:
        message = Text("次から選んでください: {choices}", "Choose one of: {choices}").with_values(choices=named)
        return [FieldProblem(_POINTER, "not-a-choice", message)]
    return []


def _named(code: str, name: Text) -> Text:
    return Text("{code} {name}", "{code} {name}").with_values(code=code, name=name)


def combination_problems(procedure: str, status: str, added: Sequence[str], day: date) -> Iterator[FieldProblem]:
    """The refusal of each procedure that cannot be filed together with this one, with those that can."""
    for place, code in enumerate(added):
        if _goes_with(procedure, status, code, day):
            continue
        others = [row.added for row in COMBINATIONS.on(day) if row.main == procedure]
        fitting = [other for other in others if _goes_with(procedure, status, other, day)]
        names = [PROCEDURES.get(day, other).name for other in fitting]
        others_named = [_named(other, name) for other, name in zip(fitting, names, strict=True)]
        message = Text(
            "{code} はこの申請と同時には申請できません。同時に申請できるもの: {others}",
            "{code} cannot be filed together with this. Together with it: {others}",
        ).with_values(code=code, others=others_named or Text("なし", "nothing"))
        yield FieldProblem(f"/combined_with/{place}", "combination-not-allowed", message)


def _goes_with(procedure: str, status: str, added: str, day: date) -> bool:
    if not combination_allowed(procedure, added, day):
        return False
    return may_be_filed_online(status, added, day, together_with=procedure)
