"""Engines used again: a new one compiles every statement for itself, a third of the computing of many tests."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from shared.db import engine as production


@contextmanager
def engines_used_again() -> Iterator[None]:
    """A `Database` that is closed leaves its engine, without connections, to the next of the same URL and options."""
    idle: dict[str, list[AsyncEngine]] = defaultdict(list)
    lent: dict[int, str] = {}
    close = production.Database.close

    def lend(url: str, **options: Any) -> AsyncEngine:
        kind = f"{url} {options}"
        made = idle[kind].pop() if idle[kind] else create_async_engine(url, **options)
        lent[id(made)] = kind
        return made

    async def give_back(database: production.Database) -> None:
        await close(database)
        # Closing twice is permitted: the engine may be somebody else's by then.
        if kind := lent.pop(id(database.engine), None):
            idle[kind].append(database.engine)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(production, "create_async_engine", lend)
        patch.setattr(production.Database, "close", give_back)
        yield
