"""Dead letters: a message that failed for good is set aside as it came; later ones of its topic and key wait behind it.

Those of its key on other topics do not: between topics there is no order, and a letter that needs an event of another
topic (`NotYet`) would hold the very event that it needs.
"""

import traceback
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import ARRAY, ColumnElement, Text, any_, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db import ReadSession
from shared.ids import new_id
from shared.messaging import outbox
from shared.messaging.authenticity import Refused
from shared.messaging.envelope import Undecodable
from shared.messaging.handlers import Item
from shared.messaging.message import Message
from shared.messaging.retry import is_transient
from shared.messaging.tables import dead_letters, headers_from_json, headers_to_json

_ROOT = Path(__file__).resolve().parent.parent.parent
STATUSES = ("parked", "deferred", "waiting", "refused")
# Letters that wait for an operator.
TO_DECIDE = ("parked", "refused")
# A sender without any key decides how many refused messages there are: the rest is counted, and is in its topic.
KEPT_REFUSED = 1_000
_KEPT_REFUSED_BYTES = 64 * 1024


def topic_of(group: str) -> str:
    """The topic that gets a copy of every letter that `group` parks."""
    return f"{group}.dead-letters"


async def refuse(session: AsyncSession, group: str, items: Sequence[Item], at: datetime) -> None:
    """Keep messages that are not authentic, up to `KEPT_REFUSED` of a group, without letting anything wait for them."""
    kept = await session.scalar(
        select(func.count()).where(dead_letters.c.consumer_group == group, dead_letters.c.status == "refused")
    )
    small = [item for item in items if _size(item.received) <= _KEPT_REFUSED_BYTES]
    for item in small[: max(0, KEPT_REFUSED - (kept or 0))]:
        assert item.error is not None
        # A stranger chooses keys and headers: a message that cannot be stored must not stop the consumer.
        try:
            async with session.begin_nested():
                # Without the id it claims: the true event of that id must find its own place.
                row = _row(group, item, "refused", at) | describe(item.error) | {"attempts": 1, "event_id": None}
                if await _insert(session, row):
                    await outbox.put(session, [copy_of(row)])
        except Exception as error:
            if is_transient(error):
                raise


async def lock(session: AsyncSession, group: str, key: str) -> None:
    """Lock this key until the transaction ends.

    Parking, waiting, replaying and dropping all take it: otherwise an event could decide to wait at the moment in
    which a replay finds nobody waiting, and would be left behind.
    """
    name = f"dead-letters:{group}:{key}"
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def in_order(group: str) -> ColumnElement[bool]:
    """The letters of `group` behind which others wait: all but the refused, whose keys are anybody's to choose."""
    return (dead_letters.c.consumer_group == group) & (dead_letters.c.status != "refused")


async def blocked(session: ReadSession, group: str, keys: Iterable[str]) -> set[tuple[str, str]]:
    """Topic and key of letters behind which later events must wait, of those with one of `keys`."""
    letter = dead_letters.c
    # One array: a list of parameters would be another statement for each number of keys.
    mine = in_order(group) & (letter.key == any_(literal(list(set(keys)), ARRAY(Text))))
    found = await session.execute(select(letter.topic, letter.key).where(mine).distinct())
    return {(row.topic, row.key) for row in found}


async def park(session: AsyncSession, group: str, item: Item, error: BaseException, at: datetime, tries: int) -> bool:
    """Set `item` aside until an operator decides, with a copy to the dead-letter topic; False if it was already."""
    described = describe(error)
    row = _row(group, item, "parked", at) | described | {"attempts": tries}
    if not await _insert(session, row):
        return False
    await outbox.put(session, [copy_of(row)])
    return True


async def defer(session: AsyncSession, group: str, item: Item, error: BaseException, at: datetime) -> bool:
    """Set `item` aside for the consumer itself to try again soon (`NotYet`)."""
    row = _row(group, item, "deferred", at) | describe(error) | {"attempts": 1, "retry_at": at}
    return await _insert(session, row)


async def wait_behind(session: AsyncSession, group: str, item: Item, at: datetime) -> bool:
    """Let `item` wait behind the first letter of its topic and key; False if there is none. Call under `lock`."""
    letter = dead_letters.c
    mine = in_order(group) & (letter.topic == item.received.topic) & (letter.key == item.received.key)
    first = await session.scalar(select(letter.id).where(mine).order_by(letter.position).limit(1))
    if first is None:
        return False
    await _insert(session, _row(group, item, "waiting", at) | {"attempts": 0, "waiting_for": first})
    return True


