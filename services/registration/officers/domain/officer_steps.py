"""Steps of an administrator on an officer's account."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from services.registration.accounts.domain.standing import AccountState

# What one administrator asked for, another confirms within this time.
RESET_ASKED_FOR = timedelta(hours=24)
_REGISTERED, _ACTIVE, _SUSPENDED = AccountState.REGISTERED, AccountState.ACTIVE, AccountState.SUSPENDED
# The states of the account in which each is possible; what ends nothing else first.
STEPS: Mapping[str, frozenset[AccountState]] = MappingProxyType(
    {
        "roles": frozenset({_REGISTERED, _ACTIVE, _SUSPENDED}),
        "office": frozenset({_REGISTERED, _ACTIVE, _SUSPENDED}),
        "staff-number": frozenset({_REGISTERED, _ACTIVE, _SUSPENDED}),
        "email": frozenset({_REGISTERED, _ACTIVE}),
        "invitation": frozenset({_REGISTERED}),
        "suspend": frozenset({_ACTIVE}),
        "lift": frozenset({_SUSPENDED}),
        "second-factor-reset": frozenset({_ACTIVE}),
        "close": frozenset({_REGISTERED, _ACTIVE, _SUSPENDED}),
    }
)
