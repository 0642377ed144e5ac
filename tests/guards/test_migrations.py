"""Migrations that cannot hurt: one head, behind those of the release before, a short lock time-out, a way back."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text

from shared.db import Database
from shared.db.migrate import head_revision, migrate, rollback
from shared.db.tables import tables_of
from shared.journal.capture import replayable
from tests.guards.sources import ROOT, WITH_DATABASE
from tests.infra.databases import TestDatabase


def _scripts(service: str) -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "services" / service / "migrations"))
    return ScriptDirectory.from_config(config)


@pytest.mark.parametrize("service", WITH_DATABASE)
def test_a_service_has_one_migration_head(service: str) -> None:
    assert len(_scripts(service).get_heads()) == 1


@pytest.mark.parametrize("service", WITH_DATABASE)
def test_migrations_of_the_previous_release_come_first_and_are_unchanged(service: str) -> None:
    """A site that runs `deploy/previous` has run them: what is put between them would never run there."""
    commit = (ROOT / "deploy/previous").read_text().strip()
    folder = f"services/{service}/migrations/versions/"
    listed = _git("ls-tree", "-r", commit, folder)
    if listed is None:
        pytest.skip(f"the repository has no {commit}: fetch its history")
    names = {row.split("\t")[1].removeprefix(folder): row.split()[2] for row in listed.splitlines()}
    before = {name: content for name, content in names.items() if name != "__init__.py"}
    ours = [Path(script.path) for script in _scripts(service).walk_revisions()][::-1]
    assert {path.name for path in ours[: len(before)]} == before.keys()
    changed = [path.name for path in ours[: len(before)] if _git("hash-object", str(path)) != before[path.name]]
    assert changed == []


def _git(*arguments: str) -> str | None:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else None


@pytest.mark.parametrize("service", WITH_DATABASE)
def test_migrations_run_through_the_shared_environment_with_its_lock_time_out(service: str) -> None:
    env = (ROOT / "services" / service / "migrations" / "env.py").read_text()
    assert "from shared.db.alembic_env import run" in env
    assert "lock_timeout = '1s'" in Path(ROOT / "shared/db/alembic_env.py").read_text()


@pytest.mark.parametrize("service", WITH_DATABASE)
async def test_migrations_can_be_taken_back_and_done_again(
    service: str, service_database: Callable[[str], TestDatabase]
) -> None:
    import asyncio

    database = service_database(service)
    await asyncio.to_thread(rollback, service, database.owner_url)
    await asyncio.to_thread(migrate, service, database.owner_url)
    db = Database(database.url)
    try:
        async with db.read() as session:
            assert await session.scalar(text("SELECT count(*) FROM journal")) == 0
    finally:
        await db.close()
    assert head_revision(service)


@pytest.mark.parametrize("service", WITH_DATABASE)
async def test_a_columns_default_is_declared_where_the_journal_is_compared(
    service: str, service_database: Callable[[str], TestDatabase]
) -> None:
    row: Any = tables_of(service)
    tables = {mapper.local_table for mapper in row.registry.mappers if replayable(mapper)}
    declared = {
        (table.name, column.name): str(column.server_default.arg)
        for table in tables & set(row.metadata.tables.values())
        for column in table.columns
        if column.server_default is not None
    }
    db = Database(service_database(service).url)
    try:
        async with db.read() as session:
            found = await session.execute(
                text(
                    "SELECT table_name, column_name, column_default FROM information_schema.columns "
                    "WHERE table_name = ANY(:tables) AND column_default IS NOT NULL"
                ),
                {"tables": [table.name for table in tables]},
            )
            assert {(row.table_name, row.column_name): row.column_default for row in found} == declared
    finally:
        await db.close()
