"""Which cases an officer sees: those of the own office; an auditor sees all of them.

A case of another office looks as if it were not there.
"""


def sees(officer_office: str | None, is_auditor: bool, case_office: str) -> bool:
    """Whether the case exists for this officer."""
    return is_auditor or (officer_office is not None and officer_office == case_office)