def copy_of(letter: dict[str, Any]) -> Message:
    """A letter as a message to the dead-letter topic: key, value and headers untouched, and the `x-` headers added."""
    added = {
        "x-original-topic": letter["topic"],
        "x-original-partition": letter["partition"],
        "x-original-offset": letter["log_offset"],
        "x-consumer": letter["consumer_group"],
        "x-attempts": letter["attempts"],
        "x-first-failed-at": letter["first_failed_at"].isoformat(),
        "x-error-type": letter["error_type"],
        "x-error": letter["error"],
    }
    headers = headers_from_json(letter["headers"]) + tuple((name, str(value).encode()) for name, value in added.items())
    return Message(topic_of(letter["consumer_group"]), letter["key"], letter["value"], headers)


def describe(error: BaseException) -> dict[str, str]:
    """Type and place of an error. Never its text: an error quotes the value it choked on, and that is somebody's."""
    if isinstance(error, Undecodable):
        return {"error_type": "Undecodable", "error": str(error)}
    if isinstance(error, Refused):
        return {"error_type": error.reason, "error": str(error)}
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if Path(f.filename).is_relative_to(_ROOT) and "site-packages" not in f.filename]
    place = ""
    if ours or frames:
        frame = (ours or list(frames))[-1]
        place = f"{_shortened(frame.filename)}:{frame.lineno} in {frame.name}"
    facts: list[str] = []
    if isinstance(error, ValidationError):
        facts = [f"{'.'.join(map(str, e['loc']))}: {e['type']}" for e in error.errors(include_input=False)[:5]]
    elif isinstance(error, DBAPIError):
        cause = getattr(error.orig, "__cause__", None)
        found = (getattr(error.orig, "sqlstate", None), getattr(cause, "constraint_name", None))
        facts = [str(fact) for fact in found if fact]
    return {"error_type": type(error).__qualname__, "error": " ".join([place, *facts]).strip()}


async def counts(session: ReadSession, group: str) -> dict[str, int]:
    """The number of letters of `group` by status."""
    letter = dead_letters.c
    query = select(letter.status, func.count().label("number")).where(letter.consumer_group == group)
    query = query.group_by(letter.status)
    found = {str(row.status): int(row.number) for row in await session.execute(query)}
    return {status: found.get(status, 0) for status in STATUSES}


async def oldest(session: ReadSession, group: str) -> dict[str, datetime]:
    """The moment since which the oldest letter of each topic is set aside; those that were refused are no events."""
    letter = dead_letters.c
    query = select(letter.topic, func.min(letter.first_failed_at).label("since"))
    query = query.where(letter.consumer_group == group, letter.status != "refused").group_by(letter.topic)
    return {str(row.topic): row.since for row in await session.execute(query)}


async def overview(session: ReadSession, group: str) -> Sequence[Any]:
    """Parked and refused letters grouped by error: rows of error_type, error, event_type, count, oldest (datetime)."""
    letter = dead_letters.c
    columns = (letter.error_type, letter.error, letter.event_type)
    query = (
        select(*columns, func.count().label("count"), func.min(letter.first_failed_at).label("oldest"))
        .where(letter.consumer_group == group, letter.status.in_(TO_DECIDE))
        .group_by(*columns)
        .order_by(func.count().desc())
    )
    return (await session.execute(query)).all()


async def parked(session: ReadSession, group: str, limit: int = 200) -> Sequence[Any]:
    """The oldest parked and refused letters: all columns, and `behind`, the number that wait behind each."""
    behind = dead_letters.alias()
    waiting = (
        select(func.count()).where(behind.c.consumer_group == group, behind.c.waiting_for == dead_letters.c.id)
    ).scalar_subquery()
    mine = (dead_letters.c.consumer_group == group) & dead_letters.c.status.in_(TO_DECIDE)
    query = select(dead_letters, waiting.label("behind")).where(mine).order_by(dead_letters.c.position).limit(limit)
    return (await session.execute(query)).all()


async def find(session: ReadSession, group: str, letter_id: UUID) -> Any:
    """One letter with all its columns, or None."""
    mine = (dead_letters.c.consumer_group == group) & (dead_letters.c.id == letter_id)
    return (await session.execute(select(dead_letters).where(mine))).first()


def _size(message: Message) -> int:
    return len(message.key) + len(message.value) + sum(len(name) + len(value) for name, value in message.headers)


def _shortened(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(_ROOT)) if path.is_relative_to(_ROOT) else path.name


def _row(group: str, item: Item, status: str, at: datetime) -> dict[str, Any]:
    received = item.received
    return {
        "id": new_id(),
        "consumer_group": group,
        "topic": received.topic,
        "partition": received.partition,
        "log_offset": received.offset,
        "key": received.key,
        "value": received.value,
        "headers": headers_to_json(received.headers),
        "event_id": item.id,
        "event_type": item.envelope.type if item.envelope else received.header("ce_type"),
        "status": status,
        "first_failed_at": at,
    }


async def _insert(session: AsyncSession, row: dict[str, Any]) -> bool:
    # The same message again (a crash before the offset was committed), or the same event at another offset.
    statement = insert(dead_letters).values(**row).on_conflict_do_nothing().returning(dead_letters.c.id)
    return (await session.execute(statement)).first() is not None
