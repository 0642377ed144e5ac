"""Lists of applications: filters, search, order, pages and counts; and what needs its owner now."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from shared.auth import Role
from shared.clock import ManualClock
from shared.events.review import AdditionalDocumentsRequested, FeePaid, ReviewCompleted, ReviewStarted
from shared.ids import new_id
from tests.bench.crowd import Crowd, write
from tests.infra.databases import TestDatabase
from tests.services.application.people import Filer
from tests.support.service import running
from tests.support.tokens import person

NAMES = ("NGUYEN VAN AN", "TRAN THI BE", "NGUYEN THI CHAU")


async def three(filer: Filer, clock: ManualClock) -> list[str]:
    """A draft of each name, one after the other."""
    made = []
    for number, name in enumerate(NAMES):
        form = {"name_roman": name, "stay_expiry": f"2027-0{3 - number}-01"}
        made.append(await filer.begin(form=form if number < 2 else {"name_roman": name}))
        clock.advance(timedelta(minutes=1))
    return made


async def ids(filer: Filer, query: str) -> list[str]:
    return [item["id"] for item in (await filer.get(f"?{query}"))["items"]]


async def test_a_name_is_found_however_it_is_typed(filer: Filer, clock: ManualClock) -> None:
    made = await three(filer, clock)
    as_typed = {
        "nguyen": (0, 2),
        "ＮＧＵＹＥＮ　ａｎ": (0,),
        "Nguyễn": (0, 2),
        "an nguyen": (0,),
        "thi": (1, 2),
        "guyen": (0, 2),
        "yen-van": (0,),
        # One and two letters are the beginning of a word.
        "hi": (),
        "an": (0,),
        "%25": (),
        "_": (),
        "---": (),
        "nguyen tran": (),
    }
    mistyped = {
        "nguyan": (0, 2),
        "ngyuen": (0, 2),
        "nguen": (0, 2),
        "nguyeen": (0, 2),
        "nguyenvan": (0,),
        "tram be": (1,),
    }
    for typed, found in {**as_typed, **mistyped}.items():
        page = await filer.get(f"?q={typed}&counts=true")
        expected = [made[number] for number in sorted(found, reverse=True)]
        assert [item["id"] for item in page["items"]] == expected, typed
        assert page["counts"] == ({"draft": len(found)} if found else {}), typed
        assert page["similar"] is (typed in mistyped), typed


async def test_names_that_are_similar_go_on_to_the_next_page_and_are_not_mixed_with_those_as_typed(
    filer: Filer, clock: ManualClock
) -> None:
    made = await three(filer, clock)
    first = await filer.get("?q=nguyan&limit=1")
    second = await filer.get(f"?q=nguyan&limit=1&cursor={first['next']}")
    assert [page["items"][0]["id"] for page in (first, second)] == [made[2], made[0]]
    assert (second["similar"], second["next"]) == (True, None)
    # There is such a name, though in another state: another one is no answer.
    page = await filer.get("?q=nguyen&status=received&counts=true")
    assert (page["items"], page["similar"], page["counts"]) == ([], False, {"draft": 2})


async def test_a_filed_application_is_found_by_its_number_however_it_is_written(filer: Filer) -> None:
    application_id = await filer.filed()
    number = (await filer.get(f"/{application_id}"))["receipt_number"]
    spaced = f"{number[:3]}-{number[3:5]} {number[5:7]}-{number[7:]}"
    for typed in (number, number[-8:], number[-8:-2], "東オンEN", "nguyen", number[-7:], spaced, f"TYOEN{number[-8:]}"):
        assert await ids(filer, f"q={typed}") == [application_id], typed
    # Another number is another application.
    assert await ids(filer, f"q={int(number[-8:]) + 1}") == []


async def test_a_list_is_narrowed_by_office_colleague_days_and_status_of_residence(filer: Filer) -> None:
    filed = await filer.filed()
    draft = await filer.begin(form={"stay_expiry": "2027-03-01"})
    other = await filer.colleague().begin(status_of_residence="DEPENDENT", form={"stay_expiry": "2027-03-02"})
    shown = await filer.get(f"/{filed}")
    mine, end, day = filer.actor.account_id, shown["stay_expiry"], shown["legal_date"]
    expected = {
        f"office={shown['office']}": [filed],
        "office=OSA": [],
        f"in_charge={mine}": [draft, filed],
        f"in_charge={new_id()}": [],
        "status_of_residence=DEPENDENT": [other],
        "status_of_residence=DEPENDENT&status_of_residence=ENG_HUM_INT": [other, draft, filed],
        f"stay_from={end}&stay_to={end}": [filed],
        "stay_from=2027-03-01": [other, draft],
        "stay_to=2027-03-01&status=draft": [draft],
        f"filed_from={day}": [filed],
        f"filed_to={day}": [filed],
        f"filed_to=2026-01-01&office={shown['office']}": [],
        "sort=filed": [filed, other, draft],
        f"q=nguyen&procedure=EXTEND&procedure=COE&office={shown['office']}&in_charge={mine}&stay_to={end}": [filed],
    }
    for query, found in expected.items():
        assert await ids(filer, query) == found, query
    page = await filer.get("?status=draft&procedure=COE&counts=true")
    assert (page["counts"], page["procedure_counts"]) == ({}, {"EXTEND": 2})
    answer = await filer.request("GET", "?stay_from=2027-03-02&stay_to=2027-03-01")
    error = answer.json()["errors"][0]
    assert (answer.status_code, error["place"], error["code"]) == (422, "query", "ends-before-it-begins")


async def test_a_renamed_draft_is_found_by_its_new_name_alone(filer: Filer) -> None:
    application_id = await filer.begin(form={"name_roman": "TRAN"})
    await filer.patch(application_id, {"form": {"name_roman": "NGUYEN"}}, 1)
    assert (await ids(filer, "q=tran"), await ids(filer, "q=nguyen")) == ([], [application_id])
    assert await filer.service.journal_problems() == []


@pytest.mark.parametrize(
    ("sort", "order"), [("newest", (2, 1, 0)), ("oldest", (0, 1, 2)), ("edited", (0, 2, 1)), ("stay_end", (1, 0, 2))]
)
async def test_every_order_goes_on_where_the_page_ends(
    filer: Filer, clock: ManualClock, sort: str, order: tuple[int, ...]
) -> None:
    made = await three(filer, clock)
    await filer.patch(made[0], {"form": {"sex": "F"}}, 1)
    found, cursor = [], ""
    for _ in range(3):
        page = await filer.get(f"?sort={sort}&limit=1{cursor}")
        found += [item["id"] for item in page["items"]]
        cursor = f"&cursor={page['next']}"
    assert found == [made[number] for number in order]
    assert page["next"] is None


async def test_a_list_is_filtered_by_status_and_counts_all_of_them(filer: Filer, clock: ManualClock) -> None:
    filed = await filer.filed()
    drafts = await three(filer, clock)
    withdrawn = await filer.filed(form=filer.draft()["form"] | {"residence_card_no": "QQ11111111QQ"})
    await filer.post(f"/{withdrawn}/withdraw", {"reason": "x"})
    await filer.review(ReviewStarted, filed)
    page = await filer.get("?status=under_review&status=withdrawn&counts=true")
    assert [item["id"] for item in page["items"]] == [withdrawn, filed]
    assert page["counts"] == {"draft": 3, "under_review": 1, "withdrawn": 1}
    assert (await filer.get("?q=tran&counts=true"))["counts"] == {"draft": 1}
    assert (await filer.get("?status=draft"))["counts"] is None
    assert await ids(filer, "status=draft") == drafts[::-1]
    assert await ids(filer, "procedure=COE") == []
    assert len(await ids(filer, "procedure=EXTEND")) == 5


@pytest.mark.parametrize(
    "query",
    [
        "status=nonsense",
        "sort=random",
        "procedure=x!",
        "q=" + 101 * "x",
        "counts=perhaps",
        "stay_from=x",
        "in_charge=me",
    ],
)
async def test_what_a_list_does_not_know_is_refused(filer: Filer, query: str) -> None:
    answer = await filer.request("GET", f"?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["place"]) == (422, "query")


async def test_another_orders_cursor_is_refused(filer: Filer, clock: ManualClock) -> None:
    await three(filer, clock)
    page = await filer.get("?sort=stay_end&limit=1")
    answer = await filer.request("GET", f"?cursor={page['next']}")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "bad-cursor")


async def test_a_list_shows_ones_own_in_ones_own_role(filer: Filer) -> None:
    await filer.begin()
    other_role = Filer(filer.service, replace(filer.actor, roles=frozenset({Role.LAWYER_SCRIVENER})))
    for somebody in (Filer(filer.service), other_role):
        page = await somebody.get("?counts=true&q=nguyen")
        assert (page["items"], page["counts"]) == ([], {})
        assert all(need["count"] == 0 for need in (await somebody.get("/needs")).values())
    assert (await Filer(filer.service, person(Role.EXAMINER)).request("GET", "/needs")).status_code == 403


async def needed(filer: Filer) -> dict[str, list[str]]:
    return {need: [item["id"] for item in its["items"]] for need, its in (await filer.get("/needs")).items()}


async def test_what_needs_the_owner_now(filer: Filer, clock: ManualClock) -> None:
    nothing: dict[str, Any] = {"drafts": [], "requests": [], "stays": [], "results": [], "fees": []}
    assert await needed(filer) == nothing
    application_id = await filer.ready()
    assert await needed(filer) == nothing | {"drafts": [application_id], "stays": [application_id]}
    await filer.submit(application_id)
    assert await needed(filer) == nothing
    await filer.review(AdditionalDocumentsRequested, application_id, due_on=date(2026, 12, 4))
    needs = await filer.get("/needs")
    assert await needed(filer) == nothing | {"requests": [application_id]}
    assert needs["requests"]["items"][0]["due_on"] == "2026-12-04"
    await filer.review(ReviewCompleted, application_id, fee_yen=5500, stay_until=date(2029, 11, 20))
    assert await needed(filer) == nothing | {"results": [application_id], "fees": [application_id]}
    assert (await filer.get("/needs"))["fees"]["items"][0]["fee_yen"] == 5500
    await filer.review(FeePaid, application_id)
    assert await needed(filer) == nothing | {"results": [application_id]}
    clock.advance(timedelta(days=31))
    assert await needed(filer) == nothing
    clock.advance(timedelta(days=975))
    assert await needed(filer) == nothing | {"stays": [application_id]}
    assert await filer.service.journal_problems() == []


async def test_of_many_the_first_five_and_their_number_are_named(filer: Filer) -> None:
    made = [await filer.begin(form={}) for _ in range(7)]
    drafts = (await filer.get("/needs"))["drafts"]
    assert (drafts["count"], [item["id"] for item in drafts["items"]]) == (7, made[:1:-1])


async def test_pages_visit_each_application_once_while_others_are_begun_and_counts_equal_lists(
    service_database: Callable[[str], TestDatabase], clock: ManualClock
) -> None:
    database, random = service_database("application"), Random(7)
    connection = await asyncpg.connect(database.owner_url.replace("+asyncpg", ""))
    await write(connection, Crowd.of(300))
    await connection.close()
    async with running("application", database, clock=clock) as service:
        owner = person(Role.ORG_STAFF, organisation=True)
        filer = Filer(service, replace(owner, organisation_id=UUID(int=1)))
        before = {item["id"] for item in (await filer.get("?limit=200"))["items"]}
        assert len(before) == 150
        for sort in ("newest", "oldest", "edited", "filed", "stay_end"):
            seen, cursor = list[str](), ""
            while cursor is not None:
                page = await filer.get(f"?sort={sort}&limit={random.randint(5, 60)}{cursor and f'&cursor={cursor}'}")
                seen += [item["id"] for item in page["items"]]
                cursor = page["next"]
                clock.advance(timedelta(minutes=1))
                await filer.begin(form={"name_roman": "NEW", "stay_expiry": f"2027-0{random.randint(1, 9)}-01"})
            assert sorted(one for one in seen if one in before) == sorted(before), sort
            assert len(seen) == len(set(seen)), sort
        for query in (
            "",
            "q=nguyen",
            "q=wamg",
            "office=TYO",
            "stay_to=2027-01-31&q=an",
            "procedure=EXTEND&procedure=COE",
        ):
            counts = await filer.get(f"?counts=true&limit=1&{query}")
            assert counts["counts"], query
            for state, count in counts["counts"].items():
                page = await filer.get(f"?limit=200&status={state}&{query}")
                assert (len(page["items"]), page["next"]) == (count, None), (query, state)
                assert {item["status"] for item in page["items"]} == {state}
            if "procedure" not in query:
                found = await asyncio.gather(
                    *(ids(filer, f"limit=200&procedure={code}&{query}") for code in counts["procedure_counts"])
                )
                assert [len(each) for each in found] == list(counts["procedure_counts"].values()), query
