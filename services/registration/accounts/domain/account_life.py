"""Passwords that end, and what leaving does to an account."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from services.registration.accounts.domain.standing import ACCOUNT_STEPS, AccountState, MembershipState
from shared.reference.organisations import report_window
from shared.reference.usage_documents import ORGANISATION_ROLES

_LEFT = frozenset({MembershipState.APPLIED, MembershipState.ACTIVE, MembershipState.EXPIRED})


class AccountStepNotPossible(ValueError):
    """The account cannot go to that state from where it stands."""

    def __init__(self, state: AccountState) -> None:
        super().__init__(f"not possible: the account is {state}")
        self.state = state


def account_step(state: str, to: AccountState) -> AccountState:
    """`to`, where `ACCOUNT_STEPS` leads there from `state`; raises `AccountStepNotPossible`."""
    if to not in ACCOUNT_STEPS[AccountState(state)]:
        raise AccountStepNotPossible(AccountState(state))
    return to


def password_ends(set_at: datetime, days: int) -> datetime:
    """The end of a password set at that moment, where passwords last `days` days."""
    return set_at + timedelta(days=days)


def nothing_left(states: Iterable[str]) -> bool:
    """Whether a person with memberships in these states has nothing left for which an account is needed."""
    return not any(MembershipState(state) in _LEFT for state in states)


def report_days(role: str, valid_until: date | None, today: date) -> tuple[date | None, date | None]:
    """The day the periodic report opens and the day it is due; empty for roles that do not report."""
    if valid_until is None or role not in ORGANISATION_ROLES:
        return None, None
    window = report_window(valid_until, today)
    return window.opens_on, window.due_on
