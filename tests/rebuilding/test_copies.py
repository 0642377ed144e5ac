"""Every copy of another service's facts: rebuilt as events had brought it, and put right where it was damaged."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text

from services.review.cases.domain.states import State
from shared.auth import Role
from shared.clock import ManualClock
from shared.events.application import ApplicationSubmitted
from shared.events.fields import Recipient
from shared.events.registration import AccountActivated
from shared.ids import new_id
from shared.rebuilding.kept import KEPT
from shared.sealing import Sealer
from tests.infra.databases import TestDatabase
from tests.rebuilding.support import Pair
from tests.services.application.people import Filer
from tests.services.document import files
from tests.services.registration.bureau import ADDRESS, ADMINISTRATOR, OfficerAdmin
from tests.services.registration.life import add_role, colleague, memberships, report
from tests.services.registration.site import RegistrationClient
from tests.services.review.desk import Desk
from tests.support import tokens
from tests.support.keys import SEALING_KEY, unsealed
from tests.support.service import RunningService, running

REASON = {"reason_code": "misuse"}
MOMENTS = "'{reported_at,as_of,stopped_at,sealed_address,sealed_name}'::text[]"
# The tables of each keeper, and what goes wrong in them.
DAMAGED = {
    ("application", "accounts"): {
        "members": ["DELETE FROM members WHERE account_id IN (SELECT id FROM accounts WHERE state = 'active')",
                    "INSERT INTO members SELECT gen_random_uuid(), id, '{rso_staff}', reported_at"
                    " FROM accounts WHERE state = 'active'"],
        "accounts": ["UPDATE accounts SET state = 'suspended' WHERE state = 'active'"],
    },
    ("document", "accounts"): {
        "stopped_accounts": ["DELETE FROM stopped_accounts"],
    },
    ("notification", "accounts"): {
        "contacts": ["UPDATE contacts SET (sealed_address, language) = (SELECT sealed_address, 'en'"
                     " FROM contacts AS other WHERE other.account_id <> contacts.account_id"
                     " AND other.sealed_address IS NOT NULL ORDER BY account_id LIMIT 1)"
                     " WHERE sealed_address IS NOT NULL"],
        "members": ["UPDATE members SET acts = NOT acts"],
    },
    ("application", "organisations"): {
        "organisation_categories": ["UPDATE organisation_categories SET treated_as = 'CAT1'"],
    },
    ("document", "usage_registrations"): {
        "handlings": ["DELETE FROM handlings"],
        "registration_terms": ["UPDATE registration_terms SET ends_at = now()"],
    },
    ("document", "periodic_reports"): {
        "handlings": ["DELETE FROM handlings WHERE record_id NOT IN (SELECT record_id FROM registration_terms)"],
    },
    ("application", "documents"): {
        "documents": ["UPDATE documents SET state = 'rejected', problems = '{x}' WHERE state = 'accepted'",
                      "DELETE FROM documents WHERE state = 'deleted'"],
    },
    ("registration", "documents"): {
        "uploaded_files": ["UPDATE uploaded_files SET pages = 9, codes = '{}' WHERE state = 'accepted'"],
    },
    ("notification", "applications"): {
        "applications": ["UPDATE applications SET account_id = gen_random_uuid(), procedure = 'COE'"],
    },
    ("document", "applications"): {
        "filings": ["DELETE FROM filings"],
    },
    ("document", "cases"): {
        "handlings": ["UPDATE handlings SET office = 'SPR'"],
    },
    ("notification", "cases"): {
        "applications": ["UPDATE applications SET examiner_id = NULL, case_id = NULL, office = 'SPR'"],
    },
}  # fmt: skip


async def _people(owner: RunningService, keepers: list[RunningService]) -> None:
    """A person in two roles, one who was stopped, one whose account is closed, one who waits, and officers."""
    assert isinstance(owner.clock, ManualClock)
    site = RegistrationClient(owner, owner.clock)
    officer = await site.officer()
    several = await site.person(officer)
    await add_role(site, await site.signed_in(several), "rso_staff", officer)
    stopped = await colleague(site, officer, "stopped@example.co.jp")
    closed = await colleague(site, officer, "closed@example.co.jp")
    left = await colleague(site, officer, "left@example.co.jp")
    await site.submit(applicant={"email": "waits@example.co.jp"})
    owner.clock.advance(timedelta(minutes=1))
    for person, step in ((stopped, "suspend"), (closed, "close")):
        answer = await site.post(f"/v1/accounts/{person.account_id}/{step}", REASON, headers=officer)
        assert answer.status_code == 200, answer.text
    headers = await site.signed_in(left)
    (own,) = await memberships(site, headers)
    answer = await site.post(f"/v1/accounts/me/memberships/{own['id']}/leave", headers=headers)
    assert answer.status_code == 200, answer.text
    administrator = await site.officer(Role.ADMINISTRATOR, login_id=ADMINISTRATOR, email=ADDRESS)
    await OfficerAdmin(site, administrator, new_id()).invited()


async def _organisations(owner: RunningService, keepers: list[RunningService]) -> None:
    """An organisation with a category that was proved afterwards, which says nothing new."""
    assert isinstance(owner.clock, ManualClock)
    site = RegistrationClient(owner, owner.clock)
    officer = await site.officer()
    person = await site.person(officer)
    proof = {"valid_from": "2026-11-20", "listed_or_public": False, "withholding_yen": 12_000_000, "note": "seen"}
    answer = await site.post(f"/v1/organisations/{person.organisation_id}/category-proofs", proof, headers=officer)
    assert answer.status_code in (200, 201), answer.text


async def _registrations(owner: RunningService, keepers: list[RunningService]) -> None:
    """One that was approved, and one that is examined."""
    assert isinstance(owner.clock, ManualClock)
    site = RegistrationClient(owner, owner.clock)
    await site.person()
    await site.submit(applicant={"email": "waits@example.co.jp"})


async def _reports(owner: RunningService, keepers: list[RunningService]) -> None:
    """A report that was filed in its time."""
    assert isinstance(owner.clock, ManualClock)
    site = RegistrationClient(owner, owner.clock)
    no_proof = {"organisation": {"category": "CAT4"}}
    person = await site.person(**no_proof)
    owner.clock.advance(datetime(2029, 9, 20, 3, 0, tzinfo=UTC) - owner.clock.now())
    answer = await site.post("/v1/periodic-reports", report("CAT4"), headers=await site.signed_in(person))
    assert answer.status_code == 201, answer.text


async def _documents(owner: RunningService, keepers: list[RunningService]) -> None:
    """Files that were accepted, refused and deleted, of an application and of a registration."""
    sender = tokens.person(Role.ORG_STAFF, organisation=True)
    ids = []
    for number, (data, codes) in enumerate(
        [
            (files.pdf(1), "OTHER"),
            (files.pdf(2), "UA_PLEDGE"),
            (files.locked_pdf(), "UA_FORM"),
            (files.pdf(3), "UA_FORM"),
        ]
    ):
        answer = await owner.client.post(
            "/v1/documents",
            headers=tokens.bearer(sender, owner.clock) | {"Idempotency-Key": f"file-{number}"},
            data={"kind": "pdf", "codes": codes},
            files={"file": ("file.pdf", data)},
        )
        assert answer.status_code == (422 if number == 2 else 201), answer.text
        ids.append(answer.json().get("id"))
    answer = await owner.client.delete(f"/v1/documents/{ids[3]}", headers=tokens.bearer(sender, owner.clock))
    assert answer.status_code == 204, answer.text


async def _applications(owner: RunningService, keepers: list[RunningService]) -> None:
    """Applications with files that the document service has."""
    for _ in range(2):
        await Filer(owner).filed()
    by_name = {keeper.name: keeper for keeper in keepers}
    document, notification = by_name["document"], by_name["notification"]
    async with document.db.transaction() as session:
        for event in await owner.events():
            if isinstance(event, ApplicationSubmitted):
                await _know(notification, event.account_id)
                for each in {*event.document_ids, event.photo_id} - {None}:
                    await session.execute(text(_FILE), {"id": each, "owner": event.owner_id})


async def _know(keeper: RunningService, account_id: UUID) -> None:
    """Registration tells of an account."""
    sealer = Sealer(SEALING_KEY)
    to = Recipient.reading("ja", sealer.seal(f"{account_id}@example.jp"))
    ids = {"account_id": account_id, "organisation_id": None, "sealed_login_id": sealer.seal("AB12345678")}
    await keeper.deliver(AccountActivated.example(**ids, recipient=to, activated_at=keeper.clock.now()))


_FILE = """
INSERT INTO documents (id, owner_id, account_id, kind, status, codes, original_size, original_sha256, object_key,
    content_type, size, sha256, problems, advice, created_at)
