"""People of the drill: they file applications at the gateway and keep the receipt numbers they were given."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from deploy.demo import case, people
from deploy.demo.browser import Browser
from deploy.demo.place import Place, place_of
from deploy.local.system import System


@dataclass(frozen=True, slots=True)
class Staff:
    """A signed-in member of the company's staff."""

    place: Place
    browser: Browser

    async def file(self, count: int) -> list[str]:
        """File so many applications; their receipt numbers."""
        return [await case.submit(self.browser, await case.prepare(self.place, self.browser)) for _ in range(count)]


@asynccontextmanager
async def staff(system: System, login_id: str) -> AsyncIterator[Staff]:
    """The staff with that account, at the gateway of a running system."""
    async with place_of(system, {}) as place, Browser(system.gateway_url, "staff") as browser:
        await browser.sign_in(login_id, people.PASSWORD)
        yield Staff(place, browser)


def file(system: System, login_id: str, count: int) -> list[str]:
    """File so many applications; their receipt numbers."""

    async def filing() -> list[str]:
        async with staff(system, login_id) as someone:
            return await someone.file(count)

    return asyncio.run(filing())
