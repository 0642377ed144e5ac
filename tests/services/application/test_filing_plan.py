"""The queries of a filing are answered from indexes, for every owner, however much they have."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import asyncpg
import pytest
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg

from services.application.filing.store import _DOSSIERS, _DOSSIERS_LOCKED
from shared.ids import new_id
from tests.infra.databases import TestDatabase

DIALECT: Any = PGDialect_asyncpg  # its constructor carries no types

# Each owner has a few: somebody who has begun thousands since is one of them to the planner.
MANY = """
INSERT INTO applications (
    id, owner_id, account_id, role, procedure, combined_with, status_of_residence, form_version, form, notify_language,
    attachments, file_ids, state, revision, created_at, updated_at, receipt_number, submitted_at, legal_date, office,
    person_key
)
SELECT gen_random_uuid(), md5((i / 3)::text)::uuid, md5(i::text)::uuid, 'org_staff', 'EXTEND', '{}', 'ENG_HUM_INT', 'n',
    '{}', 'ja', '[]', '{}', 'received', 1, now(), now(), 'n' || i, now(), '2026-11-20', 'TYO',
    decode(md5(i::text), 'hex')
FROM generate_series(1, 20000) AS i
"""


@pytest.mark.parametrize("query", [_DOSSIERS, _DOSSIERS_LOCKED], ids=["check", "filing"])
async def test_applications_are_found_by_their_ids_and_the_open_one_of_a_person_by_its_index(
    service_database: Callable[[str], TestDatabase], query: Any
) -> None:
    asked = query.params(ids=[], owner_id=new_id(), account_id=new_id(), roles=[], today=date(2026, 11, 20))
    compiled = str(asked.compile(dialect=DIALECT(), compile_kwargs={"render_postcompile": True}))
    values = ", ".join("NULL" for _ in set(re.findall(r"\$\d+", compiled)))
    connection = await asyncpg.connect(service_database("application").owner_url.replace("+asyncpg", ""))
    try:
        await connection.execute(MANY)
        await connection.execute("ANALYZE applications")
        # The plan that is kept once a statement was sent some times is for any value.
        await connection.execute("SET plan_cache_mode = force_generic_plan")
        await connection.execute(f"PREPARE asked AS {compiled}")
        plan = "\n".join(row[0] for row in await connection.fetch(f"EXPLAIN EXECUTE asked ({values})"))
    finally:
        await connection.close()
    assert "using uq_applications_open_for_person on applications applications_1" in plan, plan
    assert re.search(r"(using|on) pk_applications\b", plan), plan
    assert len(re.findall(r"\b(?:ix|uq)_applications_", plan)) == 1, plan
