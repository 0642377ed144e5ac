"""A filed application as its pages show it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.gateway.pages.kit.client import Answer
from services.gateway.pages.kit.forms import Form
from services.gateway.pages.kit.visitor import Visitor
from services.gateway.pages.portal.filing.shown import (
    APPLICATIONS,
    ShownApplication,
    is_draft,
    is_open,
    is_over,
    read_view,
)

PATH = f"{APPLICATIONS}/{{application_id:uuid}}"


@dataclass(frozen=True, slots=True)
class Filed(ShownApplication):
    """A filed application, and how far it is."""

    @property
    def is_open(self) -> bool:
        """Whether it waits for a decision."""
        return is_open(self.view)

    @property
    def is_over(self) -> bool:
        """Whether nothing follows any more."""
        return is_over(self.view)

    async def read(self, name: str) -> Any:
        """The answer of its service under `name`."""
        return (await self.service.fetch(f"/v1/applications/{self.id}/{name}")).body

    async def correctable(self) -> str | None:
        """The way to correct it now, `freely` or `with_agreement`; None where there is none, or a correction waits."""
        found = await self.read("corrections")
        if found["possible"] == "not" or any(one["state"] == "waiting" for one in found["items"]):
            return None
        return str(found["possible"])

    async def change(self, name: str, body: Mapping[str, Any], form: Form, **headers: str) -> Answer:
        """The answer to a change. Pressing twice makes it once: the page brings the key of its request, which counts
        for one content."""
        headers = {"Idempotency-Key": str(form.key_of(name, body))} | headers
        return await self.service.call("POST", f"/v1/applications/{self.id}/{name}", body, headers=headers)


async def find_filed(visitor: Visitor, application_id: UUID) -> Filed | None:
    """The visitor's filed application; None for a draft, which has pages of its own.

    Raises `Gone` for any other, and `Forbidden` for officers.
    """
    view = await read_view(visitor, application_id)
    return None if is_draft(view) else Filed(visitor, view)
