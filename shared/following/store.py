"""Queries of following: the journal, timers, outbox, inbox and dead letters of a service, by application or event."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from shared.db import ReadSession
from shared.following.model import Sent, Step, Taken
from shared.journal.tables import journal
from shared.messaging.tables import dead_letters, inbox, outbox, sent_events
from shared.timers.table import timers

# More than any application has; what is beyond is not shown.
MOST_LINES = 1000
_TIMER = "timer:"


async def commands(session: ReadSession, subjects: Sequence[UUID]) -> list[Step]:
    """Lines of the journal, without those of readings: `journal` pages of auditors have them."""
    query = (
        select(
            *(journal.c[name] for name in ("at", "action", "actor_kind", "actor_name", "request_id", "cause_event_id")),
            journal.c.aggregate_id,
        )
        .where(journal.c.aggregate_id.in_(subjects), journal.c.action.not_like("%:read"))
        .order_by(journal.c.at, journal.c.position)
        .limit(MOST_LINES)
    )
    return [
        Step(
            at=row.at,
            kind="command",
            name=row.action,
            by=(row.actor_name or row.actor_kind).removeprefix("/zairyu/"),
            subject=row.aggregate_id,
            event_id=row.cause_event_id,
            timer=_timer(row.request_id),
        )
        for row in await session.execute(query)
    ]


def _timer(request_id: str) -> str | None:
    """The kind of the timer from which a command came; its request id is `timer:KIND:SUBJECT`."""
    return request_id.removeprefix(_TIMER).rpartition(":")[0] if request_id.startswith(_TIMER) else None


async def set_timers(session: ReadSession, subjects: Sequence[UUID]) -> list[Step]:
    """Timers that are set; those that fired have their line in the journal."""
    query = select(timers).where(timers.c.subject_id.in_(subjects)).order_by(timers.c.due_at).limit(MOST_LINES)
    return [
        Step(
            at=row.due_at,
            kind="timer",
            name=row.kind,
            state="failing" if row.last_error else "set",
            subject=row.subject_id,
        )
        for row in await session.execute(query)
    ]


async def letters(session: ReadSession, subjects: Sequence[UUID]) -> list[Step]:
    """Dead letters of these keys."""
    query = (
        select(dead_letters)
        .where(dead_letters.c.key.in_([str(subject) for subject in subjects]), dead_letters.c.status != "refused")
        .order_by(dead_letters.c.position)
        .limit(MOST_LINES)
    )
    return [
        Step(
            at=row.first_failed_at,
            kind="letter",
            name=row.event_type or "",
            state=row.status,
            subject=row.id,
            event_id=row.event_id,
        )
        for row in await session.execute(query)
    ]


async def sent(session: ReadSession, subjects: Sequence[UUID]) -> list[Sent]:
    """Events with these keys: those that wait in the outbox, and those that were sent."""
    keys = [str(subject) for subject in subjects]
    waiting = (
        select(outbox.c.id, outbox.c.type, outbox.c.recorded_at)
        .where(outbox.c.aggregateid.in_(keys), outbox.c.aggregatetype.not_like("%.dead-letters"))
        .order_by(outbox.c.position)
        .limit(MOST_LINES)
    )
    gone = select(sent_events).where(sent_events.c.key.in_(keys)).order_by(sent_events.c.event_id).limit(MOST_LINES)
    return [
        *(
            Sent(event_id=row.event_id, type=row.type, recorded_at=row.recorded_at, sent_at=row.sent_at)
            for row in await session.execute(gone)
        ),
        *(
            Sent(event_id=row.id, type=row.type, recorded_at=row.recorded_at, sent_at=None)
            for row in await session.execute(waiting)
        ),
    ]


async def taken(session: ReadSession, group: str, ids: Sequence[UUID]) -> list[Taken]:
    """Those of the events that the group has seen."""
    handled = select(inbox.c.event_id, inbox.c.received_at).where(
        inbox.c.consumer_group == group, inbox.c.event_id.in_(ids)
    )
    aside = select(dead_letters.c.event_id, dead_letters.c.first_failed_at, dead_letters.c.status).where(
        dead_letters.c.consumer_group == group, dead_letters.c.event_id.in_(ids)
    )
    return [
        *(Taken(event_id=row.event_id, at=row.received_at) for row in await session.execute(handled)),
        *(
            Taken(event_id=row.event_id, at=row.first_failed_at, state=row.status)
            for row in await session.execute(aside)
        ),
    ]
