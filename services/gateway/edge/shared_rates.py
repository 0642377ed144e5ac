"""Limits that several gateways count together, in a Valkey (or Redis) server; without one each gateway for its own.

Both count alike: a caller within the limit is never refused, and refused requests do not count. While the server is
away each gateway counts for its own.
"""

from collections.abc import Callable
from hashlib import sha256
from time import monotonic
from typing import Any, Protocol

import structlog
from prometheus_client import Counter
from valkey import asyncio as valkey
from valkey.exceptions import ValkeyError

from services.gateway.edge.rates import WINDOW_SECONDS, RateLimited, SlidingWindow

AWAY = "limits-store-away"
log = structlog.get_logger(__name__)
FAILED = Counter("zairyu_shared_limits_failed_total", "Requests that one gateway counted alone: no server answered")
# A server that answers later than this is of no help: the request has other things to wait for.
_ANSWER_SECONDS = 0.25
# So long a server that failed is left alone, or each request would wait for it.
_LEFT_ALONE_SECONDS = 5.0
# One hash for each caller: seconds and how many requests each had. The server's own clock counts, because those of the
# gateways differ. Answers the seconds to wait, 0 where the request is counted.
_ADMIT = """
local now = tonumber(ARGV[3]) or tonumber(redis.call('TIME')[1])
local window, total, oldest = tonumber(ARGV[2]), 0, nil
local slices = redis.call('HGETALL', KEYS[1])
for place = 1, #slices, 2 do
  local slice = tonumber(slices[place])
  if slice <= now - window then
    redis.call('HDEL', KEYS[1], slices[place])
  else
    total = total + tonumber(slices[place + 1])
    if oldest == nil or slice < oldest then oldest = slice end
  end
end
if total >= tonumber(ARGV[1]) then return oldest + window - now end
redis.call('HINCRBY', KEYS[1], now, 1)
redis.call('EXPIRE', KEYS[1], window + 1)
return 0
"""


class Window(Protocol):
    """A limit on the requests of one caller in any minute."""

    async def admit(self, caller: str) -> None:
        """Count a request. Raises `RateLimited` where the caller has used up the window."""


class OwnWindow:
    """A window of this process alone."""

    def __init__(self, limit: int, *, now: Callable[[], float] = monotonic) -> None:
        self._window = SlidingWindow(limit, now=now)

    async def admit(self, caller: str) -> None:
        """Count a request. Raises `RateLimited`."""
        self._window.admit(caller)


class LimitStore:
    """The server in which gateways count together. `now` is for tests; without it the server's own clock counts."""

    def __init__(self, url: str, *, now: Callable[[], float] | None = None) -> None:
        self._client = valkey.Valkey.from_url(
            url, socket_timeout=_ANSWER_SECONDS, socket_connect_timeout=_ANSWER_SECONDS
        )
        self._script = self._client.register_script(_ADMIT)
        self._now = now
        self._left_alone_until = 0.0

    def window(self, name: str, limit: int) -> Window:
        """The window of one kind of requests, which all gateways share."""
        return _SharedWindow(self, name, limit)

    async def wait(self, name: str, caller: str, limit: int) -> int | None:
        """Seconds until the caller may come again, 0 where the request is counted; None where the server is away."""
        if monotonic() < self._left_alone_until:
            FAILED.inc()
            return None
        # Nobody reads from the server who calls: addresses and sessions are there as digests.
        key = f"zairyu:limit:{name}:{sha256(caller.encode()).hexdigest()}"
        arguments: list[Any] = [limit, WINDOW_SECONDS, "" if self._now is None else int(self._now())]
        try:
            return int(await self._script(keys=[key], args=arguments))
        except (ValkeyError, OSError, TimeoutError) as error:
            FAILED.inc()
            self._left_alone_until = monotonic() + _LEFT_ALONE_SECONDS
            log.warning("limits.store_away", error_type=type(error).__name__)
            return None

    async def ping(self) -> None:
        """Raise where the server does not answer."""
        await self._client.ping()

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


class _SharedWindow:
    def __init__(self, store: LimitStore, name: str, limit: int) -> None:
        self._store = store
        self._name = name
        self._limit = limit
        self._own = SlidingWindow(limit)

    async def admit(self, caller: str) -> None:
        wait = await self._store.wait(self._name, caller, self._limit)
        if wait is None:
            self._own.admit(caller)
        elif wait > 0:
            raise RateLimited(wait)
