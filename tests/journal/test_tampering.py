"""Any later change of a journal row is found."""

from datetime import timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from shared.journal import seal_new_rows, verify
from shared.journal.merkle import merkle_root
from tests.support.folder import clerk, open_folder, rename_folder, request_identity
from tests.support.folder_service import FolderService

ALTERATIONS = {
    "edited": "UPDATE journal SET actor_name = 'somebody else' WHERE position = (SELECT min(position) FROM journal)",
    "changes edited": "UPDATE journal SET changes = '[]' WHERE version = 2",
    "deleted in the middle": "DELETE FROM journal WHERE version = 2",
    "deleted at the end": "DELETE FROM journal WHERE position = (SELECT max(position) FROM journal)",
    "deleted whole": "DELETE FROM journal WHERE aggregate_id = (SELECT min(aggregate_id::text)::uuid FROM journal)",
    "swapped": """UPDATE journal SET version = CASE version WHEN 1 THEN 901 ELSE 1 END WHERE version IN (1, 2);
                  UPDATE journal SET version = 2 WHERE version = 901""",
    "answer edited": "UPDATE journal SET answer = '{}' WHERE version = 1",
    "seal edited": "UPDATE journal_seals SET root = sha256('x') WHERE number = 1",
    "seal deleted": "DELETE FROM journal_seals WHERE number = 1",
}


async def _written(service: FolderService) -> None:
    for label in ("A", "B"):
        opened = await service.commands.run(clerk(), request_identity(), partial(open_folder, label=label))
        await service.commands.run(
            clerk(), request_identity(), partial(rename_folder, folder_id=opened.id, label="renamed")
        )
        await _seal(service)


async def _seal(service: FolderService) -> None:
    service.clock.advance(timedelta(minutes=1))
    async with service.db.transaction() as session:
        await seal_new_rows(session, service.clock.now())


async def test_an_untouched_journal_verifies(service: FolderService) -> None:
    await _written(service)
    async with service.db.read() as session:
        assert await verify(session) == []


@pytest.mark.parametrize("how", ALTERATIONS)
async def test_an_altered_journal_is_found(service: FolderService, how: str) -> None:
    await _written(service)
    async with service.owner.transaction() as session:
        await session.execute(text("ALTER TABLE journal DROP CONSTRAINT uq_journal_aggregate_id_version"))
        for statement in ALTERATIONS[how].split(";"):
            await session.execute(text(statement))
    async with service.db.read() as session:
        assert await verify(session) != []


async def test_a_forged_row_slipped_behind_a_seal_is_found(service: FolderService) -> None:
    await _written(service)
    columns = """aggregate, aggregate_id, action, actor_kind, at, request_id, detail, changes, previous_hash, hash"""
    async with service.owner.transaction() as session:
        await session.execute(
            text(
                f"INSERT INTO journal ({columns}, version, xid)"
                f" SELECT {columns}, 9, xid FROM journal ORDER BY position LIMIT 1"
            )
        )
    async with service.db.read() as session:
        kinds = {finding.kind for finding in await verify(session)}
    assert {"seal-broken", "row-altered"} <= kinds


async def test_a_row_committed_late_is_sealed_by_the_next_seal(service: FolderService) -> None:
    slow = service.commands.work(clerk(), request_identity())
    work = await slow.__aenter__()
    await open_folder(work, "slow")
    await work.finish()
    await service.commands.run(clerk(), request_identity(), lambda work: open_folder(work, "quick"))
    await _seal(service)
    await slow.__aexit__(None, None, None)
    await _seal(service)
    async with service.db.read() as session:
        sealed = await session.scalar(text("SELECT sum(row_count) FROM journal_seals"))
        assert sealed == 2
        assert await verify(session) == []


@pytest.mark.parametrize("privilege", ["UPDATE", "DELETE", "TRUNCATE"])
@pytest.mark.parametrize("table", ["journal", "journal_seals", "journal_timestamps"])
async def test_the_service_role_can_only_add_to_the_journal(service: FolderService, table: str, privilege: str) -> None:
    async with service.db.read() as session:
        held = await session.scalar(text("SELECT has_table_privilege(:t, :p)"), {"t": table, "p": privilege})
    assert held is False


@given(st.lists(st.binary(min_size=1, max_size=8), min_size=1, max_size=20), st.data())
def test_a_merkle_root_depends_on_every_leaf_and_on_their_order(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    changed = [*leaves[:index], leaves[index] + b"!", *leaves[index + 1 :]]
    assert merkle_root(changed) != merkle_root(leaves)
    assert merkle_root([*leaves, leaves[-1]]) != merkle_root(leaves)
    if leaves != leaves[::-1]:
        assert merkle_root(leaves[::-1]) != merkle_root(leaves)
