"""The context of a command: its transaction, who acts, and what it leaves behind.

A command loads, asks the rule, changes rows, enters one line in the journal and records events. All of it is one
transaction, and `Commands` ends it: application code never commits.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import bindparam, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from shared.auth.actor import Actor
from shared.clock import Clock, legal_date
from shared.db import Database
from shared.db.together import insert_together
from shared.errors import Invalid, Text
from shared.events.base import Event
from shared.ids import new_id
from shared.journal.capture import JournalledSession, to_json
from shared.journal.chain import GENESIS, Entry, entry_hash, written
from shared.journal.tables import journal
from shared.journal.tags import AuditTag
from shared.messaging import Envelope, EventKeys, Handler, encode, outbox
from shared.sealing import SealedTogether, Sealer

A = TypeVar("A", bound=BaseModel)
T = TypeVar("T")
E = TypeVar("E", bound=Event)

# Built once: putting a statement together costs more than sending it.
_LOCK_KEY = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
_KEPT = select(journal.c.answer, journal.c.fingerprint).where(
    journal.c.idempotency_scope == bindparam("scope"), journal.c.idempotency_key == bindparam("key")
)
_HEADS = text(
    "SELECT aggregate_id, version, hash FROM unnest(CAST(:ids AS uuid[])) AS aggregate_id CROSS JOIN LATERAL"
    " (SELECT version, hash FROM journal WHERE journal.aggregate_id = aggregate_id.aggregate_id"
    " ORDER BY version DESC LIMIT 1) AS head"
)
# Two commands on one aggregate that did not lock it both compute the same next version; the loser starts again.
_ATTEMPTS = 5
# PostgreSQL manual, appendix A: two transactions wait for each other, and one of them is ended.
_DEADLOCK = "40P01"
_RACES = ("uq_journal_aggregate_id_version", "uq_journal_idempotency")


@dataclass(frozen=True, slots=True)
class RequestIdentity:
    """The identity of a request: its id, its idempotency key and fingerprint, and its place in a trace."""

    request_id: str
    idempotency_key: str | None = None
    fingerprint: bytes | None = None
    traceparent: str | None = None
    correlation_id: UUID | None = None
    cause_event_id: UUID | None = None


@dataclass(slots=True)
class _Line:
    aggregate: str
    aggregate_id: UUID
    action: AuditTag
    detail: Mapping[str, Any]


class MissingEntry(RuntimeError):
    """A command changed rows but entered nothing in the journal."""


@dataclass(slots=True)
class Work:
    """The unit of work of one command: its transaction, actor and moment, its journal lines and its events.

    `sealer` closes personal data that travels in events; a service without its key has none.
    """

    session: AsyncSession
    actor: Actor
    now: datetime
    mark: RequestIdentity
    keys: EventKeys
    sealer: Sealer | None = None
    _sealing: SealedTogether | None = None
    _lines: list[_Line] = field(default_factory=list)
    _events: list[Event] = field(default_factory=list)

    @property
    def request_id(self) -> str:
        return self.mark.request_id

    @property
    def today(self) -> date:
        """The legal date of this command: the day in Asia/Tokyo."""
        return legal_date(self.now)

    @property
    def actor_id(self) -> UUID:
        """The account that acts. Raises `RuntimeError` for an actor without one."""
        if self.actor.id is None:
            raise RuntimeError(f"{self.actor.kind} {self.actor.name} has no account")
        return self.actor.id

    def seal(self, text: str) -> str:
        """`text`, closed for the service that may open it. Raises `RuntimeError` in a service without a sealing key."""
        if self.sealer is None:
            raise RuntimeError(f"{self.keys.source} has no sealing key")
        self._sealing = self._sealing or self.sealer.with_one_key()
        return self._sealing.seal(text)

    def emit(self, event: Event) -> None:
        """Send `event` once this command is committed; never, if it is not."""
        self._events.append(event)

    def journal(
        self, aggregate: str, aggregate_id: UUID, action: AuditTag, detail: Mapping[str, Any] | None = None
    ) -> None:
        """Write this command's line in the journal of one aggregate.

        A command that concerns several aggregates enters one line for each. The changes of a row that is an aggregate
        go with the first line of that aggregate, all others with the first line of the command.
        `detail` holds what the row changes do not say (a reason, a checklist), in JSON's types.
        """
        self._lines.append(_Line(aggregate, aggregate_id, action, detail or {}))

    async def attempt(self, command: Callable[..., Awaitable[T]], *args: Any) -> T:
        """The answer of `command(work, *args)`, as one of several of this command: what it raises undoes it alone."""
        await self.session.flush()
        lines, events, changes = len(self._lines), len(self._events), _count_changes(self.session)
        try:
            async with self.session.begin_nested():
                answer = await command(self, *args)
                await self.session.flush()
        except BaseException:
            del self._lines[lines:], self._events[events:]
            _forget_changes(self.session, changes)
            raise
        return answer

    async def finish(self, answer: BaseModel | None = None, keep_answer: bool = False) -> None:
        """Write the journal lines and the outbox rows. `Commands` calls this; a command does not."""
        await self.session.flush()
        changes = _take_changes(self.session)
        if changes and not self._lines:
            raise MissingEntry(f"rows of {changes[0]['table']} changed without a journal entry")
        rows = []
        heads = await _heads(self.session, [line.aggregate_id for line in self._lines])
        for number, (line, changed) in enumerate(zip(self._lines, _by_line(self._lines, changes), strict=True)):
            version, previous = heads.get(line.aggregate_id, (0, GENESIS))
            keyed = number == 0 and keep_answer
            entry = Entry(
                aggregate=line.aggregate,
                aggregate_id=line.aggregate_id,
                version=version + 1,
                action=line.action.value,
                actor_kind=self.actor.kind,
                actor_id=self.actor.id,
                actor_organisation_id=self.actor.organisation_id,
                actor_name=self.actor.name,
                at=self.now,
                request_id=self.mark.request_id,
                cause_event_id=self.mark.cause_event_id,
                idempotency_scope=_scope(self.actor) if keyed else None,
                idempotency_key=self.mark.idempotency_key if keyed else None,
                fingerprint=self.mark.fingerprint if keyed else None,
                answer=answer.model_dump(mode="json") if keyed and answer is not None else None,
                detail=written(to_json(line.detail)),
                changes=written(changed),
            )
            digest = entry_hash(entry, previous)
            rows.append({n: getattr(entry, n) for n in Entry.__slots__} | {"previous_hash": previous, "hash": digest})
            heads[line.aggregate_id] = (version + 1, digest)
        if rows:
            await insert_together(await self.session.connection(), journal, rows)
        if self._events:
            await outbox.put(
                self.session, [self.keys.sign(encode(event, self._envelope(event))) for event in self._events]
            )
        self._lines.clear()
        self._events.clear()

    def _envelope(self, event: Event) -> Envelope:
        return Envelope.of(
            event,
            id=new_id(),
            source=self.keys.source,
            time=self.now,
            traceparent=self.mark.traceparent,
            correlationid=self.mark.correlation_id,
            causationid=self.mark.cause_event_id,
        )


class Commands:
    """Runs commands, each in one transaction of `db`. `keys` sign their events; `sealer` closes what is personal."""

    def __init__(self, db: Database, clock: Clock, keys: EventKeys, sealer: Sealer | None = None) -> None:
        self.db = db
        self.clock = clock
        self.keys = keys
        self.sealer = sealer

    def begin(self, session: AsyncSession, actor: Actor, mark: RequestIdentity) -> Work:
        """The unit of work of a command in the transaction of `session`, which the caller ends."""
        return Work(session, actor, self.clock.now(), mark, self.keys, self.sealer)

    @asynccontextmanager
    async def work(self, actor: Actor, mark: RequestIdentity) -> AsyncIterator[Work]:
        """A command without an answer to keep. Raising inside leaves nothing behind."""
        async with self.db.transaction() as session:
            work = self.begin(session, actor, mark)
            yield work
            await work.finish()

    async def run(self, actor: Actor, mark: RequestIdentity, command: Callable[[Work], Awaitable[A]]) -> A:
        """Run `command`, again from the start if another command on the same aggregate was quicker."""

        async def attempt() -> A:
            async with self.work(actor, mark) as work:
                return await command(work)

        return await _until_not_raced(attempt)

    async def once(
        self, actor: Actor, mark: RequestIdentity, command: Callable[[Work], Awaitable[A]], answer: type[A]
    ) -> A:
        """Run `command` once per (caller, idempotency key): a repeated request gets the first answer again.

        Raises `Invalid` (`idempotency-key-reused`) when the key came with another request before. The command must
        enter a journal line: it is what keeps the answer.
        """
        if mark.idempotency_key is None:
            return await self.run(actor, mark, command)

        async def attempt() -> A:
            async with self.db.transaction() as session:
                kept = await _kept_answer(session, actor, mark)
                if kept is not None:
                    return answer.model_validate(kept)
                work = self.begin(session, actor, mark)
                result = await command(work)
                await work.finish(result, keep_answer=True)
                return result

        return await _until_not_raced(attempt)

    def handler(self, fn: Callable[[Work, E], Awaitable[None]]) -> Handler:
        """`fn` as a handler of another service's event: same transaction as the inbox row."""

        async def handle(session: AsyncSession, envelope: Envelope, event: Event) -> None:
            mark = RequestIdentity(
                request_id=f"event:{envelope.id}",
                traceparent=envelope.traceparent,
                correlation_id=envelope.correlationid,
                cause_event_id=envelope.id,
            )
            work = self.begin(session, Actor.system(f"{self.keys.source}/handlers"), mark)
            await fn(work, event)  # type: ignore[arg-type]
            await work.finish()

        return handle


