"""The states of an account and of a membership, and who may sign in.

An account is a person's login account. A membership is one (organisation, role) for which that person may act; a
person has as many as they need. The approval of an organisation for a role is a third thing: periodic reports renew it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class AccountState(StrEnum):
    """State of an account."""

    REGISTERED = "registered"  # known, without a password
    ACTIVE = "active"
    SUSPENDED = "suspended"  # 利用停止
    CLOSED = "closed"  # left, or deleted


class MembershipState(StrEnum):
    """State of a membership."""

    APPLIED = "applied"
    ACTIVE = "active"
    REJECTED = "rejected"
    EXPIRED = "expired"
    ENDED = "ended"  # 離職, withdrawn


ACCOUNT_STEPS = {
    AccountState.REGISTERED: frozenset({AccountState.ACTIVE, AccountState.CLOSED}),
    # Back to the beginning: an officer whose second factor was reset needs a new password as well.
    AccountState.ACTIVE: frozenset({AccountState.SUSPENDED, AccountState.CLOSED, AccountState.REGISTERED}),
    AccountState.SUSPENDED: frozenset({AccountState.ACTIVE, AccountState.CLOSED}),
    AccountState.CLOSED: frozenset[AccountState](),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """One membership as sign-in sees it. `organisation_id` is empty for people who act for nobody."""

    organisation_id: UUID | None
    role: str
    state: MembershipState
    valid_until: date | None
    organisation_valid_until: date | None

    def holds_on(self, day: date) -> bool:
        """Whether this membership lets its person act on `day`: it and the organisation's approval are valid."""
        if self.state is not MembershipState.ACTIVE or self.valid_until is None or day > self.valid_until:
            return False
        return self.organisation_id is None or (
            self.organisation_valid_until is not None and day <= self.organisation_valid_until
        )

    def may_read(self) -> bool:
        """Whether it lets its person sign in and read: also after it, or the organisation's approval, is over, and
        while its renewal is examined. One that was never valid, or was left, does not."""
        return self.valid_until is not None and self.state is not MembershipState.ENDED


def roles_for(standings: Iterable[Standing], organisation_id: UUID | None, day: date) -> frozenset[str]:
    """The roles in which a person may act for one organisation (or for nobody) on `day`."""
    return frozenset(s.role for s in standings if s.organisation_id == organisation_id and s.holds_on(day))


def reading_roles_for(standings: Iterable[Standing], organisation_id: UUID | None) -> frozenset[str]:
    """The roles in which a person may at least read what was filed for one organisation (or for nobody)."""
    return frozenset(s.role for s in standings if s.organisation_id == organisation_id and s.may_read())
