"""A model of PostgreSQL's tables: row versions, read committed, locks of rows, unique keys, advisory locks."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import Identity, Table
from sqlalchemy.exc import DBAPIError, IntegrityError

Values = dict[str, Any]
Where = Callable[[Values], Any]


class _Refused(Exception):
    """The server's error, as the driver has it."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


def failure(sqlstate: str, *, gone: bool = False) -> DBAPIError:
    """An error with this SQLSTATE, as SQLAlchemy raises it; `gone` with a connection that was lost."""
    kind = IntegrityError if sqlstate.startswith("23") else DBAPIError
    return kind("", None, _Refused(sqlstate), connection_invalidated=gone)


class Transaction:
    """`ended_at` is its place in the order of commits; None while it runs and where it was rolled back."""

    def __init__(self) -> None:
        self.active = True
        self.ended_at: int | None = None
        self.failed = False
        self.undo: list[Callable[[], None]] = []
        self.blocked_on: Transaction | None = None
        self._ended: asyncio.Event | None = None

    async def wait_for(self, other: "Transaction") -> None:
        """Wait until `other` has ended. Raises the error of a deadlock, or of having been ended meanwhile."""
        step: Transaction | None = other
        while step is not None:
            if step is self:
                raise failure("40P01")
            step = step.blocked_on
        other._ended = other._ended or asyncio.Event()
        self.blocked_on = other
        try:
            await other._ended.wait()
        finally:
            self.blocked_on = None
        if not self.active:
            raise failure("57P01", gone=True)

    def end(self, committed_at: int | None) -> None:
        self.active, self.ended_at = False, committed_at
        if committed_at is None:
            self.roll_back_to(0)
        self.undo.clear()
        if self._ended:
            self._ended.set()

    def roll_back_to(self, length: int) -> None:
        while len(self.undo) > length:
            self.undo.pop()()
        self.failed = False


class Version:
    """One version of a row. `lock` is the transaction that locked, changed or deleted it last."""

    __slots__ = ("gone", "lock", "made", "next", "values")

    def __init__(self, values: Values, made: Transaction) -> None:
        self.values = values
        self.made = made
        self.gone: Transaction | None = None
        self.next: Version | None = None
        self.lock: Transaction | None = None


@dataclass
class Stored:
    """A table: its versions, unique keys (columns, and the condition under which they count), checks, defaults."""

    table: Table
    unique: Mapping[str, tuple[Sequence[str], Where | None]]
    check: Where | None = None
    now: Sequence[str] = ()
    versions: list[Version] = field(default_factory=list)
    identity: str | None = None
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        found = [column.name for column in self.table.columns if isinstance(column.server_default, Identity)]
        self.identity = found[0] if found else None


@dataclass(frozen=True)
class OnConflict:
    """The way of an INSERT with a key that is there: nothing, or `change` the row that has it."""

    change: Callable[[Values, Values], Values] | None = None


class Backend:
    """The server's side of one connection."""

    def __init__(self, server: "Server", owner: object = None) -> None:
        self.server = server
        self.owner = owner  # the process at the other end
        self.alive = True
        self.transaction: Transaction | None = None

    def begin(self) -> Transaction:
        """The transaction that runs, or a new one."""
        if not self.alive:
            raise failure("57P01", gone=True)
        if self.transaction is None:
            self.transaction = Transaction()
        if self.transaction.failed:
            raise failure("25P02")
        return self.transaction

    def commit(self) -> None:
        if not self.alive:
            raise failure("57P01", gone=True)
        transaction, self.transaction = self.transaction, None
        if transaction is None:
            return
        if transaction.failed:  # COMMIT of a failed transaction rolls back, and the driver does not say so
            transaction.end(None)
            return
        transaction.end(next(self.server.commits))
        self.server.tidy()

    def roll_back(self) -> None:
        transaction, self.transaction = self.transaction, None
        if transaction is not None:
            transaction.end(None)

    def end(self) -> None:
        """End the session: by its client, or because the server lost or ended it."""
        self.alive = False
        self.roll_back()
        if self in self.server.backends:
            self.server.backends.remove(self)
        self.server.session_locks = {k: b for k, b in self.server.session_locks.items() if b is not self}


