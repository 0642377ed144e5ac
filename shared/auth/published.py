"""A document that registration publishes: fetched again and again, held in memory, kept while registration is away."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

import httpx
import structlog
from prometheus_client import Gauge

from shared.clock import Clock, SystemClock
from shared.outgoing import http_client
from shared.parts import Part, keep_running
from shared.tasks import contained

log = structlog.get_logger(__name__)

FETCH_SECONDS = 2.0  # a request that waits for a document waits this long at most
# A revocation must be known everywhere within a minute, one failed attempt included.
REFRESH_EVERY = timedelta(seconds=15)
LONGEST_BACKOFF = timedelta(seconds=5)
BETWEEN_REQUESTS = timedelta(seconds=10)  # invented ids cannot make us ask registration more often
FETCHED = Gauge(
    "zairyu_published_fetched_timestamp_seconds",
    "When a document of registration was last fetched (Unix time): `keys` or `revocations`",
    ["document"],
)

T = TypeVar("T")
Document = Mapping[str, Any]
Fetch = Callable[[], Awaitable[Document]]


class Published(Generic[T]):
    """Holds in `held` the document that `fetch` answers, as `read` parses it; the given value until the first one.

    Without `fetch` the given value stays. Both functions may raise any error.
    """

    def __init__(
        self,
        name: str,
        held: T,
        read: Callable[[Document], T],
        fetch: Fetch | None,
        *,
        clock: Clock | None = None,
        refresh_every: timedelta = REFRESH_EVERY,
        first_backoff: timedelta = timedelta(milliseconds=250),
    ) -> None:
        self.held = held
        self._name = name
        self._read = read
        self._fetch = fetch
        self._clock = clock or SystemClock()
        self._refresh_every = refresh_every
        self._first_backoff = first_backoff
        self._last_attempt: datetime | None = None
        self._first = asyncio.Event()
        if fetch is None:
            self._first.set()
        self._lock = asyncio.Lock()
        self._kept_fresh: Part | None = None

    @property
    def fetched(self) -> bool:
        """True once a document has been fetched."""
        return self._first.is_set()

    async def refresh(self) -> bool:
        """Fetch it now; False, with the old one kept, where that fails."""
        async with self._lock:
            return await self._attempt()

    async def ask(self, still_needed: Callable[[], bool]) -> None:
        """Fetch it for a caller who waits: once for all of them, and at most every ten seconds.

        Before the first fetch succeeds, the background tries for it, and the caller waits for that attempt.
        """
        if self._kept_fresh and not self.fetched:
            with suppress(TimeoutError):
                async with asyncio.timeout(FETCH_SECONDS):
                    await self._first.wait()
            return
        async with self._lock:
            if still_needed() and self._may_ask():
                await self._attempt()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep it fresh in the background for as long as the block lasts."""
        if self._fetch is None:
            yield
            return
        part = Part(f"published-{self._name}", self._run)
        self._kept_fresh = part
        try:
            async with keep_running(part):
                yield
        finally:
            self._kept_fresh = None

    async def check(self) -> None:
        """The readiness check of the background's part. Raises `PartNotRunning` where it does not run, but should."""
        if self._kept_fresh is not None:
            await self._kept_fresh.check()

    async def _run(self) -> None:
        backoff = self._first_backoff
        while True:
            if await self.refresh():
                backoff = self._first_backoff
                pause = self._refresh_every
            else:
                pause = backoff * random.uniform(0.5, 1.0)  # noqa: S311  # jitter, no secret
                backoff = min(backoff * 2, LONGEST_BACKOFF)
            await asyncio.sleep(pause.total_seconds())

    def _may_ask(self) -> bool:
        return self._last_attempt is None or self._clock.now() - self._last_attempt >= BETWEEN_REQUESTS

    async def _attempt(self) -> bool:
        if self._fetch is None:
            return True
        self._last_attempt = self._clock.now()
        try:
            with contained():
                async with asyncio.timeout(FETCH_SECONDS):
                    held = self._read(await self._fetch())
        # Whatever is wrong with this one, the next may be right: a loop that has ended would keep the old one for ever.
        except Exception as error:
            log.warning("published.fetch_failed", document=self._name, reason=type(error).__name__)
            return False
        self.held = held
        self._first.set()
        FETCHED.labels(self._name).set(self._last_attempt.timestamp())
        return True


def over_http(registration_url: str, name: str) -> Fetch:
    """Fetches `/.well-known/NAME` from registration; what has not changed since (ETag) is not sent again."""
    url = f"{registration_url.rstrip('/')}/.well-known/{name}"
    known: httpx.Response | None = None

    async def fetch() -> Document:
        nonlocal known
        headers = {"If-None-Match": known.headers["etag"]} if known and "etag" in known.headers else {}
        async with http_client(timeout=FETCH_SECONDS) as client:
            answer = await client.get(url, headers=headers)
        if known is None or answer.status_code != httpx.codes.NOT_MODIFIED:
            known = answer.raise_for_status()
        document: Document = known.json()
        return document

    return fetch
