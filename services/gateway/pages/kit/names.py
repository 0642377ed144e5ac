"""Names of what records hold as codes, and the codes there are."""

from services.gateway.pages.kit.words import say
from shared.http import Lang
from shared.reference.case_states import applicants_state, officers_state
from shared.reference.lists import code_list
from shared.reference.offices import OFFICES
from shared.reference.procedures import PROCEDURES
from shared.reference.statuses import STATUSES


def procedure_name(code: str, lang: Lang) -> str:
    """The name of a procedure."""
    return next((say(row.name, lang) for row in PROCEDURES.rows if row.code == code), code)


def status_name(code: str, lang: Lang) -> str:
    """The name of a status of residence."""
    return next((say(row.name, lang) for row in STATUSES.rows if row.code == code), code)


def office_name(code: str | None, lang: Lang) -> str:
    """The name of an office; "" for none."""
    return next((say(row.name, lang) for row in OFFICES.rows if row.code == code), code or "")


def nationality_name(code: str, lang: Lang) -> str:
    """The name of a nationality or region."""
    name = code_list("nationality").labels.get(code)
    return say(name, lang) if name else code


def case_state_name(state: str, lang: Lang, procedure: str = "") -> str:
    """The name of a case's state for officers; without a procedure, the one that fits all of them."""
    return say(officers_state(state, procedure), lang)


def progress_name(progress: str, lang: Lang, procedure: str = "") -> str:
    """The name of an application's progress for its applicant; without a procedure, the one that fits all of them."""
    return say(applicants_state(progress, procedure), lang)


def procedure_codes() -> list[str]:
    """The codes of all procedures."""
    return list(dict.fromkeys(row.code for row in PROCEDURES.rows))


def status_codes() -> list[str]:
    """The codes of all statuses of residence."""
    return list(dict.fromkeys(row.code for row in STATUSES.rows))


def office_codes() -> list[str]:
    """The codes of all offices."""
    return list(dict.fromkeys(row.code for row in OFFICES.rows))
