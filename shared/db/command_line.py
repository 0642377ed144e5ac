"""The exit of a command line that cannot use the database: one line, and status 1."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

_TROUBLE = (OSError, SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError)
_NO_TABLE = "42P01"


@contextmanager
def exit_on_database_error(setting: str = "ZAIRYU_DATABASE_URL") -> Iterator[None]:
    """Around what a command does with the database that `setting` names. Ends the process where that fails.

    Neither the address nor the server's own words are printed: they may quote a secret or personal data.
    """
    try:
        yield
    except _TROUBLE as error:
        raise SystemExit(f"{_described(error)}: check {setting}") from None


def _described(error: Exception) -> str:
    if isinstance(error, ArgumentError):
        return "the database's address is not postgresql+asyncpg://role:password@host:port/database"
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    state = getattr(cause, "sqlstate", None)
    if state == _NO_TABLE:
        return "the database lacks a table that every service has (is it migrated, and the service's own?)"
    if state:
        return f"the database refused ({type(cause).__name__}, SQLSTATE {state})"
    return f"the database does not answer ({type(cause).__name__})"
