"""Verification: rows against their hashes, chains against their order, seals against the rows they cover."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
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


class Place(NamedTuple):
    """The end of a seal, where the next one has to begin."""

    number: int
    hash: bytes
    xid_to: int


START = Place(0, GENESIS, 0)


async def verify_seal(session: ReadSession, row: Mapping[str, Any], before: Place) -> tuple[list[Finding], Place, int]:
    """The contradictions of one seal and of the rows that it covers, the place after it, and the number of rows.

    All seals after another are the whole journal, but for the rows that are not sealed yet.
    """
    findings = _row_of_seals(row, before)
    leaves: list[bytes] = []
    last: tuple[int, int] | None = None
    while rows := await _covered_after(session, row["xid_from"], row["xid_to"], last):
        for each in rows:
            findings += _row_by_itself(each)
            is_first = each["hash_before"] is None
            findings += _after(each, each["hash_before"], max(each["version"] - is_first, 1))
            leaves.append(each["hash"])
        last = (rows[-1]["xid"], rows[-1]["position"])
    findings += _covers(row, leaves)
    return findings, Place(row["number"], row["hash"], row["xid_to"]), len(leaves)


async def _covered_after(session: ReadSession, xid_from: int, xid_to: int, last: tuple[int, int] | None) -> list[Any]:
    """Rows of a seal, each with the hash of the row before it in its chain."""
    before = journal.alias("before")
    follows = (before.c.aggregate_id == journal.c.aggregate_id) & (before.c.version == journal.c.version - 1)
    query = select(journal, before.c.hash.label("hash_before")).outerjoin(before, follows)
    query = query.where(journal.c.xid >= xid_from, journal.c.xid < xid_to)
    query = query.order_by(journal.c.xid, journal.c.position).limit(_PAGE)
    if last is not None:
        query = query.where(tuple_(journal.c.xid, journal.c.position) > last)
    return list((await session.execute(query)).mappings())


async def _chains(session: ReadSession) -> AsyncIterator[Finding]:
    last: tuple[UUID, int] | None = None
    expected: bytes | None = None
    while rows := await _page_after(session, last):
        for row in rows:
            if last is None or row["aggregate_id"] != last[0]:
                expected, next_version = None, 1
            else:
                next_version = last[1] + 1
            for finding in (*_after(row, expected, next_version), *_row_by_itself(row)):
                yield finding
            expected = row["hash"]
            last = (row["aggregate_id"], row["version"])


def _after(row: Mapping[str, Any], expected: bytes | None, next_version: int) -> list[Finding]:
    """The contradictions between a row and the one before it, whose hash is `expected`; None: there is none."""
    if row["version"] != next_version:
        return [Finding("chain-broken", _where(row), f"version {next_version} is missing: a row was deleted")]
    if row["previous_hash"] != (GENESIS if expected is None else expected):
        return [
            Finding("chain-broken", _where(row), "does not follow the row before it: rows were swapped or replaced")
        ]
    return []


def _row_by_itself(row: Mapping[str, Any]) -> list[Finding]:
    entry = Entry(**{name: row[name] for name in Entry.__slots__})
    if entry_hash(entry, row["previous_hash"]) == row["hash"]:
        return []
    return [Finding("row-altered", _where(row), "content does not match its hash: the row was edited")]


def _where(row: Mapping[str, Any]) -> str:
    return f"{row['aggregate']} {row['aggregate_id']} version {row['version']}"


async def _page_after(session: ReadSession, last: tuple[UUID, int] | None) -> list[Any]:
    query = select(journal).order_by(journal.c.aggregate_id, journal.c.version).limit(_PAGE)
    if last is not None:
        query = query.where(tuple_(journal.c.aggregate_id, journal.c.version) > last)
    return list((await session.execute(query)).mappings())


async def _seals(session: ReadSession) -> AsyncIterator[Finding]:
    before = START
    rows: Any = (await session.execute(select(journal_seals).order_by(journal_seals.c.number))).mappings()
    for row in rows:
        for finding in _row_of_seals(row, before):
            yield finding
        leaves = (await session.scalars(rows_between(row["xid_from"], row["xid_to"]))).all()
        for finding in _covers(row, leaves):
            yield finding
        before = Place(row["number"], row["hash"], row["xid_to"])


def _row_of_seals(row: Mapping[str, Any], before: Place) -> list[Finding]:
    seal, where, findings = _seal(row), f"seal {row['number']}", []
    if (seal.number, seal.previous_hash, seal.xid_from) != (before.number + 1, before.hash, before.xid_to):
        findings.append(Finding("seal-broken", where, "does not follow the seal before it"))
    if seal.hash != row["hash"]:
        findings.append(Finding("seal-altered", where, "content does not match its hash: the seal was edited"))
    return findings


def _covers(row: Mapping[str, Any], leaves: Sequence[bytes]) -> list[Finding]:
    if len(leaves) == row["row_count"] and merkle_root(leaves) == row["root"]:
        return []
    what = f"covers {row['row_count']} rows, {len(leaves)} found or not the same"
    return [Finding("seal-broken", f"seal {row['number']}", what)]


def _seal(row: Mapping[str, Any]) -> Seal:
    return Seal(**{name: row[name] for name in Seal.__slots__})
