"""The check of invariants: on a schedule, with results that say since when, and a query that fails left unknown."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from prometheus_client import REGISTRY

from shared.auth import Role
from shared.clock import ManualClock
from shared.db import Database
from shared.invariants import Invariant, invariant_job
from shared.invariants.__main__ import main
from shared.invariants.checking import due
from shared.timers import TimerWorker
from tests.infra.databases import TestDatabase
from tests.support.letters import fresh
from tests.support.service import RunningService, running
from tests.support.tokens import bearer, officer

VIOLATED = "SELECT generate_series(1, 30) AS id"


def gauge(name: str, invariant: str) -> float | None:
    return REGISTRY.get_sample_value(f"zairyu_invariant_{name}", {"name": invariant})


async def rounds(service: RunningService, clock: ManualClock, *invariants: Invariant) -> dict[str, Any]:
    """The results after a round of the job, as operators get them."""
    runtime = service.app.state.runtime
    worker = TimerWorker(runtime.commands, {}, [invariant_job(runtime.db, invariants)])
    await worker.ensure_jobs()
    while await worker.work_one():
        pass
    headers = bearer(fresh(officer(Role.OPERATOR), clock), clock)
    answer = await service.client.get("/v1/review/operations/invariants", headers=headers)
    assert answer.status_code == 200, answer.text
    return {row["name"]: row for row in answer.json()}


async def test_results_say_what_is_violated_and_since_when(
    service_database: Callable[[str], TestDatabase],
) -> None:
    begun = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
    clock = ManualClock(begun)
    quiet, often = "SELECT 1 AS id WHERE false", timedelta(minutes=1)
    async with running("review", service_database("review"), clock=clock) as service:
        found = await rounds(
            service,
            clock,
            Invariant("quiet", quiet, timedelta(hours=1)),
            Invariant("loud", VIOLATED, often),
            Invariant("wrong", "SELECT id FROM nowhere", often),
            Invariant("writes", "WITH x AS (DELETE FROM timers RETURNING id) SELECT id FROM x", often),
        )
        assert [found[name]["state"] for name in ("quiet", "loud", "wrong")] == ["holds", "violated", "unknown"]
        assert (found["loud"]["violations"], len(found["loud"]["ids"])) == (30, 20)
        assert found["wrong"]["error"]
        assert found["writes"]["state"] == "unknown", "the session of a check cannot write"
        assert (gauge("violations", "loud"), gauge("unknown", "wrong"), gauge("unknown", "loud")) == (30, 1, 0)

        clock.advance(timedelta(minutes=2))
        found = await rounds(
            service, clock, Invariant("quiet", VIOLATED, timedelta(hours=1)), Invariant("loud", VIOLATED, often)
        )
        assert set(found) == {"quiet", "loud"}, "what is not checked any more is forgotten"
        assert found["quiet"]["state"] == "holds", "it is not due yet"
        assert datetime.fromisoformat(found["loud"]["since"]) == begun
        assert datetime.fromisoformat(found["loud"]["checked_at"]) == clock.now()

        clock.advance(timedelta(minutes=2))
        found = await rounds(service, clock, Invariant("loud", quiet, often))
        assert found["loud"]["state"] == "holds"
        assert datetime.fromisoformat(found["loud"]["since"]) == clock.now()
        assert gauge("violations", "loud") == 0


async def test_a_bounded_one_looks_at_recent_records_and_at_all_of_them_at_night(
    service_database: Callable[[str], TestDatabase],
) -> None:
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    old = "SELECT 7 AS id WHERE CAST(:since AS timestamptz) < '2026-11-01Z' AND CAST(:since_id AS uuid) IS NOT NULL"
    recent = "SELECT 7 AS id WHERE CAST(:since AS timestamptz) > '2026-11-01Z'"
    async with running("review", service_database("review"), clock=clock) as service:

        async def after(time: timedelta) -> dict[str, str]:
            clock.advance(time)
            found = await rounds(service, clock, Invariant("old", old), Invariant("recent", recent))
            return {name: row["state"] for name, row in found.items()}

        assert await after(timedelta()) == {"old": "violated", "recent": "holds"}, "the first check looks at all"
        assert await after(timedelta(minutes=6)) == {"old": "violated", "recent": "violated"}, "and stays what it is"
        row = (await rounds(service, clock, Invariant("recent", recent)))["recent"]
        assert (row["full_at"], row["checked_at"]) == ("2026-11-20T03:00:00Z", "2026-11-20T03:06:00Z")


class _Last(NamedTuple):
    state: str
    checked_at: datetime
    full_at: datetime | None


_BOUNDED, _WHOLE = Invariant("x", "SELECT 1 WHERE :since"), Invariant("x", "SELECT 1")
_DAY, _NIGHT = datetime(2026, 11, 20, 3, tzinfo=UTC), datetime(2026, 11, 20, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("invariant", "state", "now", "checked", "full", "expected"),
    [
        (_BOUNDED, "holds", _DAY, 5, 24 * 60, "recent"),
        (_BOUNDED, "holds", _DAY, 4, 24 * 60, ""),
        (_BOUNDED, "holds", _NIGHT, 4, 24 * 60, "full"),
        (_BOUNDED, "holds", _NIGHT, 5, 11 * 60, "recent"),
        (_BOUNDED, "holds", _DAY, 4, 36 * 60, "full"),
        (_BOUNDED, "holds", _DAY, 4, None, "full"),
        (_BOUNDED, "violated", _DAY, 59, 59, ""),
        (_BOUNDED, "violated", _DAY, 60, 60, "full"),
        (_BOUNDED, "unknown", _NIGHT, 60, 60, "full"),
        (_WHOLE, "violated", _DAY, 5, 5, "full"),
        (_WHOLE, "holds", _NIGHT, 4, 600, ""),
    ],
)
def test_what_is_due(
    invariant: Invariant, state: str, now: datetime, checked: int, full: int | None, expected: str
) -> None:
    full_at = None if full is None else now - timedelta(minutes=full)
    assert due(invariant, _Last(state, now - timedelta(minutes=checked), full_at), now) == expected
    assert due(invariant, None, now) == "full"


async def test_an_operator_checks_all_invariants_of_a_service_now(
    service_database: Callable[[str], TestDatabase], capsys: pytest.CaptureFixture[str]
) -> None:
    url = service_database("review").url
    quiet, loud = Invariant("quiet", "SELECT 1 AS id WHERE false"), Invariant("loud", "SELECT 7 AS id")
    wrong = Invariant("wrong", "SELECT id FROM nowhere")

    async def command(*invariants: Invariant) -> tuple[int, str]:
        code = await asyncio.to_thread(main, ["review"], lambda _: (Database(url), invariants))
        return code, capsys.readouterr().out

    assert await command(quiet) == (0, "holds     quiet\n")
    code, said = await command(quiet, loud, wrong)
    assert code == 1
    assert said.startswith("holds     quiet\nviolated  loud  1: 7\nunknown   wrong  ")
