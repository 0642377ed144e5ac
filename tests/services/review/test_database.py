"""Tables as the code maps them, rights no wider than needed, and a way back."""

import asyncio
from collections.abc import Callable

import asyncpg
import pytest
from sqlalchemy import text

from services.review.cases.store import Row
from shared.db.migrate import migrate, rollback
from tests.infra.databases import TestDatabase
from tests.services.review.desk import Desk

WRITTEN_ONCE = {
    "case_states",
    "examinations",
    "fee_payments",
    "batched_cases",
    "card_returns",
    "payment_files",
    "payment_notices",
    "same_person_findings",
    "case_transfers",
    "clock_notices",
}
CHANGED = {
    "cases",
    "certificates",
    "corrections",
    "document_requests",
    "interviews",
    "more_time_requests",
    "proposals",
    "card_batches",
    "undelivered_messages",
    "card_materials",
    "case_flags",
    "examiners",
    "absences",
    "cards",
    "counter_bookings",
    "dispatches",
    "payment_differences",
    "payment_orders",
    "payment_receipts",
    "refunds",
}


# Counted again in place of what was there.
COUNTED = {"figure_counts", "figure_durations", "figure_months", "figure_queues", "figure_steps"}


@pytest.mark.parametrize("table", sorted(WRITTEN_ONCE | CHANGED | COUNTED))
async def test_the_service_role_may_do_what_its_commands_do_and_no_more(desk: Desk, table: str) -> None:
    async with desk.service.db.read() as session:
        held = {
            right
            for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
            if await session.scalar(text("SELECT has_table_privilege(:t, :r)"), {"t": table, "r": right})
        }
    more = {"UPDATE"} if table in CHANGED else {"DELETE"} if table in COUNTED else set()
    assert held == {"SELECT", "INSERT"} | more


async def test_the_migration_makes_exactly_the_columns_and_indexes_that_are_mapped(desk: Desk) -> None:
    mapped = {table.name: table for table in Row.metadata.sorted_tables}
    assert set(mapped) == WRITTEN_ONCE | CHANGED | COUNTED
    async with desk.service.db.read() as session:
        for name, table in mapped.items():
            columns = await session.execute(
                text("SELECT column_name, is_nullable FROM information_schema.columns WHERE table_name = :t"),
                {"t": name},
            )
            found = {(row.column_name, row.is_nullable == "YES") for row in columns}
            assert found == {(c.name, bool(c.nullable)) for c in table.columns}
            indexes = set(
                await session.scalars(text("SELECT indexname FROM pg_indexes WHERE tablename = :t"), {"t": name})
            )
            assert {index.name for index in table.indexes} <= indexes


async def test_the_migration_can_be_taken_back_and_leaves_nothing(
    service_database: Callable[[str], TestDatabase],
) -> None:
    database = service_database("review")
    await asyncio.to_thread(rollback, "review", database.owner_url)
    connection = await asyncpg.connect(database.owner_url.replace("+asyncpg", ""))
    try:
        left = await connection.fetch(
            "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'public'"
            " AND relkind = 'r' AND relname <> 'alembic_version' UNION ALL"
            " SELECT proname FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = 'public'"
        )
    finally:
        await connection.close()
    assert left == []
    await asyncio.to_thread(migrate, "review", database.owner_url)
