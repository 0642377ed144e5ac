"""Shared tables and the folder tables in a fresh database, with commands that run on them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from shared.clock import ManualClock
from shared.db import Database, baseline
from shared.journal import JournalledSession
from shared.work import Commands
from tests.infra.databases import TestDatabase
from tests.support import folder
from tests.support.keys import event_keys


@dataclass(frozen=True)
class FolderService:
    """A smallest service: its database as its role and as its owner, and its commands."""

    db: Database
    owner: Database
    clock: ManualClock
    commands: Commands


class _Executor:
    def __init__(self) -> None:
        self.statements: list[str] = []

    def execute(self, statement: str) -> None:
        self.statements.append(statement)


@asynccontextmanager
async def open_folder_service(database: TestDatabase, clock: ManualClock) -> AsyncIterator[FolderService]:
    """`database` has `role`, `url` (as the service's role) and `owner_url`."""
    collected = _Executor()
    baseline.v1(collected, database.role)
    baseline.v3(collected)
    baseline.sent_events(collected, database.role)
    baseline.process_states(collected, database.role)
    baseline.job_runs(collected, database.role)
    baseline.process_notices(collected)
    baseline.samples(collected, database.role)
    baseline.journal_rounds(collected, database.role)
    baseline.job_findings(collected)
    engine = create_async_engine(database.owner_url)
    async with engine.begin() as connection:
        for statement in [*collected.statements, *(s.format(role=database.role) for s in folder.CREATE)]:
            await connection.execute(text(statement))
    await engine.dispose()
    db = Database(database.url, session_class=JournalledSession)
    owner = Database(database.owner_url)
    try:
        yield FolderService(db, owner, clock, Commands(db, clock, event_keys()))
    finally:
        await db.close()
        await owner.close()
