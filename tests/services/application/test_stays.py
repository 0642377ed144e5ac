"""The calendar of stays that end, and renewals begun with one press."""

from datetime import date, timedelta
from typing import Any

import httpx

from shared.auth import Role
from shared.clock import ManualClock
from shared.events.registration import AccountSuspended
from shared.events.review import ReviewCompleted, ReviewStarted
from shared.ids import new_id
from tests.services.application.people import Filer, complete_form
from tests.support.tokens import bearer, person


async def ask(filer: Filer, method: str, path: str, body: Any = None, key: str | None = None) -> httpx.Response:
    sent = bearer(filer.actor, filer.clock) | {"Accept-Language": "en", "Idempotency-Key": key or str(new_id())}
    return await filer.service.client.request(method, f"/v1/stays{path}", json=body, headers=sent)


async def stays(filer: Filer, query: str = "") -> list[tuple[str, str, str | None]]:
    """The day, the application and the renewal of each stay."""
    found = (await ask(filer, "GET", f"?{query}")).json()["items"]
    return [(item["ends_on"], item["application"]["id"], item["renewal"] and item["renewal"]["id"]) for item in found]


async def counts(filer: Filer, query: str = "") -> dict[str, tuple[int, int]]:
    found = (await ask(filer, "GET", f"/counts?{query}")).json()["items"]
    return {item["on"]: (item["stays"], item["under_way"]) for item in found}


async def granted(filer: Filer, name: str, card: str, until: date) -> str:
    """An application that was granted until that day."""
    form = complete_form(date(2026, 11, 20), card, name_roman=name)
    application_id = await filer.filed(form=form)
    await filer.review(ReviewStarted, application_id)
    await filer.review(ReviewCompleted, application_id, stay_until=until)
    return application_id


async def renew(filer: Filer, *ids: str, key: str | None = None) -> list[tuple[str, str | None]]:
    answer = await ask(filer, "POST", "/renewals", {"application_ids": list(ids)}, key)
    assert answer.status_code == 200, answer.text
    items = answer.json()["items"]
    assert [item["application_id"] for item in items] == list(ids)
    return [(item["outcome"], item["renewal_id"]) for item in items]


async def test_a_stay_is_known_by_a_draft_then_by_the_grant_and_is_renewed_once(
    filer: Filer, clock: ManualClock
) -> None:
    an = await granted(filer, "NGUYEN VAN AN", "AB12345678CD", date(2027, 11, 20))
    be = await granted(filer, "TRAN THI BE", "BE12345678CD", date(2027, 11, 30))
    draft = await filer.begin(form={"name_roman": "NEW PERSON", "stay_expiry": "2027-01-15"})
    other = await filer.begin(form={"name_roman": "NO DAY YET"})
    assert await stays(filer) == [("2027-01-15", draft, draft), ("2027-11-20", an, None)]
    assert await stays(filer, "stay_from=2027-11-20&stay_to=2027-11-30") == [
        ("2027-11-20", an, None),
        ("2027-11-30", be, None),
    ]
    assert await counts(filer) == {"2027-01-01": (1, 1), "2027-11-01": (1, 0)}
    assert await counts(filer, "stay_to=2027-12-31&by=day") == {
        "2027-01-15": (1, 1),
        "2027-11-20": (1, 0),
        "2027-11-30": (1, 0),
    }
    # Somebody else's, and one that is not there, look the same; both hinder nobody.
    stranger = Filer(filer.service)
    theirs, nowhere = await stranger.begin(), str(new_id())
    clock.advance(timedelta(days=300))
    key = str(new_id())
    first = await renew(filer, an, theirs, be, nowhere, draft, key=key)
    assert [outcome for outcome, _ in first] == ["begun", "refused", "begun", "refused", "under_way"]
    assert await renew(filer, an, theirs, be, nowhere, draft, key=key) == first
    # A second press, by a colleague, begins none again.
    again = await renew(filer.colleague(), an, be)
    assert again == [("under_way", first[0][1]), ("under_way", first[2][1])]
    renewal = await filer.get(f"/{first[0][1]}")
    assert (renewal["procedure"], renewal["applicant_name"], renewal["status"]) == ("EXTEND", "NGUYEN VAN AN", "draft")
    assert len((await filer.get("?status=draft"))["items"]) == 4
    window = "stay_from=2027-01-01&stay_to=2027-12-31"
    assert await stays(filer, window) == [
        ("2027-01-15", draft, draft),
        ("2027-11-20", an, first[0][1]),
        ("2027-11-30", be, first[2][1]),
    ]
    assert await counts(filer, window) == {"2027-01-01": (1, 1), "2027-11-01": (2, 2)}
    assert await stays(filer, f"renewal=none&{window}") == []
    assert len(await stays(filer, f"renewal=under_way&{window}")) == 3
    # Granted until later, the stay ends later; the draft that is left over renews nothing.
    assert other not in str(await stays(filer, "stay_to=2199-12-31"))
    await filer.review(ReviewCompleted, be, stay_until=date(2032, 11, 30))
    await filer.patch(str(first[2][1]), {"form": {"stay_expiry": "2027-11-30"}}, 1)
    assert await stays(filer, "stay_from=2027-11-21&stay_to=2199-12-31") == [("2032-11-30", be, None)]
    assert await counts(filer, "stay_from=2027-11-21&stay_to=2199-12-31") == {"2032-11-01": (1, 0)}
    assert await filer.service.journal_problems() == []


async def test_what_another_procedure_began_is_extended_and_what_cannot_be_begun_says_why(filer: Filer) -> None:
    await filer.activate()
    certificate = await filer.begin(procedure="COE", form={"name_roman": "AN"})
    report = await filer.begin(procedure="WORKCERT", form={"name_roman": "BE", "stay_expiry": "2027-01-15"})
    found = await renew(filer, certificate)
    assert (await filer.get(f"/{found[0][1]}"))["procedure"] == "EXTEND"
    suspended = AccountSuspended.example(account_id=filer.actor.id, suspended_at=filer.clock.now())
    await filer.service.deliver(suspended)
    answer = (await ask(filer, "POST", "/renewals", {"application_ids": [report]})).json()["items"][0]
    assert (answer["outcome"], answer["renewal_id"]) == ("refused", None)
    assert [problem["code"] for problem in answer["problems"]] == ["account-suspended"]
    nothing = await ask(filer, "POST", "/renewals", {"application_ids": []})
    assert (nothing.status_code, nothing.json()["errors"][0]["code"]) == (422, "too-few")


async def test_pages_of_stays_go_on_and_nobody_else_sees_them(filer: Filer) -> None:
    made = [await filer.begin(form={"name_roman": f"AN {n * 'A'}", "stay_expiry": "2027-01-15"}) for n in range(5)]
    seen, cursor = list[str](), ""
    while cursor is not None:
        page = (await ask(filer, "GET", f"?limit=2{cursor and f'&cursor={cursor}'}")).json()
        seen += [item["application"]["id"] for item in page["items"]]
        cursor = page["next"]
    assert seen == sorted(made)
    for path in ("", "/counts"):
        assert (await ask(Filer(filer.service), "GET", path)).json()["items"] == []
        officer = Filer(filer.service, person(Role.EXAMINER))
        assert (await ask(officer, "GET", path)).status_code == 403
        answer = await ask(filer, "GET", f"{path}?stay_from=2027-02-01&stay_to=2027-01-01")
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "ends-before-it-begins")
    assert (await ask(officer, "POST", "/renewals", {"application_ids": made})).status_code == 403
