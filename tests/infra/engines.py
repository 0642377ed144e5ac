"""Engines used again: a new one compiles every statement for itself, a third of the computing of many tests.

One that is closed on the event loop of the tests keeps its connections too: to make one, and to
prepare every statement and look up every table again, takes longer than the work of most tests.
"""

import asyncio
import select
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from shared.db import engine as production

# The address and options of an engine, and the loop to which the connections it keeps belong.
Kind = tuple[str, asyncio.AbstractEventLoop | None]


@contextmanager
def engines_used_again(home: asyncio.AbstractEventLoop) -> Iterator[None]:
    """A `Database` that is closed leaves its engine to the next of the same URL and options; on the loop `home` with
    its connections, elsewhere without."""
    idle: dict[Kind, list[AsyncEngine]] = defaultdict(list)
    lent: dict[int, tuple[str, bool]] = {}
    close = production.Database.close

    def lend(url: str, **options: Any) -> AsyncEngine:
        what, at_home = f"{url} {options}", _running() is home
        engine = _usable(idle[what, home]) if at_home else None
        if engine is None:
            engine = idle[what, None].pop() if idle[what, None] else create_async_engine(url, **options)
        lent[id(engine)] = what, at_home
        return engine

    async def give_back(database: production.Database) -> None:
        # Closing twice is permitted: the engine may be somebody else's by then.
        what, lent_at_home = lent.pop(id(database.engine), (None, False))
        # A connection that somebody still holds would be missing in the pool for ever.
        pool: Any = database.engine.sync_engine.pool
        keeps = what is not None and lent_at_home and _running() is home and not pool.checkedout()
        if not keeps:
            await close(database)
        if what is not None:
            idle[what, home if keeps else None].append(database.engine)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(production, "create_async_engine", lend)
        patch.setattr(production.Database, "close", give_back)
        yield


def _running() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _usable(engines: list[AsyncEngine]) -> AsyncEngine | None:
    """The next one whose connections all live: a server that was started again has ended them."""
    while engines:
        engine = engines.pop()
        pool: Any = engine.sync_engine.pool
        made = [record.dbapi_connection for record in pool._pool._queue._queue if record.dbapi_connection]
        if not any(_has_ended(connection.driver_connection) for connection in made):
            return engine
    return None


def _has_ended(connection: Any) -> bool:
    """Whether the server has ended a connection that nobody uses. The event loop may not have looked since; but there
    is something to read then, if only the end."""
    if connection.is_closed():
        return True
    readable = select.poll()
    readable.register(connection._transport.get_extra_info("socket"), select.POLLIN)
    return bool(readable.poll(0))
