"""The board, in a browser without scripts: what is wrong is seen, understood and put right, by operators alone."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from services.gateway.edge.reporting import reporting
from services.gateway.pages.board.charts import rows_of, runs_of
from services.gateway.pages.board.system.lights import NUMBERS, Level, lights_of
from services.gateway.pages.board.system.overview import shown_light
from services.gateway.pages.board.system.processes import topics_of
from services.gateway.pages.board.system.projections import facts_of, rebuilds_of, snapshots_of
from services.gateway.pages.board.system.requests import requests_of
from services.gateway.pages.board.system.timers import timers_of
from services.gateway.pages.kit.formats import duration
from services.gateway.texts import PAGES
from services.registration.authentication.store.sign_in import throttles
from services.registration.gateways.store import numbers
from shared.auth import OFFICER_ROLES, Role
from shared.http.recent import Tally
from shared.ids import new_id
from shared.journal.tables import journal_rounds
from shared.languages import Lang
from shared.messaging import Consumer, MemoryBroker, MemoryProducer, MemorySource, Relay
from shared.operations.samples import store
from shared.operations.state import reports
from shared.operations.state.schemas import ConsumerState, TopicState
from shared.rebuilding.tables import rebuilds
from tests.gateway.approval import linked
from tests.gateway.board import BOARD, LETTERS, Operators, operators
from tests.infra.databases import TestDatabase
from tests.services.registration.test_gateways import LISTED, OF_GATEWAY, grow_older, report
from tests.support.waiting import eventually


@pytest.fixture
async def site(service_database: Callable[[str], TestDatabase]) -> AsyncIterator[Operators]:
    async with operators(service_database) as made:
        yield made


async def test_a_poisoned_event_is_seen_understood_replayed_after_a_deployment_and_gone(site: Operators) -> None:
    site.release(correct=False)
    letter_id = await site.poison(waiting=1)
    browser = site.browsers["operator"]
    board = await browser.open(f"{BOARD}?lang=en")
    assert "1 events wait for a decision" in board.links
    assert board.shown.count("It does not answer") == 3, "services that are away are lines of the page"
    page = await browser.follow(board, "1 events wait for a decision")
    assert "TaxColumnMissing" in page.shown
    letter = await browser.open(f"{LETTERS}/{letter_id}")
    assert "This version can read the event" in letter.shown
    assert "zairyu.ApplicationSubmitted.v1" in letter.shown

    order = await browser.follow(letter, "Replay or drop")
    empty = await browser.send(order, "Give the order")
    assert (empty.status, linked(empty)) == (422, {"action", "why"})
    page = await browser.send(order, "Give the order", action="replay", why="perhaps it was the network")
    assert "The order is under way" in page.shown
    await site.box.carry_out()
    assert "0 done, 1 failed again, of 1" in (await browser.open(LETTERS)).shown

    site.release(correct=True)
    await browser.send(order, "Give the order", action="replay", why="release 1.4.2 is deployed")
    await site.box.carry_out()
    page = await browser.open(LETTERS)
    assert "2 done, 0 failed again, of 1" in page.shown
    assert "No event is set aside." in page.shown
    assert "wait for a decision" not in (await browser.open(BOARD)).shown
    assert (await browser.client.get(f"{LETTERS}/{letter_id}")).status_code == 404


async def test_all_are_dropped_by_two_operators(site: Operators) -> None:
    await site.poison()
    browser = site.browsers["operator"]
    page = await browser.open(f"{LETTERS}?lang=en")
    order = await browser.follow(page, "Decide about all")
    page = await browser.send(order, "Give the order", action="drop", why="events of a test")
    assert "Another operator has to approve it" in page.shown
    assert "Approve" not in [form.button for form in page.forms]
    another = await site.officer("another", Role.OPERATOR)
    page = await another.open(f"{LETTERS}?lang=en")
    assert "Approved." in (await another.send(page, "Approve")).shown
    await site.box.carry_out()
    assert await site.box.rows("SELECT 1 FROM dead_letters") == []


async def test_operators_alone_who_have_just_proved_who_they_are(site: Operators) -> None:
    letter_id = await site.poison()
    paths = (
        BOARD,
        f"{BOARD}/review",
        f"{BOARD}/review/charts",
        f"{BOARD}/gateway",
        f"{BOARD}/gateway/charts",
        f"{BOARD}/attacks",
        f"{BOARD}/topics",
        LETTERS,
        f"{LETTERS}/{letter_id}",
        f"{LETTERS}/order?scope=all",
    )
    for role in sorted(OFFICER_ROLES - {Role.OPERATOR}):
        browser = await site.officer(role, role)
        assert BOARD not in (await browser.open("/desk")).links.values()
        for path in paths if role is Role.AUDITOR else paths[:1]:
            assert (await browser.client.get(path)).status_code == 403, (role, path)
    browser = site.browsers["operator"]
    assert BOARD in (await browser.open("/desk")).links.values()
    for path in paths:
        assert (await browser.client.get(path)).status_code == 200, path
    for path in (
        f"{BOARD}/x",
        f"{BOARD}/x/charts",
        f"{BOARD}/x/letters",
        f"{LETTERS}/{new_id()}",
        f"{LETTERS}/order?scope=x",
    ):
        assert (await browser.client.get(path)).status_code in (404, 422), path
    site.front.clock.advance(timedelta(minutes=21))
    for path in paths:
        answer = await browser.client.get(path)
        assert (answer.status_code, "/account/step-up" in answer.headers.get("location", "")) == (303, True), path


async def test_topics_are_shown_with_who_takes_them_and_who_does_not_read(site: Operators) -> None:
    browser = site.browsers["operator"]
    page = await browser.open(f"{BOARD}?lang=en")
    page = await browser.follow(page, "Topics and their receivers")
    assert "No process reports a topic." in page.shown
    assert "No consumer of these services reads: Registration and officers and Review." in page.shown
    topics = [TopicState(topic="application.events", partitions=12, end=141_009, lag=3, oldest_seconds=301)]
    since = site.front.clock.now()
    consumer = ConsumerState(phase="running", since=since, reason=None, partitions=12, lag=3, topics=topics)
    await site.box.report(["consumer"], consumer=consumer)
    page = await browser.open(f"{BOARD}/topics")
    for text in ("application.events", "141,009", "301", "Broken", "reads: Registration and officers."):
        assert text in page.shown, page.shown


async def test_the_page_of_a_service_says_what_its_parts_do(site: Operators) -> None:
    state = site.box.service.app.state
    clock, broker = site.front.clock, MemoryBroker(partitions=1)
    state.relay = Relay(state.runtime.db, MemoryProducer(broker), clock=clock)
    source = MemorySource.maker(broker, "review", ["application.events"])
    state.consumer = Consumer(state.runtime.db, source, "review", {}, keys=state.runtime.event_keys, clock=clock)
    page = await site.browsers["operator"].open(f"{BOARD}/review?lang=en")
    assert page.shown.count("starting") == 2
    for text in ("Sending (relay)", "Messages not taken yet", "Payment differences to settle", "database"):
        assert text in page.shown
    assert "How fresh the copies are" in page.shown
    assert "No process runs jobs" in page.shown, "the process that answers has the part api alone"
    checked = await site.browsers["operator"].open(f"{BOARD}/invariants")
    assert (checked.status, checked.h1) == (200, "What must always hold")
    away = await site.browsers["operator"].open(f"{BOARD}/document")
    assert (away.status, "It does not answer" in away.shown) == (200, True)


async def test_numbers_over_time_are_drawn_and_stand_in_words_and_tables(site: Operators) -> None:
    browser = site.browsers["operator"]
    page = await browser.follow(await browser.open(f"{BOARD}/review?lang=en"), "Over time")
    assert "Nothing was recorded yet" in page.shown
    now = site.front.clock.now()
    async with site.box.service.db.transaction() as session:
        for minutes, rows in ((170, 3), (168, 4), (20, 1_812), (0, 2)):
            values = {"outbox": rows, "queue:mails": 1, "new-one": 1}
            await store.keep(session, now - timedelta(minutes=minutes), values)
    page = await browser.open(f"{BOARD}/review/charts?hours=x")
    assert "Last 2, lowest 2, highest 1,812 (20 November 2026 11:40 (Japan))" in page.shown, page.shown
    assert "Emails that are due" in page.shown
    assert "new-one" in page.shown, "a service that is newer has numbers without a name here"
    outbox, *_ = [label for label in page.values("svg", "aria-label") if label.startswith("Events not sent yet: ")]
    assert "highest 1,812" in outbox
    assert len(page.values("polyline", "points")) == 9, "a gap parts a line"
    away = await browser.open(f"{BOARD}/document/charts?hours=24")
    assert (away.status, "do not answer" in away.shown) == (200, True)


def test_a_table_beside_a_line_has_the_greatest_value_of_each_twelfth() -> None:
    until = datetime(2026, 11, 20, 3, tzinfo=UTC)
    since = until - timedelta(hours=12)
    points = [(since, 2.0), (since + timedelta(minutes=59), 5.0), (until - timedelta(minutes=1), 1.0)]
    rows = rows_of(points, since, until)
    assert (len(rows), rows[0], rows[1][1], rows[11][1]) == (12, (since, 5.0), None, 1.0)
    assert [len(run) for run in runs_of(points, timedelta(minutes=30))] == [2, 1]


async def test_the_gateway_shows_its_own_process_and_slow_requests(site: Operators) -> None:
    browser = site.browsers["operator"]
    site.front.app.state.recent.count("GET", "/slow/{id}", 200, 2.5, "4bf92f3577b34da6a3ce929d0e0e4736")
    page = await browser.open(f"{BOARD}?lang=en")
    page = await browser.follow(page, "Gateway")
    for text in ("Memory", "GET /slow/{id}", "2,500 ms", "4bf92f3577b34da6a3ce929d0e0e4736"):
        assert text in page.shown, text
    assert "The database does not answer" not in page.shown


async def test_the_journal_is_verified_when_an_operator_says_so(site: Operators) -> None:
    browser = site.browsers["operator"]
    page = await browser.open(f"{BOARD}/review?lang=en")
    assert "Not verified yet" in page.shown
    page = await browser.send(page, "Verify the whole journal now")
    for text in ("Under way", "Lines verified: 0, seals: 0", "Ordered by an operator"):
        assert text in page.shown, text
    found = {"kind": "row-altered", "where": "case 7 version 3", "what": "content does not match its hash"}
    async with site.box.service.db.transaction() as session:
        ended = {"ended_at": site.front.clock.now(), "contradictions": 1, "found": [found]}
        await session.execute(update(journal_rounds).values(ended))
    page = await browser.open(f"{BOARD}/review")
    for text in ("The journal contradicts itself in 1 places", "Contradictions: 1", "case 7 version 3"):
        assert text in page.shown, text


async def test_wrong_sign_ins_are_listed_without_a_name_or_an_address(site: Operators) -> None:
    browser = site.browsers["operator"]
    page = await browser.open(f"{BOARD}?lang=en")
    page = await browser.follow(page, "Wrong sign-ins")
    assert "No sign-in went wrong" in page.shown
    soon = site.front.clock.now() + timedelta(minutes=5)
    row = {"scope": "sign-in:address", "key": b"\x3f\xa1\xc0\x9b" * 8, "charged": 64, "window_ends": soon}
    async with site.front.site.context.db.transaction() as session:
        await session.execute(insert(throttles).values(**row, blocked_until=soon))
    page = await browser.open(f"{BOARD}/attacks")
    for text in ("3fa1c09b", "Address", "64", "20 November 2026 12:05 (Japan)"):
        assert text in page.shown, text
    assert "3fa1c09b3f" not in page.shown


async def test_further_numbers_of_a_service_are_on_its_page(site: Operators) -> None:
    page = await site.browsers["operator"].open(f"{BOARD}/registration?lang=en")
    assert "Login ids that are slowed" in page.shown


def test_requests_of_several_processes_are_put_together() -> None:
    tally = Tally()
    tally.count(500, 0.7)
    route = {"method": "GET", "route": "/a", "requests": 1, "errors": 1, "by_duration": tally.by_duration}
    slow = [{"at": f"2026-11-20T03:00:0{second}Z"} for second in (1, 2)]
    processes = [{"requests": {"routes": [route], "slow": [one]}} for one in slow]
    found = requests_of([*processes, {"requests": None}, {}])
    assert found["slow"] == [slow[1], slow[0]]
    assert found["routes"] == [{"method": "GET", "route": "/a", "requests": 2, "errors": 2, "milliseconds": 975}]


_CALM: dict[str, Any] = {
    "at": "2026-11-20T03:00:00Z",
    "checks": [{"name": "database", "is_good": True}],
    "notices": [],
    "stored": {
        "processes": [],
        "parts_missing": [],
        "letters": {"parked": 0, "refused": 0, "deferred": 3, "waiting": 0},
        "outbox": {"rows": 0, "oldest_at": None},
        "timers": [{"oldest_due_at": "2026-11-20T02:59:30Z", "failing": 0}],
        "queues": [{"name": "mails", "is_late": False}],
        "journal": {"unsealed_since": "2026-11-20T02:59:00Z", "rounds": [{"contradictions": 0}]},
        "numbers": {"slowed-accounts": 9, "refused-files": 9_999},
        "database": {"longest_transaction_seconds": 0.2},
    },
}


@pytest.mark.parametrize(
    ("part", "changes", "light"),
    [
        ("", {}, ("good", Level.GOOD, "")),
        ("", {"checks": [{"name": "relay", "is_good": False}]}, ("check", Level.BROKEN, "relay")),
        ("", {"notices": ["no-scanner"]}, ("notice", Level.LOOK, "no-scanner")),
        ("", {"notices": ["database-full"]}, ("notice", Level.BROKEN, "database-full")),
        ("", {"stored": None}, ("good", Level.GOOD, "")),
        ("letters", {"parked": 2, "refused": 1}, ("letters", Level.LOOK, "3")),
        ("outbox", {"oldest_at": "2026-11-20T02:58:59Z"}, ("outbox", Level.LOOK, "61")),
        ("outbox", {"oldest_at": "2026-11-20T02:50:00Z"}, ("outbox", Level.BROKEN, "600")),
        ("journal", {"unsealed_since": "2026-11-20T02:00:00Z"}, ("journal", Level.BROKEN, "3600")),
        ("journal", {"rounds": [{"contradictions": 0}, {"contradictions": 2}]}, ("contradicted", Level.BROKEN, "2")),
        ("numbers", {"slowed-accounts": 10}, ("slowed_accounts", Level.LOOK, "10")),
        ("numbers", {"signatures-hours": 170.5}, ("signatures_hours", Level.BROKEN, "170")),
        ("database", {"longest_transaction_seconds": 61.2}, ("transaction", Level.LOOK, "61")),
    ],
)
def test_a_light_for_each_thing_that_is_wrong(part: str, changes: object, light: tuple[str, Level, str]) -> None:
    stored = _CALM["stored"]
    assert isinstance(changes, dict)
    state = _CALM | ({"stored": stored | {part: stored[part] | changes}} if part else changes)
    (found,) = lights_of(state)
    assert (found.subject, found.level, found.detail) == light


def _process(name: str, *, is_good: bool = True, is_silent: bool = False, topics: Sequence[Any] = ()) -> dict[str, Any]:
    checks = [{"name": name, "is_good": is_good}]
    return {"checks": checks, "is_silent": is_silent, "consumer": {"topics": list(topics)}}


def test_processes_have_lights_while_they_report() -> None:
    processes = [_process("consumer", is_good=False), _process("jobs", is_good=False, is_silent=True)]
    stored = {**_CALM["stored"], "processes": processes, "parts_missing": ["relay"]}
    found = [(light.subject, light.level, light.detail) for light in lights_of(_CALM | {"stored": stored})]
    assert found == [
        ("check", Level.BROKEN, "consumer"),
        ("missing", Level.BROKEN, "relay"),
        ("process", Level.LOOK, "1"),
    ]


def test_every_number_with_a_light_has_its_words() -> None:
    for name in NUMBERS:
        code = name.replace("-", "_")
        assert {f"light_{code}", f"todo_{code}"} <= PAGES["en"]["system"].keys()
        assert f"name_{code}" in PAGES["en"]["charts"]


def test_timers_are_late_or_not_and_one_may_take_long() -> None:
    process = _process("jobs") | {"working_on": [{"kind": "job:a", "seconds": 301.0}, {"kind": "b", "seconds": 3.0}]}
    timers = [
        {"kind": "job:a", "oldest_due_at": None, "failing": 0, "last_run": {"milliseconds": 3}},
        {"kind": "job:late", "oldest_due_at": "2026-11-20T02:58:00Z", "failing": 0},
        {"kind": "job:soon", "oldest_due_at": "2026-11-20T02:58:01Z", "failing": 0},
        {"kind": "job:failing", "oldest_due_at": None, "failing": 1},
    ]
    state = _CALM | {"stored": _CALM["stored"] | {"processes": [process], "timers": timers}}
    lights = [(light.subject, light.detail) for light in lights_of(state)]
    assert lights == [("timers", "120"), ("long", "job:a"), ("failing", "1")]
    shown = {timer["kind"]: (timer["tone"], timer["for"]) for timer in timers_of(state, PAGES["en"]["system"])}
    assert shown == {
        "job:a": ("good", 301.0),
        "job:late": ("attention", None),
        "job:soon": ("good", None),
        "job:failing": ("attention", None),
    }


def test_topics_are_summed_over_the_processes_that_report() -> None:
    half = {"topic": "a.events", "partitions": 6, "end": 10, "lag": 2, "oldest_seconds": None}
    more = half | {"oldest_seconds": 61.5, "arrived": 30.4, "taken": 0.0}
    processes = [_process("consumer", topics=[half]), _process("consumer", topics=[more])]
    silent = _process("consumer", is_silent=True, topics=[half])
    assert topics_of({"processes": [*processes, silent]}) == [
        {"topic": "a.events", "partitions": 12, "end": 20, "lag": 4, "oldest_seconds": 61.5, "arrived": 30, "taken": 0}
    ]
    (light,) = lights_of(_CALM | {"stored": _CALM["stored"] | {"processes": processes}})
    assert (light.subject, light.level, light.detail) == ("unread", Level.LOOK, "62")
    assert (topics_of(None), topics_of({})) == ([], [])


async def test_facts_are_sent_again_and_stopped_and_a_rebuild_that_waits_is_switched(site: Operators) -> None:
    browser = site.browsers["operator"]
    board = await browser.open(f"{BOARD}/review?lang=en")
    order = await browser.follow(board, "Send facts again")
    assert "Kept by: " in order.shown
    empty = await browser.send(order, "Begin to send")
    assert (empty.status, linked(empty)) == (422, {"kind", "why"})
    done = await browser.send(order, "Begin to send", kind="cases", why="the office of a case differs")
    assert "Sending has started." in done.shown
    assert "Being sent" in done.shown
    twice = await browser.send(await browser.open(f"{BOARD}/review/snapshots"), "Begin to send", kind="cases", why="x")
    assert "A snapshot of this kind is being sent" in twice.shown
    stop = await browser.follow(done, "Stop sending")
    assert linked(await browser.send(stop, "Stop sending")) == {"why"}
    stopped = await browser.send(stop, "Stop sending", why="the wrong kind")
    assert "Sending was stopped." in stopped.shown
    assert (await browser.client.get(f"{BOARD}/notification/snapshots")).status_code == 404

    now = site.box.clock.now()
    row = {"id": new_id(), "projection": "cases", "started_at": now, "state": "held", "expected": 3, "different": 3}
    async with site.box.service.db.transaction() as session:
        await session.execute(insert(rebuilds).values(row | {"measured_at": now}))
    page = await browser.follow(await browser.open(f"{BOARD}/review"), "Switch")
    switched = await browser.send(page, "Switch", why="looked at all three")
    assert "The switch has started." in switched.shown
    assert (await browser.client.get(f"{BOARD}/review/rebuilds/{row['id']}/switch")).status_code == 404


def test_copies_show_how_far_they_are_behind_and_rebuilds_how_far_they_are() -> None:
    texts = PAGES["en"]["system"]
    topic = {"topic": "application.events", "partitions": 6, "end": 10, "lag": 2, "oldest_seconds": 5.0}
    rebuild = {"projection": "cases", "state": "held", "received": 50, "expected": 200}
    times = {"started_at": "2026-11-20T02:59:50Z", "measured_at": "2026-11-20T03:00:00Z"}
    own = {
        "processes": [_process("consumer", topics=[topic])],
        "facts": [
            {"owner": "application", "topic": "application.events", "set_aside_since": None},
            {"owner": "notification", "topic": "notification.events", "set_aside_since": "2026-11-20T02:58:00Z"},
        ],
        "rebuilds": [rebuild | times],
        "snapshots": [{"kind": "cases", "state": "done", "sent": 0, "expected": 0}],
    }
    state = _CALM | {"stored": _CALM["stored"] | own}
    behind = [(one["owner"], one["behind"], one["tone"]) for one in facts_of(state, texts)]
    assert behind == [("application", 5, "good"), ("notification", 120, "attention")]
    (shown,) = rebuilds_of(state, texts)
    assert (shown["percent"], shown["rate"], shown["text"], shown["tone"]) == (
        25,
        5,
        "Waits for an operator",
        "attention",
    )
    assert [one["percent"] for one in snapshots_of(state, texts)] == [100]
    assert [(light.subject, light.detail) for light in lights_of(state)] == [("held", "cases")]
    assert (facts_of(_CALM, texts), rebuilds_of(None, texts)) == ([], [])


def test_what_another_process_noticed_and_what_must_hold_and_does_not_are_lights() -> None:
    noticed = _process("consumer") | {"notices": ["clock-differs", "scanner-away"]}
    stored = _CALM["stored"] | {"violated": ["a", "b"], "unchecked": ["c"], "processes": [noticed]}
    found = lights_of(_CALM | {"notices": ["scanner-away"], "stored": stored})
    assert [(light.subject, light.level, light.detail) for light in found] == [
        ("notice", Level.BROKEN, "clock-differs"),
        ("violated", Level.BROKEN, "2"),
        ("notice", Level.LOOK, "scanner-away"),
        ("unchecked", Level.LOOK, "1"),
    ]
    shown = {light.subject: shown_light(light, "review", "en") for light in found}
    assert shown["violated"]["href"] == f"{BOARD}/invariants"
    silent = _CALM["stored"] | {"processes": [noticed | {"is_silent": True}]}
    assert [light.subject for light in lights_of(_CALM | {"stored": silent})] == ["process"]


@pytest.mark.parametrize(
    ("seconds", "lang", "words"),
    [
        (0, "en", "0 seconds"),
        (59.4, "en", "59 seconds"),
        (60, "en", "1 minute"),
        (5_400, "en", "1 hour 30 minutes"),
        (3_605, "en", "1 hour"),
        (90_061, "en", "1 day 1 hour"),
        (5_400, "ja", "1時間30分"),
        (5_400, "zh-Hans", "1小时30分钟"),
        (5_400, "vi", "1 tiếng 30 phút"),
    ],
)
def test_a_length_of_time_has_its_two_largest_units(seconds: float, lang: Lang, words: str) -> None:
    assert duration(seconds, lang) == words


def test_late_and_failing_timers_and_a_silent_service() -> None:
    stored = _CALM["stored"]
    timers = [{"oldest_due_at": "2026-11-20T02:40:00Z", "failing": 2}]
    queues = [{"name": "scans", "is_late": True}]
    found = lights_of(_CALM | {"stored": stored | {"timers": timers, "queues": queues}})
    shown = [(light.subject, light.level) for light in found]
    assert shown == [("timers", Level.BROKEN), ("failing", Level.LOOK), ("queue", Level.LOOK)]
    assert [(light.subject, light.level) for light in lights_of(None)] == [("silent", Level.BROKEN)]
    assert [(light.subject, light.level) for light in lights_of({})] == [("refuses", Level.BROKEN)]


async def test_all_processes_of_the_gateway_are_shown_by_what_they_report(
    site: Operators, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "_FIRST_SECONDS", 0)
    browser, registration = site.browsers["operator"], site.front.site
    operator = await registration.officer(Role.OPERATOR, login_id="operator.osa")

    async def reported() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await registration.get(LISTED, operator)).json()
        return found

    already = len(await reported())
    async with reporting(site.front.app):
        await eventually(lambda: _more_than(already, reported))
        other = new_id()
        answers = {"requests": 1_234, "errors": 0, "by_duration": [1_234], "routes": [], "slow": []}
        body = report(host="gateway-b", version="0.0.9", requests=answers)
        answer = await registration.service.client.put(f"/v1/gateways/{other}", json=body, headers=OF_GATEWAY)
        assert answer.status_code == 204, answer.text
        page = await browser.open(f"{BOARD}/gateway?lang=en")
        for shown in ("gateway-b", "0.0.9", "1,234", str(os.getpid())):
            assert shown in page.shown
        assert "ask the others" not in page.shown.lower()
    await grow_older(registration, 31)
    assert "Processes that no longer report: 1" in (await browser.open(f"{BOARD}?lang=en")).shown
    failing = report(host="gateway-b", checks=[{"name": "token-keys", "is_good": False, "reason": "NoKeys"}])
    failing["checks"][0]["for_seconds"] = 40
    await registration.service.client.put(f"/v1/gateways/{other}", json=failing, headers=OF_GATEWAY)
    board = await browser.open(f"{BOARD}?lang=en")
    assert "token-keys" in board.shown
    assert len(await reported()) <= already + 1, "a process that ends takes its report along"
    async with registration.context.db.transaction() as session:
        now = site.front.clock.now()
        await store.keep(session, now, await numbers(session, now))
    charts = await browser.follow(page, "Over time")
    assert (charts.path, "Requests in a minute" in charts.shown) == (f"{BOARD}/gateway/charts", True)
    for path in (f"{BOARD}/registration", f"{BOARD}/registration/charts"):
        assert "gateway-" not in (await browser.open(path)).shown
    registration.service.app.state.runtime.db.read = None
    page = await browser.open(f"{BOARD}/gateway?lang=en")
    assert (page.status, "keeps the reports of the gateway" in page.shown) == (200, True)


async def _more_than(count: int, reported: Callable[[], Awaitable[list[Any]]]) -> bool:
    return len(await reported()) > count


async def test_a_service_that_refuses_the_session_is_a_line_and_a_notice_is_a_sentence(
    site: Operators, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, state = site.browsers["operator"], site.box.service.app.state
    state.readiness.notices |= {"database-slow", "unheard-of"}
    page = await browser.open(f"{BOARD}?lang=en")
    for text in ("Its database answers slowly", "what pg_stat_activity waits for", "Notice: unheard-of"):
        assert text in page.shown
    monkeypatch.setattr(state.verifier, "is_fresh", lambda _: False)
    for path in (BOARD, f"{BOARD}/review"):
        page = await browser.open(f"{path}?lang=en")
        assert (page.status, "It does not accept your session" in page.shown) == (200, True)
