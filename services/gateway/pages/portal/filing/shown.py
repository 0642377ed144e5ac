"""An application as the pages of applicants show it, be it a draft or filed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.gateway.pages.kit.client import ServiceClient
from services.gateway.pages.kit.names import procedure_name, status_name
from services.gateway.pages.kit.visitor import Visitor
from shared.errors import Forbidden
from shared.http import Lang

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
    def service(self) -> ServiceClient:
        return self.visitor.service("application")

    @property
    def procedure(self) -> str:
        """The name of its procedure."""
        return procedure_name(self.view["procedure"], self.lang)

    @property
    def status_of_residence(self) -> str:
        """The name of the status of residence that it is for."""
        return status_name(self.view["status_of_residence"], self.lang)


async def read_view(visitor: Visitor, application_id: UUID) -> Mapping[str, Any]:
    """An application of the visitor. Raises `Gone` for any other, and `Forbidden` for officers."""
    if not visitor.is_person:
        raise Forbidden()
    found: Mapping[str, Any] = (await visitor.service("application").fetch(f"/v1/applications/{application_id}")).body
    return found


def is_draft(view: Mapping[str, Any]) -> bool:
    return bool(view["status"] == "draft")


def is_open(view: Mapping[str, Any]) -> bool:
    """Whether an application waits for a decision."""
    return view["outcome"] is None and view["status"] not in ("draft", "withdrawn", "terminated")


def is_over(view: Mapping[str, Any]) -> bool:
    """Whether nothing follows any more."""
    return view["status"] in ("withdrawn", "terminated")
