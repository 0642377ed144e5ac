"""Announcements on top of the pages: the banners of broadcasts, kept for a while and fetched beside the pages.

A page never waits for them, and none is broken by them: it shows what was fetched last, and nothing once that is older
than ten minutes.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from services.gateway.edge.upstream import ServiceDown, Upstreams
from shared.auth import Actor
from shared.clock import Clock
from shared.languages import Lang, official

log = structlog.get_logger(__name__)
FRESH = timedelta(seconds=30)
# As long as the notification service may be away before pages show none.
KEPT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Announcement:
    """One banner. `group` and `codes` say whose it is; `texts` are title and body by language."""

    id: str
    kind: str
    group: str
    codes: frozenset[str]
    texts: Mapping[str, Mapping[str, str]]
    begins_at: datetime
    ends_at: datetime

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "Announcement":
        """Raises `KeyError`, `TypeError` or `ValueError` for what is none."""
        texts = {lang: {part: str(said[part]) for part in ("title", "body")} for lang, said in body["texts"].items()}
        if not {"ja", "en"} <= texts.keys():
            raise ValueError("an announcement has both official languages")
        begins_at, ends_at = (datetime.fromisoformat(body[name]) for name in ("from", "until"))
        return cls(body["id"], body["kind"], body["group"], frozenset(body["codes"]), texts, begins_at, ends_at)

    def is_for(self, actor: Actor | None) -> bool:
        """Whether a reader sees it: everybody, or those who are signed in as the group says."""
        match self.group:
            case "everyone":
                return True
            case "user_class":
                return actor is not None and not self.codes.isdisjoint(actor.roles)
            case "officers":
                return actor is not None and actor.kind == "officer"
            case _:
                return False

    def language_for(self, lang: Lang) -> Lang:
        """The language in which a reader of `lang` sees it."""
        return lang if lang in self.texts else official(lang)

    def said(self, lang: Lang) -> Mapping[str, str]:
        """Title and body for a reader of `lang`."""
        return self.texts[self.language_for(lang)]


class Announcements:
    """The announcements of now. What is older than half a minute is fetched again, beside the page that asked."""

    def __init__(self, upstreams: Upstreams, clock: Clock) -> None:
        self._upstreams = upstreams
        self._clock = clock
        self._found: Sequence[Announcement] = ()
        self._found_at: datetime | None = None
        self._asked_at: datetime | None = None
        self._asking: asyncio.Task[None] | None = None

    def current(self, actor: Actor | None) -> list[Announcement]:
        """Those that a reader sees now, as far as they are known here."""
        now = self._clock.now()
        if self._asking is None and (self._asked_at is None or now - self._asked_at >= FRESH):
            self._asked_at = now
            self._asking = asyncio.create_task(self._refresh())  # watched: by _settle, which logs how it failed
            self._asking.add_done_callback(self._settle)
        if self._found_at is None or now - self._found_at >= KEPT:
            return []
        return [one for one in self._found if one.begins_at <= now < one.ends_at and one.is_for(actor)]

    async def close(self) -> None:
        """End what is on its way."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait([self._asking])

    async def arrived(self) -> None:
        """Wait until what is on its way has arrived."""
        while self._asking is not None:
            await asyncio.wait([self._asking])

    async def _refresh(self) -> None:
        answer = await self._upstreams.call("notification", "GET", "/v1/banners")
        if not answer.is_success:
            raise ServiceDown()
        self._found = [Announcement.of(body) for body in answer.json()]
        self._found_at = self._clock.now()

    def _settle(self, done: "asyncio.Task[None]") -> None:
        self._asking = None
        if not done.cancelled() and (error := done.exception()):
            log.warning("announcements.not_fetched", error_type=type(error).__name__)
