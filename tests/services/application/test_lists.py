"""Lists of applications: filters, search, order, pages and counts; and what needs its owner now."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from shared.auth import Role
from shared.clock import ManualClock
from shared.events.review import AdditionalDocumentsRequested, FeePaid, ReviewCompleted, ReviewStarted
from shared.text.search import search_key, search_words
from tests.services.application.people import Filer
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


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("nguyen", (0, 2)),
        ("ＮＧＵＹＥＮ　ａｎ", (0,)),
        ("Nguyễn", (0, 2)),
        ("an nguyen", (0,)),
        ("thi", (1, 2)),
        ("hi", ()),
        ("guyen", ()),
        ("%25", ()),
        ("_", ()),
        ("---", ()),
        ("nguyen tran", ()),
    ],
)
async def test_a_name_is_found_by_the_beginnings_of_its_words(
    filer: Filer, clock: ManualClock, typed: str, found: tuple[int, ...]
) -> None:
    made = await three(filer, clock)
    assert await ids(filer, f"q={typed}") == [made[number] for number in sorted(found, reverse=True)]


async def test_a_filed_application_is_found_by_its_number_however_it_is_written(filer: Filer) -> None:
    application_id = await filer.filed()
    number = (await filer.get(f"/{application_id}"))["receipt_number"]
    for typed in (number, number[-8:], number[-8:-2], "東オンEN", "nguyen"):
        assert await ids(filer, f"q={typed}") == [application_id], typed
    assert await ids(filer, f"q={number[-7:]}") == []


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
    "query", ["status=nonsense", "sort=random", "procedure=x!", "q=" + "x" * 101, "counts=perhaps"]
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


def test_words_are_those_of_any_width_case_and_mark() -> None:
    assert search_words("Ｎｇｕｙễn-Văn") == ("nguyen", "van")
    assert search_words("ガ ﾊﾟ") == ("ガ", "パ")
    assert search_key("NGUYEN VAN", "東オンＥＮ26000001", None) == " nguyen van 東オンen26000001 26000001"
    assert search_key("") == ""
