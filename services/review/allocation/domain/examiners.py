"""Skills and absences of the examiners of an office."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.review.cases.domain.refusal import Wrong
from shared.errors import Text
from shared.reference.procedures import PROCEDURES
from shared.reference.statuses import STATUSES


@dataclass(frozen=True, slots=True)
class Skill:
    """The procedures and statuses of residence that an examiner examines; empty for all."""

    procedures: Sequence[str] = ()
    statuses: Sequence[str] = ()


def check_skill(skill: Skill, today: date) -> None:
    """Raise `Wrong` for a procedure or a status that does not exist."""
    for number, code in enumerate(skill.procedures):
        if PROCEDURES.find(today, code) is None:
            raise _unknown(code, f"/procedures/{number}")
    for number, code in enumerate(skill.statuses):
        if STATUSES.find(today, code) is None:
            raise _unknown(code, f"/statuses/{number}")


def check_absence(first_day: date, last_day: date, today: date) -> None:
    """Raise `Wrong` for days that are over, or that end before they begin."""
    if last_day < first_day:
        raise Wrong(
            "wrong-order", Text("終了日は開始日以降にしてください", "The last day is before the first"), "/last_day"
        )
    if last_day < today:
        raise Wrong(
            "past", Text("終了日は今日以降にしてください", "The last day has to be today or later"), "/last_day"
        )


def _unknown(code: str, pointer: str) -> Wrong:
    return Wrong(
        "unknown-code",
        Text("一覧にないコードです（{code}）", "Not a code of the list: {code}").with_values(code=code),
        pointer,
    )
