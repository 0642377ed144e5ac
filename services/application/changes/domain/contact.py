"""Rules of a new contact and a new address after filing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from services.application.progress.domain import State
from shared.errors import FieldProblem, Text
from shared.reference.dated import NotInRules
from shared.reference.offices import office_for

# A move is stated when it is near: what is further ahead may still change.
LONGEST_AHEAD = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class NewAddress:
    """The address at which the applicant lives from a day on."""

    postal_code: str | None
    address: str
    lives_there_from: date


def office_in_charge(address: str, day: date) -> str | None:
    """The office in charge of an address; None where it does not begin with a prefecture."""
    try:
        return office_for(address, day).code
    except NotInRules:
        return None


def address_problems(new: NewAddress, present: str | None, office: str | None, today: date) -> Iterator[FieldProblem]:
    """The mistakes of a new address; `present` is the one that holds now."""
    if office is None:
        message = Text(
            "住居地は都道府県名から入力してください（例：東京都港区港南5-5-30）",
            "Begin the address with the prefecture, like 東京都港区港南5-5-30",
        )
        yield FieldProblem("/address", "prefecture-unknown", message)
    elif new.address == present:
        message = Text("現在届け出られている住居地と同じです", "This is the address that is recorded already")
        yield FieldProblem("/address", "nothing-changed", message)
    if new.lives_there_from > today + LONGEST_AHEAD:
        message = Text(
            "転居日は{days}日以内の日付を入力してください。それより先の転居は、近づいてから届け出てください。",
            "Give a day within {days} days: record a later move when it is nearer.",
        ).with_values(days=LONGEST_AHEAD.days)
        yield FieldProblem("/lives_there_from", "too-far-ahead", message)


WHY_NOT = {
    State.DRAFT: Text(
        "まだ申請していないため、下書きをそのまま編集してください。", "It is not filed yet: edit the draft itself."
    ),
    State.WITHDRAWN: Text("取下げ済みのため、変更できません。", "It is withdrawn: there is nothing to change."),
    State.TERMINATED: Text(
        "審査が終止したため、変更できません。", "The examination ended: there is nothing to change."
    ),
}
