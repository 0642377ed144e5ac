"""The facts of applications that cases keep, rebuilt from a snapshot of the application service."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert, select

from services.review.app import create_app
from services.review.cases.domain.states import State
from services.review.cases.store import Case
from services.review.settings import Settings
from shared.auth import Actor
from shared.clock import ManualClock
from shared.events.application import ApplicationSnapshotPage
from shared.ids import new_id
from shared.messaging.tables import dead_letters
from shared.rebuilding import shadow, snapshots
from shared.rebuilding.__main__ import main
from shared.work import RequestIdentity
from tests.infra.databases import TestDatabase
from tests.rebuilding.support import Pair
from tests.services.application.people import Filer
from tests.services.review.desk import WAYS, Desk
from tests.support.keys import secrets
from tests.support.service import running

# What a case keeps of its application, and the moments and states that a rebuild must not touch.
FACTS = "SELECT to_jsonb(cases) FROM cases ORDER BY application_id"
JOB = {"form": {"occupation": "経理", "requested_period": "Y1"}, "reason": "入力を誤ったため"}


@pytest.fixture
async def pair(service_database: Callable[[str], TestDatabase]) -> AsyncIterator[Pair]:
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    async with AsyncExitStack() as stack:
        owner, keeper = [
            await stack.enter_async_context(running(name, service_database(name), clock=clock))
            for name in ("application", "review")
        ]
        yield Pair(owner, keeper, clock)


async def _filed(pair: Pair) -> list[str]:
    """Applications as they may be: as filed, corrected, moved, withdrawn, handed over."""
    filers = [Filer(pair.owner) for _ in range(4)]
    ids = [await filer.filed() for filer in filers]
    corrected, moved, withdrawn = filers[1:]
    pair.clock.advance(timedelta(hours=1))
    key = {"Idempotency_Key": str(new_id()), "If_Match": "*"}
    answers = [
        await corrected.request("POST", f"/{ids[1]}/corrections", JOB, **key),
        await moved.post(f"/{ids[2]}/address", {"address": "大阪府大阪市北区１", "lives_there_from": "2026-11-01"}),
        await withdrawn.post(f"/{ids[3]}/withdraw", {"reason": "帰国するため"}),
    ]
    assert [answer.status_code for answer in answers] == [200] * 3, [answer.text for answer in answers]
    return ids


async def test_the_rebuilt_facts_are_those_that_events_had_brought(pair: Pair) -> None:
    await _filed(pair)
    await pair.hand_over()
    before = await pair.state(FACTS)
    await pair.order("applications")
    await pair.send()
    await pair.rebuild()
    last = await pair.last()
    assert (last.state, last.compared, last.different, last.missing, last.unknown) == ("done", 4, 0, 0, 0)
    assert await pair.state(FACTS) == before
    assert await pair.rows() == 0
    assert [await service.journal_problems() for service in (pair.owner, pair.keeper)] == [[], []]


async def test_what_was_spoiled_is_put_right_and_what_is_missing_is_opened(pair: Pair) -> None:
    ids = await _filed(pair)
    await pair.hand_over()
    before = await pair.state(FACTS)
    await pair.spoil(f"UPDATE cases SET nationality = 'XXX', person_keys = '{{}}' WHERE application_id = '{ids[0]}'")
    await pair.spoil(f"UPDATE cases SET document_ids = '[]', address_office = NULL WHERE application_id = '{ids[2]}'")
    await pair.order("applications")
    await pair.send()
    await pair.rebuild()
    last = await pair.last()
    assert (last.state, last.different, last.missing, last.repaired) == ("done", 2, 0, 2)
    assert await pair.state(FACTS) == before
    (changed,) = await pair.state("SELECT detail FROM journal WHERE action = 'case:rebuild' ORDER BY position LIMIT 1")
    assert set(changed.detail) == {"changed"}


async def test_missing_cases_are_opened_and_decided_ones_keep_what_was_decided_on(pair: Pair) -> None:
    lost, decided, _, withdrawn = await _filed(pair)
    for event in await pair.owner.events():
        if str(event.key) not in (lost, withdrawn) and type(event) in pair.keeper.app.state.handlers:
            await pair.keeper.deliver(event)
    pair.taken = len(await pair.owner.events())
    desk = Desk(pair.keeper, pair.clock)
    async with pair.keeper.db.read() as session:
        case = await session.scalar(select(Case).where(Case.application_id == UUID(decided)))
    for step in WAYS[State.AWAITING_FEE]:
        await getattr(desk, f"_{step}")(case)
    await pair.spoil(f"UPDATE cases SET requested_period = 'Y5', procedure = 'CHANGE' WHERE id = '{case.id}'")
    await pair.order("applications")
    await pair.send()
    await pair.rebuild()
    last = await pair.last()
    assert (last.state, last.different, last.missing, last.repaired) == ("done", 1, 2, 3)
    cases = {
        str(row[0]): row[1:]
        for row in await pair.state("SELECT application_id, state, requested_period, procedure FROM cases")
    }
    assert cases[decided] == ("AWAITING_FEE", "Y5", "EXTEND")
    assert (cases[lost][0], cases[withdrawn][0]) == ("RECEIVED", "WITHDRAWN")
    assert await pair.keeper.journal_problems() != []  # the row that was changed by hand


async def test_records_that_are_younger_than_their_page_are_not_judged(pair: Pair) -> None:
    await _filed(pair)
    await pair.hand_over()
    await pair.order("applications")
    await pair.send()
    filer = Filer(pair.owner)
    late = await filer.filed()
    key = {"Idempotency_Key": str(new_id()), "If_Match": "*"}
    assert (await filer.request("POST", f"/{late}/corrections", JOB, **key)).status_code == 200
    await pair.hand_over()
    before = await pair.state(FACTS)
    await pair.rebuild()
    last = await pair.last()
    assert (last.state, last.different, last.missing, last.unknown) == ("done", 0, 0, 0)
    assert await pair.state(FACTS) == before


@pytest.mark.parametrize("limit", [100, 0], ids=["few differ", "much differs"])
async def test_a_record_that_differs_is_put_right_before_the_next_event_about_it_unless_much_differs(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    """The rest of it is right as well, and the correction holds; where much differs nothing is put right unseen."""
    monkeypatch.setattr(shadow, "FEW", limit)
    filer = Filer(pair.owner)
    application_id = await filer.filed()
    await pair.hand_over()
    await pair.spoil("UPDATE cases SET procedure = 'CHANGE'")
    await pair.order("applications")
    await pair.send()
    key = {"Idempotency_Key": str(new_id()), "If_Match": "*"}
    assert (await filer.request("POST", f"/{application_id}/corrections", JOB, **key)).status_code == 200
    await pair.hand_over()
    right = [("EXTEND" if limit else "CHANGE", "Y1")]
    assert await pair.state("SELECT procedure, requested_period FROM cases") == right
    await pair.rebuild()
    last = await pair.last()
    assert (last.different, last.repaired, last.overtaken) == ((1, 1, 0) if limit else (1, 0, 1))
    assert await pair.state("SELECT procedure, requested_period FROM cases") == right


async def test_a_row_that_comes_again_is_late_or_seen(pair: Pair) -> None:
    """Delivered once more behind a correction, it would compare with what has changed since."""
    filer = Filer(pair.owner)
    application_id = await filer.filed()
    await pair.order("applications")
    await pair.send()
    key = {"Idempotency_Key": str(new_id()), "If_Match": "*"}
    assert (await filer.request("POST", f"/{application_id}/corrections", JOB, **key)).status_code == 200
    await pair.hand_over()
    rows = [event for event in await pair.owner.events() if isinstance(event, ApplicationSnapshotPage)]
    for _ in range(2):
        await pair.hand_over_again(*rows)
        assert await pair.state("SELECT 1 FROM rebuild_rows") == []
        await pair.rebuild()
        assert await pair.rows() == 0
    assert (await pair.last()).received == 1
    assert await pair.state("SELECT requested_period FROM cases") == [("Y1",)]


@pytest.mark.parametrize("aside", ["record", "pages"])
async def test_a_record_about_which_a_letter_waits_is_left_as_it_is(pair: Pair, aside: str) -> None:
    """Its row is not compared with what led to it: an event is missing there, or one has come in between."""
    filer = Filer(pair.owner)
    application_id = await filer.filed()
    await Filer(pair.owner).filed()
    await pair.hand_over()
    await pair.spoil("UPDATE cases SET procedure = 'CHANGE'")
    await pair.order("applications")
    await pair.prepare()
    pages = [event for event in await pair.owner.events() if isinstance(event, ApplicationSnapshotPage)]
    await _set_aside(pair, *([application_id] if aside == "record" else [str(page.key) for page in pages]))
    await pair.hand_over()
    await pair.rebuild()
    last = await pair.last()
    left = 1 if aside == "record" else 2
    assert (last.state, last.different, last.repaired, last.overtaken) == ("done", 2, 2 - left, left)
    query = f"SELECT application_id = '{application_id}', procedure FROM cases ORDER BY 1"
    assert await pair.state(query) == [(False, "EXTEND" if left == 1 else "CHANGE"), (True, "CHANGE")]


async def _set_aside(pair: Pair, *keys: str) -> None:
    """Let an event of each key be a letter of the keeper."""
    of_all = {"consumer_group": "review", "topic": "application.events", "partition": 0, "value": b"", "headers": []}
    of_all |= {"status": "parked", "attempts": 1, "first_failed_at": pair.clock.now()}
    letters = [{"id": new_id(), "log_offset": offset, "key": key, **of_all} for offset, key in enumerate(keys)]
    async with pair.keeper.db.transaction() as session:
        await session.execute(insert(dead_letters), letters)


async def test_another_snapshot_takes_the_place_of_one_that_was_stopped(pair: Pair) -> None:
    filer = Filer(pair.owner)
    await filer.filed()
    sources, commands = pair.owner.app.state.snapshot_sources, pair.owner.app.state.runtime.commands
    first = await pair.order("applications")
    with pytest.raises(snapshots.SnapshotRuns):
        await pair.order("applications")
    await pair.hand_over()
    async with commands.work(Actor.system("test"), RequestIdentity("test")) as work:
        await snapshots.stop(work, sources, first, "the wrong kind")
    await pair.send()
    await pair.rebuild()
    assert ((await pair.last()).id, (await pair.last()).state) == (first, "stopped")
    second = await pair.order("applications")
    await pair.send()
    await pair.rebuild()
    assert ((await pair.last()).id, (await pair.last()).state) == (second, "done")


async def test_a_rebuild_that_would_change_much_waits_for_an_operator(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shadow, "FEW", 0)
    await Filer(pair.owner).filed()
    await pair.hand_over()
    await pair.spoil("UPDATE cases SET nationality = 'XXX'")
    rebuild_id = await pair.order("applications")
    await pair.send()
    await pair.rebuild()
    assert (await pair.last()).state == "held"
    assert await pair.state("SELECT nationality FROM cases") == [("XXX",)]

    async def command(*words: str) -> tuple[int, str]:
        settings = {"database_url": pair.keeper.app.state.runtime.db.url, **secrets("review")}
        code = await asyncio.to_thread(
            main, [*words, "--service", "review"], lambda _: create_app(Settings(**settings))
        )
        return code, capsys.readouterr().out

    code, said = await command("list")
    assert (code, f"cases  {rebuild_id}  held  1 of 1  compared 1  different 1" in said) == (0, True)
    assert await command("snapshot", "people", "--reason", "x") == (
        1,
        "review has no snapshot of 'people'; it has: cases\n",
    )
    assert await command("switch", str(new_id()), "--reason", "x") == (1, "not-found: Not found\n")
    assert await command("switch", str(rebuild_id), "--reason", "x") == (0, "cases will be switched\n")
    pair.clock.advance(
        datetime.now(UTC) - pair.clock.now() + timedelta(hours=1)
    )  # the command has the clock of the machine
    await pair.rebuild()
    assert (await pair.last()).state == "done"
    assert await pair.state("SELECT nationality FROM cases") == [("VNM",)]
