"""Presence of the senders: each holds a lock of its database session, which ends with its process.

A claim carries its sender's key. While the key is locked, the sender works on the claim, however long that takes; once
it is free for some seconds, nobody will ever record the outcome.
"""

import asyncio
import secrets

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.db import Database
from shared.tasks import see_through

_DROP_SECONDS = 2.0
# A machine that vanished must not hold the lock for the two hours TCP would give it.
_SETTINGS = ("tcp_keepalives_idle = 5", "tcp_keepalives_interval = 3", "tcp_keepalives_count = 3")


class Presence:
    """The session of one sender, and the lock in it. Holds one connection of the pool."""

    def __init__(self, db: Database) -> None:
        self.key = secrets.randbits(63)
        self._db = db
        self._connection: AsyncConnection | None = None

    async def session(self) -> AsyncConnection:
        """The session that holds the lock; opened where there is none. Each statement is a transaction of its own."""
        if self._connection is None:
            connection = await self._db.engine.connect()
            try:
                await connection.execution_options(isolation_level="AUTOCOMMIT")
                for setting in _SETTINGS:
                    await connection.execute(text(f"SET {setting}"))
                # Shared: an earlier session that the server has not closed yet does not block this one.
                await connection.execute(select(func.pg_advisory_lock_shared(self.key)))
            except BaseException:
                await see_through(_drop(connection), seconds=_DROP_SECONDS, name="closing of a sender's session")
                raise
            self._connection = connection
        return self._connection

    async def end(self) -> None:
        """Give up the session and, with it, the lock."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await see_through(_drop(connection), seconds=_DROP_SECONDS, name="closing of a sender's session")


class Missing:
    """The senders that are without their lock, each with the moment since which it is missed.

    After the database came back, every living sender needs a moment to take its lock again: one counts as dead only
    after `patience` seconds, from when it was first missed.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._since: dict[int, float] = {}

    def dead(self, missed: set[int]) -> list[int]:
        """The keys that were missed long enough. `missed` are those that nobody holds at this moment."""
        now = asyncio.get_running_loop().time()
        self._since = {key: self._since.get(key, now) for key in missed}
        return [key for key, since in self._since.items() if now - since >= self._patience]


async def _drop(connection: AsyncConnection) -> None:
    # Closing the connection, not giving it back to the pool, is what frees the lock for certain.
    await connection.invalidate()
    await connection.close()
