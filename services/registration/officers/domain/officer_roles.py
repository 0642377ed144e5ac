"""Roles that an officer can hold, and the changes from one set of roles to another."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.reference.officer_roles import NAMES, excluded_pair


class RolesFlaw(StrEnum):
    """Reasons for which an officer cannot hold a set of roles."""

    NONE = "roles-missing"
    EXCLUDED = "roles-excluded"
    ADDRESS = "roles-need-address"


def roles_flaw(roles: frozenset[str], *, has_address: bool, day: date) -> RolesFlaw | None:
    """The flaw of these roles for one officer on `day`, if any.

    An administrator needs a mail address: by it the system sees who invites themself under another name.
    """
    if not roles or not roles <= NAMES.keys():
        return RolesFlaw.NONE
    if excluded_pair(roles, day):
        return RolesFlaw.EXCLUDED
    return RolesFlaw.ADDRESS if "administrator" in roles and not has_address else None


@dataclass(frozen=True, slots=True)
class RoleChange:
    """The roles to add and to remove."""

    granted: frozenset[str]
    revoked: frozenset[str]


def role_change(held: frozenset[str], wanted: frozenset[str]) -> RoleChange:
    """The way from the roles held to the roles wanted."""
    return RoleChange(granted=wanted - held, revoked=held - wanted)
