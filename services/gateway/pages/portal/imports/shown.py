"""An import as its pages show it, and those who may see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from services.gateway.pages.kit.client import ServiceClient
from services.gateway.pages.kit.visitor import Visitor
from services.gateway.texts import PAGES
from shared.errors import Forbidden

IMPORTS = "/imports"
IN_PROGRESS = ("reading", "checking", "filing")
# In the order in which somebody looks at them: what has to be done first.
ROW_STATES = ("wrong", "files-missing", "ready", "filed", "read")
_TONES = {"refused": "bad", "checked": "attention", "finished": "good"}


@dataclass(frozen=True, slots=True)
class Imported:
    """An import; `view` is as its service shows it."""

    visitor: Visitor
    view: Mapping[str, Any]

    @property
    def path(self) -> str:
        """The address of its page, below which its other pages stand."""
        return f"{IMPORTS}/{self.view['id']}"

    @property
    def name(self) -> str:
        """The name of the file."""
        return str(self.view["name"])

    @property
    def state(self) -> str:
        return str(self.view["state"])

    @property
    def state_name(self) -> str:
        """Its state in words."""
        # Filed, and not all of it: what is left is still to be done.
        state = "filed_in_part" if self.state == "finished" and self.left else self.state
        return PAGES[self.visitor.lang]["imports"][f"state_{state}"]

    @property
    def tone(self) -> str:
        """The tone of the tag for its state."""
        return "attention" if self.waits else _TONES.get(self.state, "active")

    @property
    def is_in_progress(self) -> bool:
        """Whether it is worked on now."""
        return self.state in IN_PROGRESS

    @property
    def is_only_checked(self) -> bool:
        """Whether it was sent to be checked, and can never be filed."""
        return bool(self.view["dry_run"])

    @property
    def counts(self) -> dict[str, int]:
        """Rows by state."""
        return {state: self.view["counts"][state.replace("-", "_")] for state in ROW_STATES}

    @property
    def left(self) -> int:
        """Rows that are not filed."""
        return sum(self.counts.values()) - self.counts["filed"]

    @property
    def waits(self) -> bool:
        """Whether somebody has to go on with it."""
        return self.state in ("checked", "finished") and not self.is_only_checked and self.left > 0


def require_filer(visitor: Visitor) -> ServiceClient:
    """The application service. Raises `Forbidden` for everybody who files one by one."""
    if not visitor.files_many:
        raise Forbidden()
    return visitor.service("application")


async def find_import(visitor: Visitor, import_id: UUID) -> Imported:
    """An import of the visitor. Raises `Gone` for any other."""
    answer = await require_filer(visitor).fetch(f"/v1/imports/{import_id}")
    return Imported(visitor, answer.body)


async def import_of(visitor: Visitor, application_id: str) -> Imported | None:
    """The last file with a row for an application of the visitor; None for one that was not filed in bulk."""
    if not visitor.files_many:
        return None
    answer = await visitor.service("application").call("GET", f"/v1/imports?limit=1&application_id={application_id}")
    items = answer.body["items"] if answer.ok else ()
    return Imported(visitor, items[0]) if items else None


async def row_problems(visitor: Visitor, import_id: UUID, application_id: str) -> Sequence[Mapping[str, Any]]:
    """The problems of a file's row for an application, as its service says them; none where there is no such row."""
    query = urlencode({"application_id": application_id, "limit": 1})
    answer = await visitor.service("application").call("GET", f"/v1/imports/{import_id}/rows?{query}")
    return [problem for row in answer.body["items"] for problem in row["problems"]] if answer.ok else []