async def _until_not_raced(attempt: Callable[[], Awaitable[A]]) -> A:
    for _ in range(_ATTEMPTS - 1):
        try:
            return await attempt()
        except DBAPIError as error:
            if not _was_raced(error):
                raise
        await asyncio.sleep(0)
    return await attempt()


def _was_raced(error: DBAPIError) -> bool:
    """Whether the same command, started again, finds another's work done. A command and a timer of one record take its
    row and the timer's in different orders: the one that the database ends leaves nothing behind."""
    if getattr(error.orig, "sqlstate", None) == _DEADLOCK:
        return True
    return isinstance(error, IntegrityError) and any(name in str(error.orig) for name in _RACES)


async def _kept_answer(session: AsyncSession, actor: Actor, mark: RequestIdentity) -> Any:
    scope = _scope(actor)
    # Requests with the same key wait for each other here, so that the second one sees the first one's answer.
    await session.execute(_LOCK_KEY, {"name": f"{scope}:{mark.idempotency_key}"})
    row = (await session.execute(_KEPT, {"scope": scope, "key": mark.idempotency_key})).first()
    if row is None:
        return None
    if row.fingerprint != mark.fingerprint:
        raise Invalid(
            Text(
                "この Idempotency-Key は別の内容の要求で使用済みです。新しいキーで送信してください。",
                "This Idempotency-Key came with a different request before. Send the new request with a new key.",
            ),
            code="idempotency-key-reused",
        )
    return row.answer


