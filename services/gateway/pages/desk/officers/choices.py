"""Choices about officers: roles and offices."""

from services.gateway.pages.kit.forms import Form
from services.gateway.pages.kit.names import office_codes, office_name
from services.gateway.texts import PAGES
from shared.auth import OFFICER_ROLES
from shared.http import Lang

PATH = "/desk/officers"
STATES = ("registered", "active", "suspended", "closed")
TONES = {"registered": "attention", "active": "good", "suspended": "bad", "closed": ""}


def roles(lang: Lang) -> list[tuple[str, str, str]]:
    """The roles of officers with their names, as boxes."""
    return [(role.value, PAGES[lang]["roles"][role], "") for role in sorted(OFFICER_ROLES)]


def ticked(form: Form) -> list[str]:
    """The roles that were ticked."""
    return [role for role in form.every("roles") if role]


def offices(lang: Lang) -> list[tuple[str, str]]:
    """The offices with their names."""
    return [(code, office_name(code, lang)) for code in office_codes()]
