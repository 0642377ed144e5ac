"""The running system that the case is played on."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date

from deploy.demo.letters import Letters, body_of
from deploy.demo.observer import Observer, observing
from deploy.demo.story import Story
from deploy.local.system import System
from shared.clock import SystemClock, legal_date


@dataclass(frozen=True, slots=True)
class Place:
    """The system at its gateway, its mails and events, and the story that the demo prints."""

    gateway_url: str
    letters: Letters
    observer: Observer
    story: Story
    today: date
    one_time_secrets: Mapping[str, str]  # of the officers' authenticator apps, by login id
    identity_provider: bool = True  # without one nobody proves an identity, and the foreigner gets no account

    async def event(self, *names: str) -> None:
        """Wait for events, and note them."""
        await self.observer.expect(*names)
        self.story.event(*names)

    async def mail(self, to: str, containing: str) -> str:
        """Wait for a mail, and note it; its text."""
        message = await self.letters.next(to, containing)
        self.story.mail(to, str(message["Subject"]))
        return body_of(message)


@asynccontextmanager
async def place_of(
    system: System, one_time_secrets: Mapping[str, str], story: Story | None = None
) -> AsyncIterator[Place]:
    """A running system as the place of a case, with its mails and events from now on; nothing is printed
    without a story."""
    async with observing(system.stack.broker.bootstrap) as observer:
        letters = Letters(system.mailbox_dir)
        letters.skip_present()
        today = legal_date(SystemClock().now())
        yield Place(system.gateway_url, letters, observer, story or Story(quiet=True), today, one_time_secrets)
