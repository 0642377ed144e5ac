"""The kinds of records of the approval desk: usage registrations and periodic reports, which have the same pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.gateway.pages.kit.names import office_name
from services.gateway.pages.kit.visitor import Visitor
from services.gateway.texts import PAGES
from shared.auth import Record
from shared.errors import Forbidden
from shared.http import Lang

# The statuses in the order of the way, with the tone of each.
TONES: Mapping[str, str] = {"submitted": "active", "returned": "attention", "approved": "good", "rejected": "bad"}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind. `name` is that of its texts, `path` its queue, `route` its resource at registration."""

    name: str
    path: str
    route: str
    record: Record

    @property
    def page(self) -> str:
        """The path of one record's page."""
        return f"{self.path}/{{record_id:uuid}}"


REGISTRATION = Kind("registration", "/desk/registrations", "/v1/usage-registrations", Record.USAGE_REGISTRATION)
REPORT = Kind("report", "/desk/reports", "/v1/periodic-reports", Record.PERIODIC_REPORT)
KINDS = (REGISTRATION, REPORT)
# By the names that registration gives them.
PATHS: Mapping[str, str] = {"usage_registration": REGISTRATION.path, "periodic_report": REPORT.path}


@dataclass(frozen=True, slots=True)
class ShownRecord:
    """A registration or a report; `view` is how the service shows it."""

    kind: Kind
    visitor: Visitor
    view: Mapping[str, Any]

    @property
    def id(self) -> str:
        return str(self.view["id"])

    @property
    def path(self) -> str:
        return f"{self.kind.path}/{self.id}"

    @property
    def lang(self) -> Lang:
        return self.visitor.lang

    @property
    def number(self) -> str:
        """The receipt number."""
        return str(self.view["receipt_number"])

    @property
    def status(self) -> str:
        return status_text(self.view["status"], self.lang)

    @property
    def tone(self) -> str:
        return TONES[self.view["status"]]

    @property
    def role(self) -> str:
        """The user class."""
        return PAGES[self.lang]["roles"][self.view["role"]]

    @property
    def office(self) -> str:
        return office_name(self.view["office"], self.lang)


def status_text(status: str, lang: Lang) -> str:
    """The words of a status."""
    return PAGES[lang]["registrations"][f"status_{status}"]


def require_reader(visitor: Visitor, kind: Kind) -> None:
    """Raise `Forbidden` for officers whose roles do not see this kind."""
    if not visitor.reads(kind.record):
        raise Forbidden()


async def read_record(kind: Kind, visitor: Visitor, record_id: UUID) -> ShownRecord:
    """A record that the visitor sees. Raises `Gone` for any other, and `Forbidden` for who sees none."""
    require_reader(visitor, kind)
    return ShownRecord(kind, visitor, (await visitor.registration.fetch(f"{kind.route}/{record_id}")).body)
