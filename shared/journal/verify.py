"""Verification: rows against their hashes, chains against their order, seals against the rows they cover."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_

from shared.db import ReadSession
from shared.journal.chain import GENESIS, Entry, entry_hash
from shared.journal.merkle import merkle_root
from shared.journal.seals import Seal, rows_between
from shared.journal.tables import journal, journal_seals

_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not fit. `kind`: row-altered, chain-broken, seal-altered, seal-broken."""

    kind: str
    where: str
    what: str


async def verify(session: ReadSession) -> list[Finding]:
    """Everything that contradicts the claim that no journal row was edited, deleted, added or moved."""
    findings = [finding async for finding in _chains(session)]
    findings += [finding async for finding in _seals(session)]
    return findings


async def _chains(session: ReadSession) -> AsyncIterator[Finding]:
    last: tuple[UUID, int] | None = None
    expected = GENESIS
    while rows := await _page_after(session, last):
        for row in rows:
            where = f"{row['aggregate']} {row['aggregate_id']} version {row['version']}"
            if last is None or row["aggregate_id"] != last[0]:
                expected, next_version = GENESIS, 1
            else:
                next_version = last[1] + 1
            if row["version"] != next_version:
                yield Finding("chain-broken", where, f"version {next_version} is missing: a row was deleted")
            elif row["previous_hash"] != expected:
                yield Finding("chain-broken", where, "does not follow the row before it: rows were swapped or replaced")
            entry = Entry(**{name: row[name] for name in Entry.__slots__})
            if entry_hash(entry, row["previous_hash"]) != row["hash"]:
                yield Finding("row-altered", where, "content does not match its hash: the row was edited")
            expected = row["hash"]
            last = (row["aggregate_id"], row["version"])


async def _page_after(session: ReadSession, last: tuple[UUID, int] | None) -> list[Any]:
    query = select(journal).order_by(journal.c.aggregate_id, journal.c.version).limit(_PAGE)
    if last is not None:
        query = query.where(tuple_(journal.c.aggregate_id, journal.c.version) > last)
    return list((await session.execute(query)).mappings())


async def _seals(session: ReadSession) -> AsyncIterator[Finding]:
    previous = GENESIS
    covered_to = 0
    number = 0
    for row in (await session.execute(select(journal_seals).order_by(journal_seals.c.number))).mappings():
        number += 1
        seal = Seal(**{name: row[name] for name in Seal.__slots__})
        where = f"seal {seal.number}"
        if seal.number != number or seal.previous_hash != previous or seal.xid_from != covered_to:
            yield Finding("seal-broken", where, "does not follow the seal before it")
            number = seal.number
        if seal.hash != row["hash"]:
            yield Finding("seal-altered", where, "content does not match its hash: the seal was edited")
        leaves = (await session.scalars(rows_between(seal.xid_from, seal.xid_to))).all()
        if len(leaves) != seal.row_count or merkle_root(leaves) != seal.root:
            yield Finding("seal-broken", where, f"covers {seal.row_count} rows, {len(leaves)} found or not the same")
        previous, covered_to = row["hash"], seal.xid_to
