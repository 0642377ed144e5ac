"""The amount of work does not reveal whether an account exists: the same statements, the same hashes, for everybody."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import event, text

from tests.services.registration.site import RegistrationClient
from tests.support.forwarded import forwarded

WRONG = "not the right password"


@dataclass
class Work:
    """The work of one request: its SQL statements in order, and the number of passwords hashed."""

    statements: list[str] = field(default_factory=list)
    hashed: int = 0


@pytest.fixture
def work(site: RegistrationClient, monkeypatch: pytest.MonkeyPatch) -> Iterator[Work]:
    """The work of requests, without the refresh of the service's own keys beside them."""
    done = Work()
    engine, verify = site.context.db.engine.sync_engine, site.context.hashing.verify

    def note(_c: Any, _u: Any, statement: str, _p: Any, _x: Any, _m: bool) -> None:
        task = asyncio.current_task()
        if task and not task.get_name().startswith("published-"):
            done.statements.append(statement)

    def counted(known: str, password: str) -> bool:
        done.hashed += 1
        return verify(known, password)

    event.listen(engine, "before_cursor_execute", note)
    monkeypatch.setattr(site.context.hashing, "verify", counted)
    yield done
    event.remove(engine, "before_cursor_execute", note)


async def _ids(site: RegistrationClient) -> dict[str, str]:
    """A login id of each kind: in use, approved and without a password, stopped, and nobody's."""
    officer = await site.officer()
    person = await site.person(officer)
    waiting = await site.submit(applicant={"email": "b@example.jp"})
    await site.approve(waiting["id"], officer)
    stopped = await site.person(
        officer, organisation={"corporate_number": "7000012050002"}, applicant={"email": "x@example.jp"}
    )
    await site.post(f"/v1/accounts/{stopped.account_id}/suspend", {"reason_code": "terms_violated"}, headers=officer)
    async with site.service.db.read() as session:
        unset = await session.scalar(text("SELECT login_id FROM accounts WHERE state = 'registered'"))
    return {
        "in use": person.login_id,
        "no password yet": unset,
        "stopped": stopped.login_id,
        "nobody's": "ZR-2222-2222",
    }


async def test_signing_in_does_the_same_whoever_is_named(site: RegistrationClient, work: Work) -> None:
    ids = await _ids(site)
    done = {}
    for number, (kind, login_id) in enumerate(ids.items()):
        work.statements, work.hashed = [], 0
        assert (await site.sign_in(login_id, WRONG, address=f"198.51.100.{number}")).status_code == 401
        done[kind] = (work.statements, work.hashed)
    assert done["in use"][1] == 1
    assert len(done["in use"][0]) > 5
    assert {kind: what == done["nobody's"] for kind, what in done.items()} == dict.fromkeys(ids, True)


@pytest.mark.parametrize("path", ["/v1/password-resets", "/v1/login-id-reminders"])
async def test_asking_for_help_does_the_same_whoever_is_named(site: RegistrationClient, work: Work, path: str) -> None:
    person = await site.person()
    named = {
        "/v1/password-resets": [{"login_id": login_id} for login_id in (person.login_id, "ZR-2222-2222")],
        "/v1/login-id-reminders": [{"email": email} for email in ("hanako@example.co.jp", "nobody@example.jp")],
    }
    done = []
    for number, body in enumerate(named[path]):
        work.statements, work.hashed = [], 0
        answer = await site.post(path, body, headers=forwarded(f"198.51.100.{number}"))
        done.append((answer.status_code, answer.json(), work.statements, work.hashed))
    assert done[0] == done[1]
    assert done[0][0] == 202
    assert done[0][2] != []
