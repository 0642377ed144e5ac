"""An application as the pages of applicants show it, be it a draft or filed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.gateway.pages.kit.visitor import Visitor
from shared.http import Lang, say
from shared.reference.procedures import PROCEDURES
from shared.reference.statuses import STATUSES

APPLICATIONS = "/applications"


@dataclass(frozen=True, slots=True)
class ShownApplication:
    """`view` is the application as its service shows it."""

    visitor: Visitor
    view: Mapping[str, Any]

    @property
    def id(self) -> str:
        return str(self.view["id"])

    @property
    def path(self) -> str:
        """The address of its first page, below which its other pages stand."""
        return f"{APPLICATIONS}/{self.id}"

    @property
    def lang(self) -> Lang:
        return self.visitor.lang

    @property
    def procedure(self) -> str:
        """The name of its procedure."""
        return procedure_name(self.view["procedure"], self.lang)

    @property
    def status_of_residence(self) -> str:
        """The name of the status of residence that it is for."""
        return status_name(self.view["status_of_residence"], self.lang)


def procedure_name(code: str, lang: Lang) -> str:
    """The name of a procedure."""
    return next((say(row.name, lang) for row in PROCEDURES.rows if row.code == code), code)


def status_name(code: str, lang: Lang) -> str:
    """The name of a status of residence."""
    return next((say(row.name, lang) for row in STATUSES.rows if row.code == code), code)
