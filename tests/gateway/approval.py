"""Officers who are no examiners, at browsers without scripts before the gateway."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from services.registration.officers.commands.creation import create_officer
from shared.auth import Role
from tests.gateway.browser import Browser, Page
from tests.gateway.identity import Identity
from tests.services.registration.site import PASSWORD, App


@dataclass
class Bureau:
    """The officers at work, by the name of each."""

    front: Identity
    browsers: dict[str, Browser] = field(default_factory=dict)
    apps: dict[str, tuple[str, App]] = field(default_factory=dict)
    ids: dict[str, UUID] = field(default_factory=dict)

    async def officer(self, name: str, *roles: Role, office: str = "TYO", email: str = "") -> Browser:
        """An officer's browser, signed in with both steps."""
        site, login_id = self.front.site, f"officer-{len(self.browsers)}.tyo"
        made = await create_officer(
            site.context,
            login_id=login_id,
            name=name,
            roles=roles,
            office=office,
            password=PASSWORD,
            email=email or f"{login_id}@example.go.jp",
        )
        self.ids[name] = made.account_id
        self.apps[name] = login_id, await site.app_of(login_id)
        self.browsers[name] = await self.front.browser()
        await self.again(name)
        return self.browsers[name]

    async def again(self, name: str) -> Page:
        """Sign in, with both steps."""
        login_id, app = self.apps[name]
        page = await self.browsers[name].sign_in(login_id, PASSWORD, lang="en")
        return await self.browsers[name].send(page, "Check the code", code=app.next())

    async def step(self, name: str, path: str, button: str, **typed: str) -> Page:
        """Take a step on its page."""
        opened = await self.browsers[name].open(f"{path}?lang=en")
        assert opened.path.split("?")[0] == path, (opened.path, opened.shown)
        return await self.browsers[name].send(opened, button, **typed)

    async def submitted(self, **changes: Any) -> tuple[str, str]:
        """A usage registration that was taken in: its id and number."""
        self.front.clock.advance(timedelta(minutes=1))
        found = await self.front.site.submit(**changes)
        return found["id"], found["receipt_number"]


def linked(page: Page) -> set[str]:
    """The fields that the list of mistakes links to."""
    return {href[1:] for href in page.values("a", "href") if href.startswith("#")} - {"content", "problem"}
