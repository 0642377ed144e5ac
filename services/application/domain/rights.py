"""In which of their roles a person files."""

from collections.abc import Iterable
from datetime import date

from shared.auth.actor import APPLICANT_ROLES, Role
from shared.reference import rules_on


def filing_role(roles: Iterable[Role], procedure: str, status: str, day: date) -> Role | None:
    """The role in which a holder of `roles` begins such an application; None where none of them may.

    Conditions that depend on the applicant (age, illness) are asked when the form is there. With several fitting
    roles the first in the order of `Role` counts: the organisation's before the person's own.
    """
    held = set(roles) & APPLICANT_ROLES
    for role in Role:
        # What is not known yet is not held against the applicant: a relative may begin, and the form must then show it.
        if role in held and rules_on(day).may_file(role.value, procedure, status=status, unable=True):
            return role
    return None
