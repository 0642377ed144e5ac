"""Conditions of a grant beside its period: what a permission designates or limits, which of it has to be stated."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from shared.errors import Text
from shared.reference.after_grant import WITH_DESIGNATION
from shared.reference.codes import Procedure
from shared.reference.dated import Dated, Table
from shared.reference.lists import NAMES, code_list

NOT_PERMITTED = "not_permitted"


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantCondition(Dated):
    """A condition by its code, and the grants that carry it.

    `procedures` are the main procedures, `statuses` those that are granted (empty: any). `filed`: only where that
    procedure is filed, alone or along. `kind`: a text in the officer's words, or a choice; `several`: one or more of
    them. `only_with`: only beside that choice of another condition.
    """

    code: str
    name: Text
    kind: Literal["text", "choice"]
    procedures: frozenset[str]
    statuses: frozenset[str] = frozenset()
    filed: str = ""
    only_with: tuple[str, str] | None = None
    several: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionChoice(Dated):
    """A choice of a condition: its name, and what it means for its holder. `along`: where it was filed along, only."""

    condition: str
    code: str
    name: Text
    meaning: Text | None = None
    along: bool = False


_OF_A_STAY = frozenset({Procedure.CHANGE, Procedure.EXTEND, Procedure.ACQUIRE})
_WITH_SSW = frozenset({*_OF_A_STAY, Procedure.COE})
_REGULATION = "Enforcement Regulation art. 19 (5); from memory"
_WITH_EXTRA = frozenset({*_OF_A_STAY, Procedure.EXTRA_ACT})

GRANT_CONDITIONS = Table(
    "grant_conditions",
    lambda row: row.code,
    [
        GrantCondition(
            code="designated_activity",
            name=Text("指定書に記載する活動", "Activity named in the designation paper (指定書)"),
            kind="text",
            procedures=_OF_A_STAY,
            statuses=WITH_DESIGNATION,
            source="An online extension, 2025-10: HSP, SSW and Designated Activities have a 指定書; after a COE it"
            " is issued at landing (from memory)",
            verify=True,
        ),
        GrantCondition(
            code="ssw_field",
            name=Text("特定産業分野", "Specified industrial field"),
            kind="choice",
            procedures=_WITH_SSW,
            statuses=frozenset({"SSW1", "SSW2"}),
            several=True,
            source="FORMS §3.V, list CC04: the fields of the form; that a grant names one, or more where the contract"
            " is in several, is from memory",
            verify=True,
        ),
        GrantCondition(
            code="extra_activity",
            name=Text("資格外活動の許可", "Permission to engage in other activity"),
            kind="choice",
            procedures=_WITH_EXTRA,
            filed=Procedure.EXTRA_ACT,
            source=_REGULATION,
            verify=True,
        ),
        GrantCondition(
            code="extra_activity_detail",
            name=Text("許可する資格外活動の内容", "Other activity that is permitted"),
            kind="text",
            procedures=_WITH_EXTRA,
            filed=Procedure.EXTRA_ACT,
            only_with=("extra_activity", "individual"),
            source=_REGULATION,
            verify=True,
        ),
    ],
)

CONDITION_CHOICES = Table(
    "condition_choices",
    lambda row: (row.condition, row.code),
    [
        ConditionChoice(
            condition="extra_activity",
            code="general",
            name=Text("包括許可", "In general"),
            meaning=Text(
                "1週について28時間以内（留学の方は、学則で定める長期休業期間は1日について8時間以内）の活動ができます。"
                "風俗営業等が営まれている営業所での活動はできません。",
                "You may work up to 28 hours a week (students: up to 8 hours a day in the long holidays of the school)."
                " No work at places of the amusement and sex trade (風俗営業等).",
            ),
            source=_REGULATION,
            verify=True,
        ),
        ConditionChoice(
            condition="extra_activity",
            code="individual",
            name=Text("個別許可", "For one activity"),
            meaning=Text(
                "記載された活動に限り行うことができます。",
                "You may engage in the activity that is named, and in no other.",
            ),
            source=_REGULATION,
            verify=True,
        ),
        ConditionChoice(
            condition="extra_activity",
            code=NOT_PERMITTED,
            name=Text("許可しない", "Not permitted"),
            meaning=Text("資格外活動は許可されませんでした。", "Other activity is not permitted."),
            along=True,
            source="Project: what is filed along is decided along",
            verify=True,
        ),
    ],
)


def conditions_of(procedure: str, combined_with: frozenset[str], status: str, day: date) -> tuple[GrantCondition, ...]:
    """The conditions that a grant carries, in the order in which they are entered."""
    filed = {procedure, *combined_with}
    return tuple(
        row
        for row in GRANT_CONDITIONS.on(day)
        if procedure in row.procedures
        and (not row.statuses or status in row.statuses)
        and (not row.filed or row.filed in filed)
    )


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a condition as it was stated: its name, what was stated, and what that means for its holder."""

    name: Text
    text: Text
    meaning: Text | None = None


def in_order(stated: Mapping[str, str]) -> list[tuple[str, str]]:
    """Stated conditions in the order in which they are entered: columns of JSON keep none."""
    return [(row.code, stated[row.code]) for row in GRANT_CONDITIONS.rows if row.code in stated]


def chosen(value: str) -> list[str]:
    """The choices of a condition that may have several, as it was stated."""
    return [code.strip() for code in value.split(",")]


def together(stated: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Conditions by code, several choices of one in one value, as `chosen` reads it."""
    found: dict[str, str] = {}
    for code, value in stated:
        found[code] = f"{found[code]},{value}" if code in found else value
    return found


def is_choice(condition: str) -> bool:
    """Whether a condition is stated by a choice, and not in words."""
    return any(row.code == condition and row.kind == "choice" for row in GRANT_CONDITIONS.rows)


def choices_of(condition: str, along: bool, day: date) -> Mapping[str, Text]:
    """The names of the choices of a condition, by code. `along`: what it is about was filed along with another
    procedure."""
    if condition in NAMES:
        return code_list(condition).labels
    rows = (row for row in CONDITION_CHOICES.on(day) if row.condition == condition)
    return {row.code: row.name for row in rows if along or not row.along}


def in_words(condition: str, value: str, day: date) -> Words:
    """A condition that was stated on a day, in words; `value` is a choice, or the officer's own words."""
    row = GRANT_CONDITIONS.get(day, condition)
    if row.kind == "text":
        return Words(row.name, Text(value, value))
    names = [choices_of(condition, True, day)[code] for code in (chosen(value) if row.several else [value])]
    text = Text("{names}", "{names}").with_values(names=names) if len(names) > 1 else names[0]
    meant = CONDITION_CHOICES.find(day, (condition, value))
    return Words(row.name, text, meant.meaning if meant else None)
