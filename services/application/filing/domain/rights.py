"""In which of their roles a person files."""

from collections.abc import Sequence
from datetime import date

from shared.reference.rights import may_file


def filing_role(roles: Sequence[str], procedure: str, status: str, day: date) -> str | None:
    """The first of `roles` in which such an application may be begun; None where there is none.

    Conditions that depend on the applicant (age, illness) are asked when the form is there: what is not known yet is
    not held against a relative, who may begin and has to show it in the form.
    """
    return next((role for role in roles if may_file(role, procedure, day, status=status, unable=True)), None)
