"""Registration of a person (利用者情報登録): the foreigner, a professional, a legal representative, a relative.

Name and date of birth are the identity provider's word; the rest is what the person declares.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from services.registration.accounts.domain.standing import MembershipState
from shared.reference.organisations import report_window
from shared.reference.rights import RELATIVE_MAX_AGE
from shared.reference.user_classes import Represented, age_on, registration_end, user_class

PERSONAL_ROLES = ("lawyer_scrivener", "self", "legal_rep", "relative")
# Kinds of representation that end with the represented person's age.
_BY_AGE = frozenset({"parent", "guardian_of_minor"})


class Basis(StrEnum):
    """On what a registration was decided."""

    OFFICER = "officer"
    IDENTITY = "identity"  # the proved identity alone: nothing else is asked of the class


@dataclass(frozen=True, slots=True)
class Declared:
    """The stored declarations of a person's registration."""

    name: str
    birth_date: date
    certificate_until: date | None = None
    representation: str | None = None
    represented: Sequence[date] = ()

    @classmethod
    def read(cls, kept: dict[str, Any]) -> "Declared":
        """From the JSON object that is kept with the registration."""
        professional = kept.get("professional") or {}
        representation = kept.get("representation") or {}
        until = professional.get("certificate_valid_until")
        return cls(
            name=kept["name"],
            birth_date=date.fromisoformat(kept["birth_date"]),
            certificate_until=None if until is None else date.fromisoformat(until),
            representation=representation.get("kind"),
            represented=tuple(date.fromisoformat(one["birth_date"]) for one in representation.get("people", ())),
        )


def too_young(role: str, birth_date: date, today: date) -> bool:
    """Whether the class is closed to a person of that age."""
    return age_on(birth_date, today) < user_class(role, today).min_age


def acts_for_unable(role: str, declared: Declared, today: date) -> bool:
    """Whether a relative acts for somebody who is old enough to apply, and so has to prove that they cannot."""
    return role == "relative" and any(age_on(born, today) >= RELATIVE_MAX_AGE for born in declared.represented)


def last_day(role: str, declared: Declared, approved_on: date, starts_on: date) -> date:
    """The last day of the registration; before `approved_on` where it could not begin."""
    represented = [
        Represented(born, by_age=_by_age(role, declared, born, approved_on)) for born in declared.represented
    ]
    return registration_end(
        role,
        approved_on,
        starts_on=starts_on,
        certificate_until=declared.certificate_until,
        represented=represented,
    )


def _by_age(role: str, declared: Declared, born: date, today: date) -> bool:
    if role == "relative":
        return age_on(born, today) < RELATIVE_MAX_AGE
    return declared.representation in _BY_AGE


def may_register_again(state: str, valid_until: date | None, today: date) -> bool:
    """Whether a person who has the class already may register in it: not before its end is near, or it is over."""
    if state == MembershipState.ACTIVE:
        return valid_until is None or today >= report_window(valid_until, today).opens_on
    return state != MembershipState.APPLIED
