"""Processes of the gateway report to registration, and nobody else does; operators see them until they are gone."""

from typing import Any
from uuid import UUID

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from services.registration.gateways import store
from shared.auth import Role
from shared.http.forwarded import GATEWAY, stated
from shared.ids import new_id
from shared.operations.state.schemas import CheckState, ProcessReport
from tests.services.registration.site import RegistrationClient
from tests.support.forwarded import forwarded

OF_GATEWAY = forwarded(GATEWAY)
LISTED = "/v1/registration/operations/gateways"


def report(**changes: Any) -> dict[str, Any]:
    check = CheckState(name="registration", is_good=True, reason=None, for_seconds=None)
    values: dict[str, Any] = {"host": "gateway-b", "pid": 7, "version": "1.4.2", "parts": ["api"], "checks": [check]}
    nothing = {"relay": None, "consumer": None, "memory_bytes": None, "open_files": None}
    return ProcessReport(**values | nothing).model_dump(mode="json") | changes


async def put(site: RegistrationClient, headers: dict[str, str], body: Any = None, process: UUID | None = None) -> Any:
    path = f"/v1/gateways/{process or new_id()}"
    return await site.service.client.put(path, json=report() if body is None else body, headers=headers)


async def grow_older(site: RegistrationClient, seconds: int) -> None:
    async with site.service.db.transaction() as session:
        await session.execute(text(f"UPDATE gateway_processes SET at = at - interval '{seconds} seconds'"))


async def test_a_process_is_shown_until_it_ends_or_is_silent_for_two_minutes(site: RegistrationClient) -> None:
    operator, process = await site.officer(Role.OPERATOR, login_id="operator.tyo"), new_id()
    for requests in (None, {"requests": 12, "errors": 0, "by_duration": [12], "routes": [], "slow": []}):
        answer = await put(site, OF_GATEWAY, report(requests=requests), process)
        assert answer.status_code == 204, answer.text
    (shown,) = (await site.get(LISTED, operator)).json()
    assert (shown["host"], shown["version"], shown["requests"]["requests"]) == ("gateway-b", "1.4.2", 12)
    assert (shown["started_at"] < shown["at"], shown["is_silent"]) == (True, False)
    await grow_older(site, 31)
    assert [each["is_silent"] for each in (await site.get(LISTED, operator)).json()] == [True]
    await grow_older(site, 90)
    assert (await site.get(LISTED, operator)).json() == []
    other = new_id()
    await put(site, OF_GATEWAY, process=other)
    async with site.service.db.read() as session:
        kept = await session.scalars(text("SELECT id FROM gateway_processes"))
        assert list(kept) == [other], "old reports are forgotten"
    assert (await site.service.client.delete(f"/v1/gateways/{other}", headers=OF_GATEWAY)).status_code == 204
    assert (await site.get(LISTED, operator)).json() == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Forwarded-For": GATEWAY},
        forwarded("203.0.113.5"),
        forwarded("203.0.113.5") | {"X-Forwarded-For": GATEWAY},
        stated(SecretStr("a key that somebody made up, long enough"), GATEWAY),
    ],
)
async def test_nobody_but_the_gateway_reports(site: RegistrationClient, headers: dict[str, str]) -> None:
    assert (await put(site, headers)).status_code == 401
    operator = await site.officer(Role.OPERATOR, login_id="operator.tyo")
    assert (await put(site, headers | operator)).status_code == 403
    assert (await site.service.client.delete(f"/v1/gateways/{new_id()}", headers=headers)).status_code == 401
    assert (await site.get(LISTED, operator)).json() == []


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"host": "x" * 301}, 422),
        ({"host": "a\x00b"}, 422),
        ({"pid": 2**40}, 422),
        ({"version": None}, 422),
        ({"parts": ["x" * 32_768]}, 413),
        ({"of_the_next_release": [1]}, 204),
    ],
)
async def test_a_report_is_read_and_bounded(site: RegistrationClient, changes: dict[str, Any], status: int) -> None:
    assert (await put(site, OF_GATEWAY, report(**changes))).status_code == status


async def test_as_many_processes_as_a_page_can_hold_are_listed(
    site: RegistrationClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_MOST", 2)
    for pid in (3, 10, 2):
        await put(site, OF_GATEWAY, report(pid=pid))
    async with site.service.db.read() as session:
        assert [each.pid for each in await store.read(session)] == [2, 3]
