"""Figures and counts of the queue are those of the journal after random steps; an error planted in either is found."""

import os
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, text

from services.review.allocation.store import queue
from services.review.cases.domain.states import State
from services.review.cases.store import Case
from services.review.figures import store
from shared.clock import legal_date
from tests.infra.databases import TestDatabase
from tests.services.review import recount
from tests.services.review.conftest import as_owner
from tests.services.review.desk import COE_AT, WAYS, Desk
from tests.services.review.test_figures import GROUPS, _times, count_all, figures, naive, read

SEED = int(os.environ.get("ZAIRYU_TEST_SEED", "12"))
STATUSES = ("ENG_HUM_INT", "STUDENT")
PERIOD: dict[str, Any] = {"first": "2026-05-01", "last": "2026-12-31"}
ROWS = "cases", "case_states"
# Ways on which something is there without the other.
FURTHER = ("start propose approve pay", "start propose approve receive", "start ask answer propose approve")


@pytest.fixture(scope="module")
async def walked(open_desk: Desk, module_database: TestDatabase) -> Desk:
    """Cases on the way to every state, each step of another case, with random times between them."""
    chance = random.Random(SEED)
    ways: list[tuple[Case, list[str]]] = []
    for state, steps in [*WAYS.items(), *((None, way.split()) for way in FURTHER)]:
        age = timedelta(days=chance.choice([0, 3, 20, 70]), hours=chance.randrange(24))
        filed: dict[str, Any] = {"stay_expiry": "2027-03-31", "legal_date": "2026-07-15"}
        filed |= {"status_of_residence": chance.choice(STATUSES), "submitted_at": open_desk.clock.now() - age}
        ways.append((await open_desk.open(**(filed | (COE_AT.get(state, {}) if state else {}))), list(steps)))
    while ways := [(case, steps) for case, steps in ways if steps]:
        case, steps = chance.choice(ways)
        step = steps.pop(0)
        # An answer is to the last request, whichever case that was about.
        if step == "ask":
            await _ask_and_answer(open_desk, chance, case, steps)
        else:
            await getattr(open_desk, f"_{step}")(case)
        await open_desk.pass_time(timedelta(minutes=chance.randrange(24 * 60)))
    await as_owner(module_database, "".join(f"CREATE TABLE kept_{name} AS TABLE {name};" for name in ROWS))
    return open_desk


async def _ask_and_answer(desk: Desk, chance: random.Random, case: Case, steps: list[str]) -> None:
    due = legal_date(desk.clock.now()) + timedelta(days=7)
    body = {"items": [{"code": "RES_TAX", "message": "課税証明書"}], "due_on": due.isoformat()}
    desk.request_id = UUID((await desk.done(desk.examiner, case.id, "document-requests", body))["request_id"])
    if steps:
        await desk.pass_time(timedelta(hours=chance.randrange(24 * 20)))
        await desk._answer(case)
        steps.pop(0)


async def differences(desk: Desk) -> list[str]:
    """Names of what the service counts otherwise than the journal. Months that are final are counted again."""
    async with desk.service.db.transaction() as session:
        await session.execute(delete(store.FigureMonth))
    await count_all(desk)
    cases, now = await recount.followed(desk.service.db), desk.clock.now()
    found = []
    wanted = naive([case.as_counted() for case in cases], GROUPS)
    items = {tuple(one[name] for name in GROUPS): one for one in await figures(desk, by=GROUPS, **PERIOD)}
    for group in wanted.keys() | items.keys():
        for name, value in wanted.get(group, {}).items():
            if items.get(group, {}).get(name) != value:
                found.append(f"{name} of {group}")
        if group not in wanted:
            found.append(f"{group}")
    counted = {one["state"]: one["times"] for one in (await read(desk, "/steps", **PERIOD)).json()["items"]}
    days_in = {state: _times(days) for state, days in recount.steps(cases).items()}
    found += [f"days in {state}" for state in counted.keys() | days_in if counted.get(state) != days_in.get(state)]
    open_now = {
        (one["office"], one["procedure"]): (one["open"], one["with_applicant"], one["ages"])
        for one in (await read(desk, "/queues")).json()["items"]
    }
    if open_now != recount.queues(cases, now):
        found.append("queues")
    answer = (await desk.get(desk.examiner, "/counts")).json()
    here = {
        "states": +Counter({one["state"]: one["cases"] for one in answer["states"]}),
        "waits": +Counter({one["wait"]: one["cases"] for one in answer["waits"]}),
        "late": +Counter({one["wait"]: one["late"] for one in answer["waits"]}),
        "concerns": +Counter({one["concern"]: one["cases"] for one in answer["concerns"]}),
    }
    for name, counter in recount.counts(cases, "TYO", now).items():
        if here[name] != counter:
            found.append(f"{name}: {here[name] - counter} {counter - here[name]}")
    return found


async def test_figures_and_counts_are_those_of_the_journal(walked: Desk) -> None:
    assert await differences(walked) == []