class Server:
    """A database with these tables. `now` is its clock."""

    def __init__(self, tables: Sequence[Stored], now: Callable[[], datetime]) -> None:
        self.tables = {stored.table.name: stored for stored in tables}
        self.now = now
        self.commits = count(1)
        self.session_locks: dict[int, Backend] = {}
        self._locks: dict[Any, Transaction] = {}
        self.backends: list[Backend] = []

    def tidy(self) -> None:
        """Drop versions that nobody can see any more."""
        for stored in self.tables.values():
            stored.versions = [v for v in stored.versions if v.gone is None or v.gone.active]

    def rows(self, name: str) -> list[Values]:
        """The committed rows, for the checks after a run."""
        return [v.values for v in self.tables[name].versions if v.made.ended_at and (v.gone is None or v.gone.active)]

    def seen(self, stored: Stored, transaction: Transaction) -> list[Version]:
        """The versions a statement of `transaction` sees that begins now."""
        return [
            v
            for v in stored.versions
            if (v.made is transaction or v.made.ended_at)
            and (v.gone is None or (v.gone is not transaction and v.gone.ended_at is None))
        ]

    async def claim(self, transaction: Transaction, version: Version, where: Where, skip: bool) -> Version | None:
        """Lock a row, or its newest version after waiting; None where that is gone, no longer fits or is skipped."""
        found: Version | None = version
        while found is not None:
            if found.lock is not None and found.lock is not transaction and found.lock.active:
                if skip:
                    return None
                await transaction.wait_for(found.lock)
            elif found.gone is not None:
                if found.gone is transaction:
                    return None
                found = found.next
                if found is not None and not where(found.values):
                    return None
            else:
                before, found.lock = found.lock, transaction
                transaction.undo.append(_setting(found, "lock", before))
                return found
        return None

    def delete(self, transaction: Transaction, version: Version) -> None:
        version.gone = transaction
        transaction.undo.append(_setting(version, "gone", None))

    async def update(self, transaction: Transaction, stored: Stored, version: Version, values: Values) -> Version:
        self.delete(transaction, version)
        fresh = await self._add(transaction, stored, version.values | values, None)
        assert fresh is not None
        version.next = fresh
        fresh.lock = transaction
        transaction.undo.append(_setting(version, "next", None))
        return fresh

    async def insert(
        self, transaction: Transaction, stored: Stored, values: Values, conflict: OnConflict | None
    ) -> Values | None:
        """Insert a row; None where `conflict` says that it is to be left out.

        Waits for a transaction that has its key.
        """
        row = dict.fromkeys(stored.table.columns.keys()) | {name: self.now() for name in stored.now} | values
        if stored.identity:
            row[stored.identity] = next(stored.numbers)  # not given back by a rollback
        made = await self._add(transaction, stored, row, conflict)
        return made.values if made is not None else None

    async def _add(
        self, transaction: Transaction, stored: Stored, row: Values, conflict: OnConflict | None
    ) -> Version | None:
        if stored.check is not None and not stored.check(row):
            raise failure("23514")
        while True:
            other = self._same_key(stored, row, transaction)
            if other is None:
                break
            holder = next((t for t in (other.made, other.gone) if t and t.active and t is not transaction), None)
            if holder is not None:
                await transaction.wait_for(holder)
                continue
            if conflict is None:
                raise failure("23505")
            if conflict.change is None:
                return None
            locked = await self.claim(transaction, other, lambda _: True, skip=False)
            if locked is not None:
                return await self.update(transaction, stored, locked, conflict.change(locked.values, row))
        made = Version(row, transaction)
        stored.versions.append(made)
        transaction.undo.append(lambda: stored.versions.remove(made))
        return made

    def _same_key(self, stored: Stored, row: Values, transaction: Transaction) -> Version | None:
        for columns, condition in stored.unique.values():
            if condition is not None and not condition(row):
                continue
            for v in stored.versions:
                gone = v.gone is not None and (v.gone is transaction or v.gone.ended_at is not None)
                if not gone and all(v.values[name] == row[name] for name in columns):
                    return v
        return None

    async def lock_name(self, transaction: Transaction, name: Any) -> None:
        """An advisory lock until the end of the transaction."""
        while True:
            holder = self._locks.get(name)
            if holder is None or not holder.active or holder is transaction:
                break
            await transaction.wait_for(holder)
        self._locks[name] = transaction

    def try_lock_session(self, backend: Backend, name: int) -> bool:
        """An advisory lock until the end of the session."""
        return self.session_locks.setdefault(name, backend) is backend


def _setting(version: Version, name: str, value: Any) -> Callable[[], None]:
    return lambda: setattr(version, name, value)


@contextmanager
def failing(transaction: Transaction) -> Iterator[None]:
    """An error within a statement fails its transaction."""
    try:
        yield
    except BaseException:
        transaction.failed = True
        raise
