"""Verification of the whole journal, seal by seal, in rounds: a part each minute, a round a day or when it is ordered.

A round knows the last seal that it has verified, and goes on from there: a process that dies loses nothing, and a large
journal takes days instead of memory. Rows that no seal covers are not verified; that they are sealed soon, an
invariant and an alert watch.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from prometheus_client import Gauge
from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db import Database, ReadSession
from shared.ids import new_id
from shared.journal.tables import journal_rounds, journal_seals
from shared.journal.verify import START, Finding, Place, verify_seal
from shared.timers.worker import Due, Job
from shared.work import Work

log = structlog.get_logger(__name__)
CONTRADICTIONS = Gauge("zairyu_journal_contradictions", "Contradictions that the last round of verification found")
VERIFIED = Gauge("zairyu_journal_verified_seconds", "When the last complete round had begun, Unix time")

_EVERY = timedelta(minutes=1)
_ROUND = timedelta(days=1)
_ROWS = 5_000  # about a second of computing
_SHOWN = 20
_KEPT = timedelta(days=90)


async def last_rounds(session: ReadSession, most: int = 2) -> list[Any]:
    """The newest rounds, the one under way first."""
    query = select(journal_rounds).order_by(journal_rounds.c.begun_at.desc(), journal_rounds.c.id.desc()).limit(most)
    return list((await session.execute(query)).mappings())


async def begin(session: AsyncSession, now: datetime, ordered_by: UUID | None = None) -> Any:
    """A round that begins now; the one under way where there is one, which begins again from the first seal."""
    running = journal_rounds.c.ended_at.is_(None)
    await session.execute(delete(journal_rounds).where(running))
    row = {"id": new_id(), "begun_at": now, "ordered_by": ordered_by}
    made = insert(journal_rounds).values(**row, reached=0, rows=0, contradictions=0, found=[])
    return (await session.execute(made.returning(journal_rounds))).mappings().one()


def verifying_job(db: Database) -> Job:
    """The job that verifies some seals each minute."""

    async def run(work: Work, _: Due) -> None:
        found = await last_rounds(work.session)
        newest = found[0] if found else None
        if newest is None or (newest["ended_at"] and newest["begun_at"] <= work.now - _ROUND):
            newest = await begin(work.session, work.now)
            await work.session.execute(delete(journal_rounds).where(journal_rounds.c.begun_at < work.now - _KEPT))
        if newest["ended_at"] is None:
            await _go_on(db, work.session, newest, work.now)
        await _measure(work.session)

    return Job("verify_journal", _EVERY, run)


async def _go_on(db: Database, session: AsyncSession, round_: Any, now: datetime) -> None:
    rows, reached, findings, is_over = 0, round_["reached"], [], False
    # A session of its own, that can only read: rows are many, and the journal is not this job's to change.
    async with db.read() as reading:
        before = await _place_after(reading, reached)
        while rows < _ROWS:
            seal = await _next(reading, reached)
            if seal is None:
                is_over = True
                break
            found, before, count = await verify_seal(reading, seal, before)
            findings += found
            rows, reached = rows + count, seal["number"]
    for finding in findings[:_SHOWN]:
        log.error("journal.contradicted", kind=finding.kind, where=finding.where)
    values = {
        "reached": reached,
        "rows": round_["rows"] + rows,
        "contradictions": round_["contradictions"] + len(findings),
        "found": [*round_["found"], *_shown(findings)][:_SHOWN],
        "ended_at": now if is_over else None,
    }
    await session.execute(update(journal_rounds).where(journal_rounds.c.id == round_["id"]).values(**values))


async def _next(session: ReadSession, reached: int) -> Any | None:
    query = select(journal_seals).where(journal_seals.c.number > reached).order_by(journal_seals.c.number).limit(1)
    return (await session.execute(query)).mappings().first()


async def _place_after(session: ReadSession, reached: int) -> Place:
    if not reached:
        return START
    row = (await session.execute(select(journal_seals).where(journal_seals.c.number == reached))).mappings().first()
    # Where it was deleted since, the next seal does not follow what it should.
    return Place(reached, row["hash"], row["xid_to"]) if row else Place(reached, b"", -1)


def _shown(findings: Sequence[Finding]) -> list[dict[str, str]]:
    return [{"kind": each.kind, "where": each.where, "what": each.what} for each in findings]


async def _measure(session: AsyncSession) -> None:
    found = await last_rounds(session)
    CONTRADICTIONS.set(max((each["contradictions"] for each in found), default=0))
    complete = [each["begun_at"].timestamp() for each in found if each["ended_at"]]
    if complete:
        VERIFIED.set(max(complete))
