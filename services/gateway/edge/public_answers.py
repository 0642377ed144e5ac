"""Answers of services that are the same for every reader of a language, kept for a while: forms with their words."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from services.gateway.edge.upstream import ServiceDown, Upstreams
from shared.clock import Clock
from shared.languages import DEFAULT, OFFICIAL, Lang

T = TypeVar("T")
FRESH = timedelta(minutes=1)
# A form has some hundred kilobytes, and there are about fifty, some of them for several statuses.
_MOST = 200
# Service, path, language.
_Key = tuple[str, str, Lang]


@dataclass(slots=True)
class _Kept:
    value: object
    tag: str
    until: datetime


class PublicAnswers:
    """Fetched anonymously. One that is older than a minute is asked for again by its ETag."""

    def __init__(self, upstreams: Upstreams, clock: Clock) -> None:
        self._upstreams = upstreams
        self._clock = clock
        self._kept: OrderedDict[_Key, _Kept] = OrderedDict()
        self._asking: dict[_Key, asyncio.Lock] = {}

    async def get(self, service: str, path: str, read: Callable[[Any], T], lang: Lang) -> T | None:
        """The JSON of a service's answer as `read` makes it, which is kept; None where the service has no such thing.
        Raises like `Upstreams.call`."""
        # Japanese and English are in every answer: they share one.
        key = (service, path, DEFAULT if lang in OFFICIAL else lang)
        lock = self._asking.setdefault(key, asyncio.Lock())
        async with lock:
            kept = self._kept.get(key)
            if kept is None or kept.until <= self._clock.now():
                kept = await self._fetch(key, kept, read)
        if not lock.locked():
            self._asking.pop(key, None)
        return None if kept is None else cast(T, kept.value)

    async def _fetch(self, key: _Key, old: _Kept | None, read: Callable[[Any], object]) -> _Kept | None:
        service, path, lang = key
        headers: dict[str, str] = {"Accept-Language": lang} | ({"If-None-Match": old.tag} if old and old.tag else {})
        answer = await self._upstreams.call(service, "GET", path, headers=headers)
        until = self._clock.now() + FRESH
        if old and answer.status_code == 304:
            old.until = until
            return old
        if answer.status_code >= 500:
            raise ServiceDown()
        if not answer.is_success:
            self._kept.pop(key, None)
            return None
        self._kept[key] = made = _Kept(read(answer.json()), answer.headers.get("ETag", ""), until)
        self._kept.move_to_end(key)
        while len(self._kept) > _MOST:
            self._kept.popitem(last=False)
        return made
