"""An administrator at work, and the officers they make."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from shared.events.registration import OfficerInvited
from tests.services.registration.site import App, RegistrationClient
from tests.support.keys import unsealed

ADMINISTRATOR = "admin.tyo"
ADDRESS = f"{ADMINISTRATOR}@example.go.jp"
REASON = {"reason_code": "left_office"}
NEW: dict[str, Any] = {
    "name": "審査 一郎",
    "email": "ichiro@example.go.jp",
    "office": "OSA",
    "roles": ["examiner", "reception"],
}


@dataclass
class OfficerAdmin:
    """The site and its administrator."""

    site: RegistrationClient
    headers: dict[str, str]
    administrator_id: UUID

    async def post(self, path: str, body: Any = None, key: str | None = None) -> httpx.Response:
        return await self.site.post(f"/v1/officers{path}", body, headers=self.headers, key=key)

    async def put(self, path: str, body: Any, if_match: str | None = "*") -> httpx.Response:
        headers = self.headers | ({"If-Match": if_match} if if_match else {})
        return await self.site.service.client.put(f"/v1/officers{path}", json=body, headers=headers)

    async def get(self, path: str) -> httpx.Response:
        return await self.site.get(f"/v1/officers{path}", self.headers)

    async def invited(self, **changes: Any) -> str:
        """The id of an officer who was invited."""
        answer = await self.post("", NEW | changes)
        assert answer.status_code == 201, answer.text
        officer_id: str = answer.json()["id"]
        return officer_id

    async def link(self) -> str:
        """The token of the link that was mailed last."""
        return unsealed((await self.site.events(OfficerInvited))[-1].sealed_link).rpartition("/")[2]

    async def working(self, **changes: Any) -> tuple[str, str, App, dict[str, str]]:
        """An officer who was invited, has set up everything and has signed in: id, login id, app, header."""
        officer_id = await self.invited(**changes)
        login_id = (await self.site.set_password(await self.link())).json()["login_id"]
        app = await self.site.app_of(login_id)
        return officer_id, login_id, app, await self.site.officer_signed_in(UUID(officer_id))

    async def state(self, officer_id: str | UUID) -> dict[str, Any]:
        found: dict[str, Any] = (await self.get(f"/{officer_id}")).json()
        return found
