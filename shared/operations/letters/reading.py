"""Dead letters as the board shows them."""

from typing import Any
from uuid import UUID

from shared.db import ReadSession
from shared.errors import NotFound
from shared.events import by_type
from shared.messaging import DeadLetters, deadletters
from shared.messaging.tables import headers_from_json
from shared.operations.letters import store
from shared.operations.letters.fields import EventField, read_fields
from shared.operations.letters.schemas import Group, Header, Letter, LetterLine, Letters, Order, Waiting

_MOST_BEHIND = 50
# Headers of an envelope. Anything else was chosen by the sender of the message.
_ENVELOPE = "ce_"
_LONGEST = 200


async def overview(letters: DeadLetters) -> Letters:
    """The letters of a service, in groups and one by one, and the orders about them."""
    async with letters.db.read() as session:
        counts = await deadletters.counts(session, letters.group)
        groups = await deadletters.overview(session, letters.group)
        parked = await deadletters.parked(session, letters.group)
        orders = await store.recent(session)
    return Letters(
        counts=counts,
        groups=[Group.model_validate(row, from_attributes=True) for row in groups],
        letters=[_line(row, row.behind) for row in parked],
        orders=[Order.of(row) for row in orders],
    )


async def one(letters: DeadLetters, letter_id: UUID) -> Letter:
    """One letter that waits for a decision. Raises `NotFound` where there is none (any more)."""
    async with letters.db.read() as session:
        row = await deadletters.find(session, letters.group, letter_id)
        if row is None or row.status not in deadletters.TO_DECIDE:
            raise NotFound()
        return await _letter(session, letters, row)


async def order(letters: DeadLetters, order_id: UUID) -> Order:
    """One order. Raises `NotFound`."""
    async with letters.db.read() as session:
        row = await store.order(session, order_id)
    if row is None:
        raise NotFound()
    return Order.of(row)


async def _letter(session: ReadSession, letters: DeadLetters, row: Any) -> Letter:
    behind = await store.behind(session, letters.group, row.id, _MOST_BEHIND)
    orders = [each for each in await store.recent(session) if each.letter_id == row.id]
    is_known, error = letters.try_opening(row)
    return Letter(
        **_line(row, len(behind)).model_dump(),
        topic=row.topic,
        partition=row.partition,
        offset=row.log_offset,
        event_id=row.event_id,
        size=len(row.value),
        headers=_headers(row),
        is_known=is_known,
        opens_now=is_known and error is None,
        why_not=error,
        fields=_fields(row),
        waiting=[Waiting(id=each.id, event_type=each.event_type, since=each.first_failed_at) for each in behind],
        orders=[Order.of(each) for each in orders],
    )


def _line(row: Any, behind: int) -> LetterLine:
    given = {name: getattr(row, name) for name in LetterLine.model_fields if name != "behind"}
    return LetterLine(**given, behind=behind)


def _headers(row: Any) -> list[Header]:
    shown = []
    for name, value in headers_from_json(row.headers):
        # A stranger's message may claim anything in any of its headers.
        if row.status == "parked" and name.startswith(_ENVELOPE):
            text = value.decode(errors="backslashreplace")[:_LONGEST]
        else:
            text = f"{len(value)} bytes"
        shown.append(Header(name=name[:_LONGEST], value=text))
    return shown


def _fields(row: Any) -> list[EventField]:
    """The event beside its schema; nothing of a message that is not authentic, or of a type that nobody knows."""
    if row.status != "parked" or row.event_type is None:
        return []
    try:
        return read_fields(by_type(row.event_type), bytes(row.value))
    except KeyError:
        return []