VALUES (:id, :owner, :owner, 'pdf', 'accepted', '{OTHER}', 1, 'x', 'x', 'application/pdf', 1, 'x', '{}', '{}', now())
"""


async def _cases(owner: RunningService, keepers: list[RunningService]) -> None:
    """A case in the queue of an office, and one that an examiner has in another."""
    assert isinstance(owner.clock, ManualClock)
    desk = Desk(owner, owner.clock)
    filed = [await desk.open(), await desk.at(State.UNDER_REVIEW)]
    for keeper in keepers:
        for case in filed:
            await _know(keeper, case.account_id)
            ids = {"application_id": case.application_id, "account_id": case.account_id, "document_ids": []}
            await keeper.deliver(ApplicationSubmitted.example(**ids, office="TYO", applicant=None))
    owner.clock.advance(timedelta(minutes=1))
    await desk.done(desk.chief, filed[1].id, "transfer", {"office": "NGY", "reason": "x"})


# Of each kind: what happened at the owner, and how many rows its keepers lack before anything was damaged: officers who
# are made by command line are announced to nobody.
WORLDS: dict[str, tuple[Any, dict[str, int]]] = {
    "accounts": (_people, {"notification": 2}),
    "organisations": (_organisations, {}),
    "usage_registrations": (_registrations, {}),
    "periodic_reports": (_reports, {}),
    "documents": (_documents, {}),
    "applications": (_applications, {}),
    "cases": (_cases, {}),
}


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: kept.kind)
async def test_a_copy_is_as_events_brought_it_and_right_again_where_it_was_damaged(
    kept: Any, service_database: Callable[[str], TestDatabase], request: pytest.FixtureRequest
) -> None:
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    world, lacking = WORLDS[kept.kind]
    keeping = [name for name, _ in kept.by if (name, kept.kind) in DAMAGED]
    async with AsyncExitStack() as stack:
        databases = {name: service_database(name) for name in (kept.owner, *keeping)}

        async def opened(name: str) -> RunningService:
            settings = {"s3_access_key": "x", "s3_secret_key": "x"} if name == "document" else {}
            if name == kept.owner == "document":
                store = request.getfixturevalue("object_store")
                settings = {"s3_endpoint": store.endpoint, "s3_access_key": store.access_key}
                settings |= {"s3_secret_key": store.secret_key, "s3_bucket": store.bucket}
            return await stack.enter_async_context(running(name, databases[name], clock=clock, **settings))

        owner, *keepers = [await opened(name) for name in (kept.owner, *keeping)]
        pairs = [Pair(owner, keeper, clock) for keeper in keepers]
        await world(owner, keepers)
        for pair in pairs:
            await pair.hand_over()
        clock.advance(timedelta(minutes=1))
        await _rebuilt(pairs, kept.kind)
        for pair in pairs:
            last, lacks = await pair.last(), lacking.get(pair.keeper.name, 0)
            found = (last.state, last.different, last.missing, last.unknown)
            assert found == ("done", 0, lacks, 0), (pair.keeper.name, await _kept_rows(pair))

        before = [await _rows(pair, kept.kind) for pair in pairs]
        assert all(table for rows in before for table in rows), "a table without rows shows nothing"
        for pair in pairs:
            for table, statements in DAMAGED[pair.keeper.name, kept.kind].items():
                for number, statement in enumerate(statements):
                    await _spoil(databases[pair.keeper.name], statement)
                    changed = (await _rows(pair, kept.kind)) != before[pairs.index(pair)]
                    assert changed, (table, number)
        clock.advance(timedelta(minutes=1))
        await _rebuilt(pairs, kept.kind)
        for pair, rows in zip(pairs, before, strict=True):
            last = await pair.last()
            assert (last.state, last.repaired > 0) == ("done", True), pair.keeper.name
            assert await _rows(pair, kept.kind) == rows, pair.keeper.name
            assert await pair.rows() == 0


async def _spoil(database: TestDatabase, statement: str) -> None:
    """Change rows by hand, as the owner of the database can."""
    connection = await asyncpg.connect(database.owner_url.replace("+asyncpg", ""))
    await connection.execute(statement)
    await connection.close()


async def _rebuilt(pairs: list[Pair], kind: str) -> None:
    await pairs[0].order(kind)
    await pairs[0].send()
    for pair in pairs[1:]:
        await pair.hand_over()
    for pair in pairs:
        await pair.rebuild()


async def _rows(pair: Pair, kind: str) -> list[list[Any]]:
    """The rows of the keeper's copies: without moments, and with sealed texts opened. One that counts as none is left
    out."""
    found = []
    for table in DAMAGED[pair.keeper.name, kind]:
        where = {"members": "WHERE (to_jsonb(one) -> 'acts') IS DISTINCT FROM 'false'::jsonb"
                 " AND (to_jsonb(one) -> 'roles') IS DISTINCT FROM '[]'::jsonb"}.get(table, "")  # fmt: skip
        query = f"SELECT (to_jsonb(one) - {MOMENTS})::text AS facts, to_jsonb(one) AS whole FROM {table} AS one {where}"
        rows = await pair.state(query)
        sealed = ("sealed_address", "sealed_name")
        opened = [(row.facts, *(_open(row.whole.get(name)) for name in sealed)) for row in rows]
        found.append(sorted(opened, key=str))
    return found


def _open(sealed: str | None) -> str | None:
    return unsealed(sealed) if sealed else None


async def _kept_rows(pair: Pair) -> Any:
    return await pair.state("SELECT subject, finding, facts FROM rebuild_rows")
