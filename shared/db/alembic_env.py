"""Runs migrations for a service's `migrations/env.py`: one transaction per migration, a lock, a short lock time-out."""

import asyncio

from alembic import context
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

# Any constant serves: two migrations of one database at the same time wait for each other.
_MIGRATION_LOCK = 7_203_871_146


def run(target: MetaData) -> None:
    """Run the migrations that Alembic's context asks for; called from a thread that runs no event loop."""
    asyncio.run(_run(target))


async def _run(target: MetaData) -> None:
    engine = create_async_engine(context.config.attributes["url"], poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            await connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _MIGRATION_LOCK})
            # A migration that cannot get its table lock at once gives way to the traffic and fails clearly.
            await connection.execute(text("SET lock_timeout = '1s'"))
            await connection.commit()
            await connection.run_sync(_migrate, target)
            await connection.commit()
    finally:
        await engine.dispose()  # cleanup: the process ends


def _migrate(connection: Connection, target: MetaData) -> None:
    context.configure(connection=connection, target_metadata=target, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
