"""The conditions of a grant: those that it has to state by the rules of the day, and whether they are."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from services.review.cases.domain.refusal import Wrong
from services.review.decision.domain.filed import Filed
from shared.errors import Text
from shared.reference.codes import Procedure
from shared.reference.grant_conditions import GrantCondition, choices_of, chosen, conditions_of


@dataclass(frozen=True, slots=True)
class Askable:
    """A condition that a grant states: its name, its choices by code (none: in words), whether `several` of them can be
    stated, and beside which choice of another condition alone it does."""

    code: str
    name: Text
    choices: Mapping[str, Text]
    only_with: tuple[str, str] | None
    several: bool


def askable(filed: Filed, on: date) -> list[Askable]:
    """The conditions that a grant of this application states, in order."""
    return [
        Askable(row.code, row.name, _choices(row, filed, on), row.only_with, row.several)
        for row in conditions_of(filed.procedure, filed.combined_with, filed.status_of_residence, on)
    ]


def check_conditions(stated: Mapping[str, str], filed: Filed, on: date) -> None:
    """Raise `Wrong` where a grant states a condition that it cannot have, or lacks one that it has to state."""
    asked = list(_asked(stated, filed, on))
    for code in stated:
        if code not in {one.code for one in asked}:
            raise Wrong(
                "condition-not-possible",
                Text("この許可に付けることのできない条件です", "A grant of this application has no such condition"),
                f"/conditions/{code}",
            )
    for one in asked:
        value = stated.get(one.code, "").strip()
        if not value:
            raise Wrong(
                "condition-missing",
                Text(
                    "許可に付す「{condition}」を入力してください", "The grant has to state this: {condition}"
                ).with_values(condition=one.name),
                f"/conditions/{one.code}",
            )
        codes = chosen(value) if one.several else [value]
        if one.choices and not set(codes) <= set(one.choices):
            raise Wrong(
                "condition-unknown",
                Text("「{condition}」は次から選んでください: {choices}", "{condition}: one of {choices}").with_values(
                    condition=one.name, choices=list(one.choices.values())
                ),
                f"/conditions/{one.code}",
            )
        if len(set(codes)) < len(codes):
            raise Wrong(
                "condition-twice",
                Text("「{condition}」に同じものが重複しています", "{condition}: the same is stated twice").with_values(
                    condition=one.name
                ),
                f"/conditions/{one.code}",
            )


def _asked(stated: Mapping[str, str], filed: Filed, on: date) -> Iterator[Askable]:
    for one in askable(filed, on):
        if one.only_with is None or stated.get(one.only_with[0]) == one.only_with[1]:
            yield one


def _choices(row: GrantCondition, filed: Filed, on: date) -> Mapping[str, Text]:
    along = filed.procedure != Procedure(row.filed) if row.filed else False
    return choices_of(row.code, along, on) if row.kind == "choice" else {}
