"""PostgreSQL's log of a statement that fails: the reason, and nothing of the person concerned."""

from pathlib import Path
from typing import Any

import asyncpg
import pytest
import yaml

from deploy.local.postgres import QUIET_LOG, Postgres
from shared.ids import new_id
from tests.support.waiting import eventually

ROOT = Path(__file__).resolve().parents[2]


async def test_a_failed_constraint_names_nobody(postgres: Postgres, bare_database: Any) -> None:
    """[attacks F23] a row that breaks a constraint, a value that fits no type, a parameter: the log has the names of
    table and constraint, and no part of the row, the statement or its parameters."""
    log = postgres.directory / "run" / f"{postgres.name}.log"
    mark = new_id().hex
    name, mail = f"taro-{mark}", f"taro-{mark}@example.jp"
    connection = await asyncpg.connect(bare_database.owner_url.replace("+asyncpg", ""))
    try:
        constraint = f"ck_{mark}"
        await connection.execute(
            f"CREATE TABLE people (name text, mail text UNIQUE, CONSTRAINT {constraint} CHECK (name <> mail), age int)"
        )
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute(f"INSERT INTO people VALUES ('{mail}', '{mail}', 1)")
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute("INSERT INTO people VALUES ($1, $1, 1)", mail)
        await connection.execute("INSERT INTO people VALUES ($1, $2, 1)", name, mail)
        with pytest.raises(asyncpg.UniqueViolationError):
            await connection.execute("INSERT INTO people VALUES ($1, $2, 1)", name, mail)
        with pytest.raises(asyncpg.PostgresSyntaxError):
            await connection.execute(f"INSERT INTO people VALUE ('{name}')")
        with pytest.raises(asyncpg.DivisionByZeroError):
            await connection.execute("SELECT 1 / (length($1) - length($1)) FROM people", name)
    finally:
        await connection.close()
    await eventually(lambda: log.read_text(errors="replace").count(constraint) >= 2)
    written = log.read_text(errors="replace")
    assert f"taro-{mark}" not in written
    assert "Failing row" not in written


def test_containers_log_as_little() -> None:
    """[attacks F23] compose starts PostgreSQL with the same settings."""
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    command = compose["services"]["postgres"]["command"]
    assert {f"-c{name}={value}" for name, value in QUIET_LOG.items()} <= set(command)
