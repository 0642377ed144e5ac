"""Figures: counted by month, percentiles of any group, waiting apart, what is open, and nothing of small groups."""

import csv
import json
import math
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from itertools import combinations
from statistics import mean
from typing import Any

import httpx
import pytest

from services.review.cases.domain.states import State
from services.review.figures import domain
from services.review.figures.commands import count_figures
from shared.auth import Actor, Role
from shared.clock import legal_date
from shared.ids import new_id
from shared.work import RequestIdentity
from tests.infra.databases import TestDatabase
from tests.services.review.conftest import as_owner
from tests.services.review.desk import Desk
from tests.support import tokens

CHIEF = tokens.officer(Role.CHIEF_EXAMINER)


async def count(desk: Desk) -> int:
    """One round of the job; how many months are left."""
    commands = desk.service.app.state.runtime.commands
    async with desk.service.db.transaction() as session:
        work = commands.begin(session, Actor.system("test"), RequestIdentity(request_id="test"))
        left = await count_figures(work)
        await work.finish()
    return left


async def count_all(desk: Desk) -> None:
    while await count(desk):
        pass


async def read(desk: Desk, path: str = "", who: Actor | None = CHIEF, **query: Any) -> httpx.Response:
    headers = (tokens.bearer(who, desk.clock) if who else {}) | {"Accept-Language": "en"}
    return await desk.service.client.get(f"/v1/figures{path}", params=query, headers=headers)


async def figures(desk: Desk, **query: Any) -> list[dict[str, Any]]:
    answer = await read(desk, **query)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def decided_after(desk: Desk, days: int, state: State = State.AWAITING_FEE, **changes: Any) -> None:
    """A case that is decided now, so many days after its receipt."""
    await desk.at(state, submitted_at=desk.clock.now() - timedelta(days=days, hours=1), **changes)


def test_a_queue_is_done_at_the_rate_of_the_last_months() -> None:
    assert domain.days_until_done(90, 90, 90) == 90
    assert domain.days_until_done(1, 90, 90) == 1
    assert domain.days_until_done(0, 0, 90) == 0
    assert domain.days_until_done(5, 0, 90) is None


def test_months_follow_each_other_over_the_year() -> None:
    assert domain.months_before(date(2027, 1, 31), 1) == date(2026, 12, 1)
    assert domain.months_before(date(2026, 12, 1), -1) == date(2027, 1, 1)
    assert len(domain.months_between(date(2026, 11, 30), date(2027, 2, 1))) == 4


async def test_grants_of_a_month_have_mean_median_and_90th_percentile(desk: Desk) -> None:
    for days in (10, 20, 30, 40, 100):
        await decided_after(desk, days)
    await decided_after(desk, 200, State.DECIDED_REFUSE)
    await decided_after(desk, 5, status_of_residence="DEPENDENT")
    await count_all(desk)
    (july,) = [one for one in await figures(desk, status_of_residence="ENG_HUM_INT") if one["month"] == "2026-07-01"]
    assert (july["granted"], july["refused"]) == (5, 1)
    assert july["total"] == {"cases": 5, "mean": 40.0, "median": 30, "p90": 100}, "refusals are left out"
    by_status = {one["status_of_residence"]: one for one in await figures(desk, by="status_of_residence")}
    assert by_status["DEPENDENT"]["total"]["median"] == 5
    both = await figures(desk, by=["procedure", "office"])
    assert [(one["procedure"], one["office"], one["total"]["cases"]) for one in both] == [("EXTEND", "TYO", 6)]


GROUPS = ("month", "office", "procedure", "status_of_residence")
CLOSED = {
    "DELIVERED": "granted",
    "DECIDED_REFUSE": "refused",
    "NOT_ACCEPTED": "not_accepted",
    "WITHDRAWN": "withdrawn",
    "TERMINATED": "terminated",
}


def drawn_cases(number: int) -> Iterator[dict[str, Any]]:
    """Cases of half a year, of which some are open; groups are small and uneven, so that percentiles lie in gaps."""
    draw = random.Random(number)
    for at in range(number):
        received = datetime(2025, 9, 10, tzinfo=UTC) + timedelta(minutes=draw.randrange(180 * 1440))
        state = draw.choices(["UNDER_REVIEW", *CLOSED], [2, 12, 2, 1, 1, 1])[0]
        taken = timedelta(minutes=int(120 * 1440 * draw.random() ** 3))
        yield {
            "receipt_number": f"F{at}",
            "office": draw.choice(["TYO", "TYO", "OSA"]),
            "procedure": draw.choice(["EXTEND", "EXTEND", "CHANGE", "COE"]),
            "status_of_residence": draw.choice(["ENG_HUM_INT", "ENG_HUM_INT", "STUDENT", "SSW1"]),
            "submitted_at": received.isoformat(),
            "state": state,
            "examiner_id": str(new_id()),
            "started_at": received.isoformat(),
            "waited_seconds": int(taken.total_seconds() * draw.choice([0, 0, 0.3, 1])),
            "decided_at": None if state == "UNDER_REVIEW" else (received + taken).isoformat(),
            "fee_yen": 5500 if state == "DELIVERED" else None,
            "fee_paid": state == "DELIVERED",
            "materials_received": state == "DELIVERED",
        }


