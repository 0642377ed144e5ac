"""Turns at destinations that get no more than so many messages in a time, kept in the database for all senders."""

import random
from collections.abc import Mapping
from datetime import timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notification.channels.protocol import Channel, Claimed, NotTried
from services.notification.delivery import domain, store
from shared.clock import Clock
from shared.db import Database
from shared.tasks import contained

log = structlog.get_logger(__name__)

_AT_ONCE = timedelta()


class Turns:
    """The turns of one sender's messages. Destinations without a pace, that ask for none, cost nothing."""

    def __init__(self, db: Database, channels: Mapping[str, Channel], clock: Clock) -> None:
        self._db = db
        self._channels = channels
        self._clock = clock
        # Those that asked any sender for less within `SLOW_FOR`.
        self._slowed: frozenset[tuple[str, str]] = frozenset()

    async def look(self, session: AsyncConnection) -> None:
        """Learn which destinations asked for less."""
        found = await session.execute(store.SLOWED, {"since": self._clock.now() - domain.SLOW_FOR})
        self._slowed = frozenset((row[0], row[1]) for row in found)

    async def take(self, name: str, claimed: Claimed) -> NotTried | None:
        """None where the message may go now; else it waits for its turn.

        A message that is of use for some time only, such as a link, goes at once; those after it wait for it.
        """
        channel = self._channels[name]
        if not channel.paces and not any(slowed == name for slowed, _ in self._slowed):
            return None
        destination = channel.destination(claimed)
        usual = channel.paces.get(destination or "")
        if destination is None or (usual is None and (name, destination) not in self._slowed):
            return None
        now = self._clock.now()
        if claimed.turn_at is not None and claimed.turn_at <= now < claimed.turn_at + domain.TURN_KEPT:
            return None
        async with self._db.transaction() as session:
            row = await store.lock_pace(session, name, destination, now)
            turn, row.pace = row.pace.take(usual or _AT_ONCE, now)
        if claimed.valid_until is not None or (turn is not None and turn <= now):
            return None
        later = domain.turn_later(now, random.random())  # noqa: S311 - spreads those that wait
        return NotTried("waits-for-its-turn", turn=turn, until=turn or later)

    async def slow_down(self, name: str, claimed: Claimed) -> None:
        """The destination of this message asked for less. Where the database is away, it will ask again."""
        destination = self._channels[name].destination(claimed)
        if destination is None:
            return
        try:
            with contained():
                async with self._db.transaction() as session:
                    row = await store.lock_pace(session, name, destination, self._clock.now())
                    row.pace = row.pace.slowed(self._clock.now())
        except Exception as error:
            log.warning("sender.not_slowed_down", channel=name, error_type=type(error).__name__)
            return
        self._slowed |= {(name, destination)}