def _other(name: str, old: str, new: str) -> Callable[[pytest.MonkeyPatch], None]:
    """Another statement of the figures."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        statement = str(getattr(store, name))
        assert old in statement
        patch.setattr(store, name, text(statement.replace(old, new)))

    return plant


def _otherwise(name: str, change: Callable[..., Any]) -> Callable[[pytest.MonkeyPatch], None]:
    """Another condition of the counts."""
    return lambda patch: patch.setattr(queue, name, partial(change, getattr(queue, name)))


# Each plants one error in what is counted.
STATEMENTS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "a withdrawal is a grant": _other("_COUNTS", "'NOT_ACCEPTED', 'WITHDRAWN', 'TERMINATED'", "'NOT_ACCEPTED', ''"),
    "a termination is counted nowhere": _other("_COUNTS", "(state = 'TERMINATED' AND fee_yen IS NULL)::int", "0"),
    "what is not accepted is refused": _other(
        "_COUNTS", "(state = 'DECIDED_REFUSE')::int", "(state IN ('DECIDED_REFUSE', 'NOT_ACCEPTED'))::int"
    ),
    "the month is that of the decision": _other("_COUNTS", "submitted_at >= :start", "decided_at >= :start"),
    "a day more": _other("_DURATIONS", "floor(total / 86400)", "ceil(total / 86400)"),
    "waiting is the office's": _other("_DURATIONS", "greatest(total - waited, 0)", "total"),
    "refusals have times": _other("_DURATIONS", "'DECIDED_REFUSE', ", ""),
    "a step of another month": _other("_STEPS", "case_states.until >= :start", "case_states.since >= :start"),
    "steps of what is open": _other("_STEPS", "case_states.until - case_states.since", "interval '3 days'"),
    "other ages": lambda patch: patch.setattr(store, "AGES", (2, 4, 8, 16, 32)),
    "nobody waits for the applicant": _other("_QUEUES", "state = ANY(:waiting)", "false"),
    "a fee that was paid": _otherwise("_waits", lambda real, wait: real(wait)[:1]),
    "late from the first day": _otherwise(
        "_late", lambda _, wait, at: Case.state_since < at.now - timedelta(hours=1) if wait else None
    ),
    "a concern that is over": _otherwise("holds", lambda real, concern, at: ~real(concern, at)),
    "counted up to two": lambda patch: patch.setattr(queue, "MOST_COUNTED", 2),
}
# Each makes rows say something else than their journal.
TAMPERED: dict[str, str] = {
    "waiting that never was": "UPDATE cases SET waited_seconds = waited_seconds + 172800",
    "a decision of another month": "UPDATE cases SET decided_at = decided_at - interval '40 days'",
    "another receipt": "UPDATE cases SET submitted_at = submitted_at - interval '2 days'",
    "another office": "UPDATE cases SET office = 'OSA' WHERE state = 'PROPOSED'",
    "a fee that nobody paid": "UPDATE cases SET fee_paid = true WHERE state = 'AWAITING_FEE'",
    "a case that stood still for longer": "UPDATE cases SET state_since = state_since - interval '90 days'",
    "a step that is not recorded": "DELETE FROM case_states WHERE state = 'PROPOSED'",
    "another due date": "UPDATE cases SET documents_due = '2027-05-01' WHERE documents_due IS NOT NULL",
}


@pytest.mark.parametrize("error", STATEMENTS)
async def test_an_error_in_counting_is_found(walked: Desk, monkeypatch: pytest.MonkeyPatch, error: str) -> None:
    STATEMENTS[error](monkeypatch)
    assert await differences(walked) != []


@pytest.fixture
async def tampered(walked: Desk, module_database: TestDatabase, request: pytest.FixtureRequest) -> AsyncIterator[Desk]:
    """The desk with an error in its rows, for one test."""
    owner = "ALTER TABLE {0} DISABLE TRIGGER USER; {1}; ALTER TABLE {0} ENABLE TRIGGER USER;"
    await as_owner(module_database, "".join(owner.format(name, TAMPERED[request.param]) for name in ROWS[:1]))
    yield walked
    columns = ("waited_seconds", "decided_at", "submitted_at", "office", "fee_paid", "state_since", "documents_due")
    back = ", ".join(f"{column} = kept.{column}" for column in columns)
    restore = f"UPDATE cases SET {back} FROM kept_cases AS kept WHERE kept.id = cases.id"
    await as_owner(module_database, owner.format("cases", restore))
    await as_owner(module_database, "DELETE FROM case_states; INSERT INTO case_states SELECT * FROM kept_case_states")


@pytest.mark.parametrize("tampered", TAMPERED, indirect=True)
async def test_rows_that_differ_from_their_journal_are_found(tampered: Desk) -> None:
    assert await differences(tampered) != []


async def test_cases_were_in_every_state(walked: Desk) -> None:
    reached = {state for case in await recount.followed(walked.service.db) for state, _ in case.states}
    assert reached == set(State)