def naive(cases: Sequence[dict[str, Any]], groups: Sequence[str], **only: str) -> dict[tuple[Any, ...], Any]:
    """The figures of these cases, one case after the other."""
    found: dict[tuple[Any, ...], Any] = {}

    def group(case: dict[str, Any], moment: str) -> Any:
        month = legal_date(datetime.fromisoformat(case[moment])).replace(day=1).isoformat()
        own = case | {"month": month}
        key = tuple(own[name] for name in groups)
        return found.setdefault(key, {"total": [], "office_time": [], "applicant_time": [], "received": 0} | ZERO)

    for case in cases:
        if any(case[name] != value for name, value in only.items()):
            continue
        group(case, "submitted_at")["received"] += 1
        if case["decided_at"] is None:
            continue
        one = group(case, "decided_at")
        one[CLOSED[case["state"]]] += 1
        if case["state"] == "DELIVERED":
            taken = datetime.fromisoformat(case["decided_at"]) - datetime.fromisoformat(case["submitted_at"])
            seconds, waited = int(taken.total_seconds()), case["waited_seconds"]
            for name, value in (("total", seconds), ("office_time", seconds - waited), ("applicant_time", waited)):
                one[name].append(value // 86400)
    for one in found.values():
        for name in ("total", "office_time", "applicant_time"):
            one[name] = _times(one[name])
    return found


ZERO = dict.fromkeys(CLOSED.values(), 0)


def _times(days: list[int]) -> dict[str, Any] | None:
    if not days:
        return None
    days.sort()
    median, p90 = (days[math.ceil(len(days) * share / 100) - 1] for share in (50, 90))
    return {"cases": len(days), "mean": round(mean(days), 1), "median": median, "p90": p90}


@pytest.mark.parametrize("number", [3, 40, 700])
async def test_figures_of_every_group_are_those_of_its_cases_one_by_one(
    open_desk: Desk, module_database: TestDatabase, number: int
) -> None:
    await open_desk.open()
    cases = list(drawn_cases(number))
    rows = json.dumps(cases).replace("'", "''")
    await as_owner(
        module_database,
        f"""
        ALTER TABLE cases DISABLE TRIGGER USER;
        CREATE TEMPORARY TABLE one AS SELECT * FROM cases LIMIT 1;
        DELETE FROM clock_notices; DELETE FROM cases; DELETE FROM figure_months;
        INSERT INTO cases SELECT (jsonb_populate_record(one, row || jsonb_build_object(
            'id', gen_random_uuid(), 'application_id', gen_random_uuid()))).*
        FROM one, jsonb_array_elements('{rows}') AS row;
        ALTER TABLE cases ENABLE TRIGGER USER;
        """,
    )
    await count_all(open_desk)
    period = {"first": "2025-08-01", "last": "2026-07-31"}
    for many in range(1, len(GROUPS) + 1):
        for groups in combinations(GROUPS, many):
            for only in ({}, {"office": "OSA"}, {"procedure": "COE", "status_of_residence": "STUDENT"}):
                expected = naive(cases, groups, **only)
                found = await figures(open_desk, by=groups, **period, **only)
                assert {tuple(one[name] for name in groups) for one in found} == set(expected)
                for one in found:
                    wanted = expected[tuple(one[name] for name in groups)]
                    assert {name: one[name] for name in wanted} == wanted, (groups, only)


async def test_waiting_for_the_applicant_is_apart(desk: Desk) -> None:
    case = await desk.open()
    await desk._start(case)
    await desk._ask(case)
    await desk.pass_time(timedelta(days=7))
    await desk._answer(case)
    await desk.pass_time(timedelta(days=3))
    await desk._propose(case)
    await desk._approve(case)
    await count(desk)
    (row,) = await figures(desk, by="procedure")
    waited, office = row["applicant_time"]["median"], row["office_time"]["median"]
    assert waited == 7
    assert row["total"]["median"] - waited - office in (0, 1), "each is in whole days"
    steps = (await read(desk, "/steps")).json()["items"]
    found = {step["state"]: step for step in steps}
    assert found["DOCS_REQUESTED"]["times"]["median"] == 7
    assert found["DOCS_REQUESTED"]["with_applicant"] is True
    assert (found["DOCS_SUBMITTED"]["times"]["median"], found["DOCS_SUBMITTED"]["with_applicant"]) == (3, False)
    assert (await read(desk, "/steps", status_of_residence="ENG_HUM_INT")).json()["items"] == steps
    assert (await read(desk, "/steps", status_of_residence="STUDENT")).json()["items"] == []


async def test_what_is_open_is_carried_over_into_the_next_month(desk: Desk) -> None:
    await decided_after(desk, 40)
    await desk.open(submitted_at=desk.clock.now() - timedelta(days=70))
    await desk.open()
    await count(desk)
    months = {one["month"]: one for one in await figures(desk)}
    assert {month[:7]: (one["carried_over"], one["received"], one["open"]) for month, one in months.items()} == {
        "2026-05": (0, 1, 1),
        "2026-06": (1, 1, 2),
        "2026-07": (2, 1, 2),
    }
    (later,) = await figures(desk, first="2026-07-20", by="procedure")
    assert (later["carried_over"], later["open"]) == (2, 2)


async def test_a_month_that_is_over_is_counted_once_more_and_then_left(desk: Desk) -> None:
    await decided_after(desk, 10)
    await count(desk)
    desk.clock.advance(timedelta(days=40))
    await decided_after(desk, 3)
    await count(desk)
    first = {one["month"]: one["granted"] for one in await figures(desk)}
    assert (first["2026-07-01"], first["2026-08-01"]) == (1, 1)
    await count(desk)
    assert {one["month"]: one["granted"] for one in await figures(desk)} == first, "counting again doubles nothing"


async def test_many_months_are_counted_in_rounds(desk: Desk) -> None:
    await desk.open(submitted_at=desk.clock.now() - timedelta(days=500))
    rounds = [await count(desk)]
    while rounds[-1]:
        rounds.append(await count(desk))
    assert rounds[0] > rounds[1]
    assert rounds[-1] == 0


async def test_a_queue_says_its_ages_and_when_it_is_done(desk: Desk) -> None:
    for days in (1, 10, 200):
        await desk.open(submitted_at=desk.clock.now() - timedelta(days=days))
    case = await desk.at(State.DOCS_REQUESTED, submitted_at=desk.clock.now())
    await count(desk)
    (queue,) = (await read(desk, "/queues")).json()["items"]
    assert (queue["open"], queue["with_applicant"], queue["done_on"]) == (4, 1, None), "nothing was closed yet"
    assert queue["ages"] == [2, 1, 0, 0, 0, 1]
    await desk.done(desk.chief, case.id, "termination", {"reason_code": "died"})
    desk.clock.advance(timedelta(days=31))
    await count_all(desk)
    (queue,) = (await read(desk, "/queues")).json()["items"]
    # One closed in the three full months of 92 days before August: three more take three times as long.
    assert (queue["open"], queue["decided"]) == (3, 1)
    assert queue["done_on"] == (desk.clock.now().date() + timedelta(days=3 * 92)).isoformat()


async def test_small_groups_are_not_published(desk: Desk) -> None:
    for _ in range(5):
        await decided_after(desk, 30)
    for _ in range(4):
        await decided_after(desk, 20, status_of_residence="DEPENDENT")
    await count(desk)
    assert (await read(desk, "/published", who=None)).json()["items"] == [], "this month is not full"
    desk.clock.advance(timedelta(days=31))
    shown = (await read(desk, "/published", who=None)).json()
    assert {one["status_of_residence"]: one["times"] and one["times"]["median"] for one in shown["items"]} == {
        "ENG_HUM_INT": 30,
        "DEPENDENT": None,
    }


async def test_the_csv_has_a_line_for_each_group(desk: Desk) -> None:
    await decided_after(desk, 30)
    await count(desk)
    answer = await read(desk, "/csv", by=["month", "procedure"])
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(StringIO(answer.text.lstrip("\ufeff"))))
    assert [(row["month"], row["procedure"], row["granted"], row["total_median"]) for row in rows] == [
        ("2026-06-01", "EXTEND", "0", ""),
        ("2026-07-01", "EXTEND", "1", "30"),
    ]


@pytest.mark.parametrize(("first", "last"), [("2026-08-01", "2026-07-01"), ("2010-01-01", "2026-07-01")])
async def test_an_odd_period_is_refused_with_the_way_out(desk: Desk, first: str, last: str) -> None:
    answer = await read(desk, first=first, last=last)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/first")


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("path", ["", "/csv", "/steps", "/queues"])
async def test_chiefs_operators_and_auditors_read_figures(open_desk: Desk, role: Role, path: str) -> None:
    may = role in (Role.CHIEF_EXAMINER, Role.OPERATOR, Role.AUDITOR)
    assert (await read(open_desk, path, tokens.officer(role))).status_code == (200 if may else 403)
    assert (await read(open_desk, path, None)).status_code == 401
