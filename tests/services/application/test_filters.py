"""Saved filters: one's own, those of the organisation, and their limits."""

import asyncio
from dataclasses import replace
from typing import Any

import httpx

from services.application.finding.domain.filters import MOST_FILTERS
from shared.auth import Role
from shared.events.registration import AccountClosed
from shared.ids import new_id
from tests.services.application.people import Filer
from tests.support.tokens import bearer

QUERY = {"status": ["draft", "received"], "office": ["TYO"], "q": "Nguyễn", "stay_to": "2027-03-31", "sort": "stay_end"}


async def ask(filer: Filer, method: str, path: str = "", body: Any = None, **headers: str) -> httpx.Response:
    sent = bearer(filer.actor, filer.clock) | {"Accept-Language": "en", "Idempotency-Key": str(new_id())}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    return await filer.service.client.request(method, f"/v1/filters{path}", json=body, headers=sent)


async def names(filer: Filer) -> list[str]:
    return [item["name"] for item in (await ask(filer, "GET")).json()["items"]]


async def test_a_filter_is_kept_changed_shared_and_deleted(filer: Filer) -> None:
    key = str(new_id())
    answers = [await ask(filer, "POST", body={"name": "mine", "query": QUERY}, Idempotency_Key=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    made = answers[0].json()
    assert answers[1].json() == made
    assert {name: value for name, value in made["query"].items() if value is not None} == QUERY | {
        "q": "Nguyễn",
    }
    colleague, place = filer.colleague(), f"/{made['id']}"
    assert (await names(filer), await names(colleague)) == (["mine"], [])
    assert (await ask(colleague, "GET", place)).status_code == 404
    body = {"name": "ours", "query": {"q": "tran"}, "shared": True}
    assert (await ask(filer, "PUT", place, body)).status_code == 428
    assert (await ask(filer, "PUT", place, body, If_Match='"2"')).status_code == 412
    changed = await ask(filer, "PUT", place, body, If_Match='"1"')
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    other_role = Filer(filer.service, replace(filer.actor, id=new_id(), roles=frozenset({Role.LAWYER_SCRIVENER})))
    assert (await names(colleague), await names(other_role), await names(Filer(filer.service))) == (["ours"], [], [])
    # Shared no more, it belongs to who said so.
    taken = await ask(colleague, "PUT", place, body | {"shared": False}, If_Match='"2"')
    assert taken.json()["saved_by"] == {"account_id": str(colleague.actor.id), "you": True}
    assert (await names(filer), await names(colleague)) == ([], ["ours"])
    assert (await ask(filer, "DELETE", place)).status_code == 404
    assert (await ask(colleague, "DELETE", place)).status_code == 204
    assert await names(colleague) == []
    assert await filer.service.journal_problems() == []


async def test_what_no_list_has_is_refused_as_a_filter(filer: Filer) -> None:
    for name, query, pointer in (
        ("", {}, "/name"),
        ("x", {"q": "x" * 101}, "/query/q"),
        ("x", {"status": ["nonsense"]}, "/query/status/0"),
        ("x", {"cursor": "x"}, "/query/cursor"),
        ("x", {"filed_from": "2027-02-01", "filed_to": "2027-01-01"}, "/query"),
        ("x", {"procedure": ["EXTEND"] * 21}, "/query/procedure"),
    ):
        answer = await ask(filer, "POST", body={"name": name, "query": query})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer), answer.text
    assert await names(filer) == []


async def test_an_account_keeps_fifty_filters_and_no_more_however_they_come(filer: Filer) -> None:
    for _ in range(MOST_FILTERS - 1):
        await ask(filer, "POST", body={"name": "x", "query": {}})
    answers = await asyncio.gather(*(ask(filer, "POST", body={"name": "x", "query": {}}) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    refused = next(answer.json() for answer in answers if answer.status_code == 409)
    assert refused["code"] == "too-many-filters"
    # A colleague's shared one is not taken over either.
    made = await ask(filer.colleague(), "POST", body={"name": "y", "query": {}, "shared": True})
    answer = await ask(filer, "PUT", f"/{made.json()['id']}", {"name": "z", "query": {}}, If_Match='"1"')
    assert answer.json()["code"] == "too-many-filters"
    assert len(await names(filer)) == MOST_FILTERS + 1


async def test_private_filters_go_with_their_account(filer: Filer) -> None:
    for shared in (False, True):
        await ask(filer, "POST", body={"name": f"shared {shared}", "query": {}, "shared": shared})
    await filer.activate()
    await filer.service.deliver(AccountClosed.example(account_id=filer.actor.id, closed_at=filer.clock.now()))
    assert await names(filer) == ["shared True"]
    assert await filer.service.journal_problems() == []
