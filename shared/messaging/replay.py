"""Dead letters replayed, with the letters that wait behind them and in order, or dropped with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Select, bindparam, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.backoff import backoff
from shared.clock import Clock, SystemClock
from shared.db import Database
from shared.ids import new_id
from shared.messaging import deadletters, inbox, outbox
from shared.messaging.authenticity import EventKeys
from shared.messaging.handlers import Dispatch, Handlers
from shared.messaging.message import Received
from shared.messaging.retry import NotYet, Retry, is_transient
from shared.messaging.tables import dead_letter_decisions, dead_letters, headers_from_json
from shared.tasks import contained

log = structlog.get_logger(__name__)
_letter = dead_letters.c
# Topic and key, within which letters have an order.
_Place = tuple[str, str]
_PLACES = select(_letter.topic, _letter.key)
# Built once: every consumer asks it once a second.
_ANY = select(_letter.id).where(_letter.consumer_group == bindparam("group")).limit(1)


@dataclass(frozen=True, slots=True)
class Replayed:
    """The numbers of letters that took effect (now or before), and of those that failed again."""

    resolved: int = 0
    failed: int = 0

    def __add__(self, other: "Replayed") -> "Replayed":
        return Replayed(self.resolved + other.resolved, self.failed + other.failed)


class NoSuchLetter(LookupError):
    """There is no letter with this id: it was replayed or dropped, or belongs to another group."""


class DeadLetters:
    """The dead letters of one group, and the operator's commands on them."""

    def __init__(
        self,
        db: Database,
        group: str,
        handlers: Handlers,
        *,
        keys: EventKeys,
        not_yet_for: timedelta = timedelta(minutes=5),
        clock: Clock | None = None,
    ) -> None:
        self.db = db
        self.group = group
        self._dispatch = Dispatch(handlers, keys)
        self._not_yet_for = not_yet_for
        self._clock = clock or SystemClock()

    def now(self) -> datetime:
        """The moment, by the clock of the letters."""
        return self._clock.now()

    async def replay(
        self, *, by: str, letter_id: UUID | None = None, error_type: str | None = None, reason: str = ""
    ) -> Replayed:
        """Replay parked letters, each with all that wait behind it: one by id, those of one error, or all.

        Every event has a transaction of its own. One that fails again stays parked with one attempt more, and the
        letters behind it keep waiting. Refused letters are checked again, and take effect only if they are authentic
        with the present keys. Raises `NoSuchLetter`.
        """
        total = await self._recheck(by, letter_id, error_type, reason)
        mine = _PLACES.where(_letter.consumer_group == self.group)
        if letter_id is not None:
            mine = mine.where(_letter.id == letter_id, _letter.status != "refused")
        else:
            mine = mine.where(_letter.status == "parked")
            if error_type is not None:
                mine = mine.where(_letter.error_type == error_type)
        found = await self._places(mine)
        if letter_id is not None and not found and total == Replayed():
            raise NoSuchLetter(str(letter_id))
        for place in found:
            total += await self._run(place, by, reason)
        return total

    async def drop(self, letter_id: UUID, *, by: str, reason: str) -> Replayed:
        """Drop a letter for good, record the decision, and retry the letters behind it. Raises `NoSuchLetter`."""
        if not reason.strip():
            raise ValueError("say why the letter is dropped: the event will never have its effect")
        async with self.db.transaction() as session:
            letter = await deadletters.find(session, self.group, letter_id)
            if letter is None:
                raise NoSuchLetter(str(letter_id))
            await deadletters.lock(session, self.group, letter.key)
            if await self._resolve(session, letter, "dropped", by, reason) and letter.event_id:
                # Delivered once more, it must not come back.
                await inbox.record(session, self.group, [letter.event_id])
            first = await self._first(session, _place(letter))
        if first is None or first.status != "waiting":
            return Replayed()
        return await self._run(_place(letter), None)

    def try_opening(self, letter: Any) -> tuple[bool, str | None]:
        """Whether this version of the service handles such events, and why it cannot read this one (None: it can)."""
        item = self._dispatch.open(_received(letter))
        if item is None:
            return False, None
        return True, str(item.error) if item.error else None

    async def any(self) -> bool:
        """Whether the group has any letter."""
        return await self.db.ask(_ANY, {"group": self.group}) is not None

    async def retry_due(self) -> int:
        """Retry deferred letters (`NotYet`) that are due, and waiting ones with no letter before them any more.

        A replay that was killed between two letters leaves the latter: such a letter waits for itself. Returns the
        number of places tried.
        """
        due = or_(_letter.retry_at <= self._clock.now(), _letter.waiting_for == _letter.id)
        places = await self._places(_PLACES.where(_letter.consumer_group == self.group, due).limit(500))
        for place in places:
            await self._run(place, None)
        return len(places)

    async def _places(self, query: Select[str, str]) -> Sequence[_Place]:
        async with self.db.read() as session:
            found = await session.execute(query.order_by(_letter.position))
            return list(dict.fromkeys((row.topic, row.key) for row in found))

    async def _run(self, place: _Place, by: str | None, reason: str = "") -> Replayed:
        """Handle the letters of a topic and key from the first one until none is left or one fails."""
        resolved = 0
        while True:
            async with self.db.transaction() as session:
                await deadletters.lock(session, self.group, place[1])
                letter = await self._first(session, place)
                # Without an operator nobody decided about a parked letter: it stays.
                if letter is None or (by is None and letter.status == "parked"):
                    return Replayed(resolved)
                try:
                    with contained():
                        async with session.begin_nested():
                            await self._effect(session, letter)
                except Exception as error:
                    if is_transient(error) and not isinstance(error, Retry):
                        raise
                    await self._failed_again(session, letter, error)
                    return Replayed(resolved, failed=1)
                await self._resolve(session, letter, "replayed", by, reason)
            resolved += 1

    async def _recheck(self, by: str, letter_id: UUID | None, error_type: str | None, reason: str) -> Replayed:
        """Check refused letters again. One that is authentic becomes an ordinary letter of its key and is tried."""
        query = select(_letter.id).where(_letter.consumer_group == self.group, _letter.status == "refused")
        if letter_id is not None:
            query = query.where(_letter.id == letter_id)
        if error_type is not None:
            query = query.where(_letter.error_type == error_type)
        async with self.db.read() as session:
            ids = list(await session.scalars(query.order_by(_letter.position)))
        total = Replayed()
        for each in ids:
            total += await self._recheck_one(each, by, reason)
        return total

    async def _recheck_one(self, letter_id: UUID, by: str, reason: str) -> Replayed:
        async with self.db.transaction() as session:
            letter = await deadletters.find(session, self.group, letter_id)
            if letter is None or letter.status != "refused":
                return Replayed()
            await deadletters.lock(session, self.group, letter.key)
            item = self._dispatch.open(_received(letter))
            this = update(dead_letters).where(_letter.id == letter.id)
            if item is not None and item.refused:
                values = deadletters.describe(item.refused) | {"attempts": letter.attempts + 1}
                await session.execute(this.values(**values))
                return Replayed(failed=1)
            event_id = item.id if item is not None else None
            same = (_letter.consumer_group == self.group) & (_letter.event_id == event_id)
            if event_id is not None and await session.scalar(select(_letter.id).where(same)):
                # The event is among the letters already, and has its effect from there.
                await self._resolve(session, letter, "replayed", by, reason)
                return Replayed(1)
            await session.execute(this.values(status="parked", event_id=event_id))
        return await self._run(_place(letter), by, reason)

    async def _first(self, session: AsyncSession, place: _Place) -> Any:
        topic, key = place
        mine = deadletters.in_order(self.group) & (_letter.topic == topic) & (_letter.key == key)
        query = select(dead_letters).where(mine).order_by(_letter.position).limit(1)
        return (await session.execute(query)).first()

    async def _effect(self, session: AsyncSession, letter: Any) -> None:
        item = self._dispatch.open(_received(letter))
        if item is None:
            return  # this version of the service no longer wants events of this type
        if item.error or not item.envelope or not item.event:
            raise item.error or AssertionError("an item without error has an event")
        if await inbox.record(session, self.group, [item.envelope.id]):
            await self._dispatch.handle(session, [(item.envelope, item.event)])

    async def _failed_again(self, session: AsyncSession, letter: Any, error: Exception) -> None:
        now = self._clock.now()
        tries = letter.attempts + 1
        since = letter.first_failed_at if letter.attempts else now
        late = isinstance(error, (NotYet, Retry)) and letter.status != "parked" and now < since + self._not_yet_for
        values = deadletters.describe(error) | {
            "status": "deferred" if late else "parked",
            "attempts": tries,
            "first_failed_at": since,
            "waiting_for": None,
            "retry_at": now + _pause(tries) if late else None,
        }
        await session.execute(update(dead_letters).where(_letter.id == letter.id).values(**values))
        if not late and letter.status != "parked":
            await outbox.put(session, [deadletters.copy_of(letter._asdict() | values)])
            log.error(
                "dead_letters.parked", group=self.group, event_id=str(letter.event_id), error_type=values["error_type"]
            )

    async def _resolve(self, session: AsyncSession, letter: Any, action: str, by: str | None, reason: str) -> bool:
        """Delete a letter; an operator's decision about it is recorded."""
        gone = await session.execute(delete(dead_letters).where(_letter.id == letter.id).returning(_letter.id))
        if gone.first() is None:
            return False
        first = await self._first(session, _place(letter))
        if first is not None:
            behind = (_letter.consumer_group == self.group) & (_letter.waiting_for == letter.id)
            await session.execute(update(dead_letters).where(behind).values(waiting_for=first.id))
        if by is not None and letter.status != "waiting":
            kept = ("consumer_group", "topic", "partition", "log_offset", "key", "event_id", "event_type", "error_type")
            decision = {name: getattr(letter, name) for name in kept} | {
                "id": new_id(),
                "letter_id": letter.id,
                "action": action,
                "decided_by": by,
                "reason": reason,
                "decided_at": self._clock.now(),
            }
            await session.execute(insert(dead_letter_decisions).values(**decision))
        return True


def _place(letter: Any) -> _Place:
    return letter.topic, letter.key


def _received(letter: Any) -> Received:
    headers = headers_from_json(letter.headers)
    place = {"partition": letter.partition, "offset": letter.log_offset}
    return Received(letter.topic, letter.key, bytes(letter.value), headers, **place)


def _pause(attempts: int) -> timedelta:
    """The wait of a deferred letter before its next attempt: growing, up to 10 s, with full jitter."""
    return timedelta(seconds=next(backoff(min(10.0, 0.2 * 2.0**attempts), 10.0)))