def _scope(actor: Actor) -> str:
    return str(actor.id) if actor.id else actor.kind


def _take_changes(session: AsyncSession) -> list[Any]:
    sync = session.sync_session
    return list(sync.take_changes()) if isinstance(sync, JournalledSession) else []


def _count_changes(session: AsyncSession) -> int:
    return len(session.sync_session.info.get("changes", ()))


def _forget_changes(session: AsyncSession, after: int) -> None:
    del session.sync_session.info.get("changes", [])[after:]


def _by_line(lines: Sequence[_Line], changes: Sequence[Any]) -> list[list[Any]]:
    """The changes that go with each line."""
    divided: list[list[Any]] = [[] for _ in lines]
    places = {str(line.aggregate_id): number for number, line in reversed(list(enumerate(lines)))}
    for change in changes:
        divided[places.get(change["key"].get("id", ""), 0)].append(change)
    return divided


async def _heads(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, tuple[int, bytes]]:
    """Version and hash of the last journal row of aggregates; several commands of one transaction share them."""
    known: dict[UUID, tuple[int, bytes]] = session.sync_session.info.setdefault("journal_heads", {})
    if unknown := [each for each in dict.fromkeys(ids) if each not in known]:
        for row in (await session.execute(_HEADS, {"ids": unknown})).all():
            known[row.aggregate_id] = (row.version, row.hash)
    return known
