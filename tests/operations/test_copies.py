"""Snapshots and rebuilds as an operator orders them: with a reason, one at a time, stopped and switched."""

from sqlalchemy import insert

from services.review.cases.commands.snapshots import CASES
from shared.auth import Role
from shared.clock import ManualClock
from shared.ids import new_id
from shared.rebuilding import snapshots
from shared.rebuilding.tables import rebuilds
from shared.timers import TimerWorker
from tests.services.review.desk import filed
from tests.support.letters import LetterBox, fresh
from tests.support.tokens import officer

_OPERATIONS = "/v1/review/operations"
_SNAPSHOTS = f"{_OPERATIONS}/snapshots"
_ORDER = {"kind": "cases", "reason": "the office of a case differs"}
_WHY = {"reason": "the wrong kind"}


async def _stored(box: LetterBox, name: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = (await box.get(f"{_OPERATIONS}/state")).json()["stored"][name]
    return found


async def test_a_snapshot_is_ordered_with_a_reason_and_one_of_a_kind_at_a_time(box: LetterBox) -> None:
    await box.service.deliver(filed())
    made = await box.post(_SNAPSHOTS, _ORDER)
    assert (made.status_code, made.json()["state"], made.json()["expected"]) == (201, "running", 1)
    again = await box.post(_SNAPSHOTS, _ORDER)
    assert (again.status_code, again.json()["code"]) == (409, "snapshot-runs")
    unknown = await box.post(_SNAPSHOTS, _ORDER | {"kind": "people"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "no-such-kind")
    commands = box.service.app.state.runtime.commands

    async def partitions(topic: str) -> int:
        return 3

    worker = TimerWorker(commands, {snapshots.STEP: snapshots.step({CASES.kind: CASES}, partitions)})
    while await worker.work_one():
        pass
    (shown,) = await _stored(box, "snapshots")
    assert (shown["id"], shown["state"], shown["sent"]) == (made.json()["id"], "done", 1)
    assert (await box.post(f"{_SNAPSHOTS}/{shown['id']}/stop", _WHY)).status_code == 404
    query = "SELECT actor_id, detail FROM journal WHERE action = 'snapshots:order' ORDER BY position"
    (line,) = await box.rows(query)
    assert (line.actor_id, line.detail["reason"]) == (box.operator.id, _ORDER["reason"])


async def test_a_snapshot_is_stopped_with_a_reason(box: LetterBox) -> None:
    made = (await box.post(_SNAPSHOTS, _ORDER)).json()
    for body in ({}, {"reason": "  "}):
        assert (await box.post(f"{_SNAPSHOTS}/{made['id']}/stop", body)).status_code == 422
    stopped = await box.post(f"{_SNAPSHOTS}/{made['id']}/stop", _WHY)
    assert (stopped.status_code, stopped.json()["state"]) == (200, "stopped")
    (line,) = await box.rows("SELECT detail FROM journal WHERE action = 'snapshots:stop' ORDER BY position")
    assert line.detail == {"sent": 0, **_WHY}
    assert (await box.post(_SNAPSHOTS, _ORDER)).status_code == 201


async def test_a_rebuild_that_waits_is_switched_with_a_reason(box: LetterBox, clock: ManualClock) -> None:
    rebuild_id = new_id()
    waits = {"id": rebuild_id, "projection": "cases", "started_at": clock.now(), "state": "held", "expected": 3}
    async with box.service.db.transaction() as session:
        await session.execute(insert(rebuilds).values(waits | {"measured_at": clock.now(), "different": 3}))
    (shown,) = await _stored(box, "rebuilds")
    assert (shown["id"], shown["state"], shown["overtaken"]) == (str(rebuild_id), "held", 0)
    path = f"{_OPERATIONS}/rebuilds/{rebuild_id}/switch"
    assert (await box.post(path, {})).status_code == 422
    assert (await box.post(path, _WHY)).json()["state"] == "switching"
    assert (await box.post(path, _WHY)).status_code == 404
    (line,) = await box.rows("SELECT detail FROM journal WHERE action = 'rebuilds:approve' ORDER BY position")
    assert line.detail["reason"] == _WHY["reason"]


async def test_nobody_orders_but_an_operator_who_proved_recently_who_they_are(
    box: LetterBox, clock: ManualClock
) -> None:
    for path in (_SNAPSHOTS, f"{_SNAPSHOTS}/{new_id()}/stop", f"{_OPERATIONS}/rebuilds/{new_id()}/switch"):
        assert (await box.post(path, _ORDER, actor=officer(Role.OPERATOR))).json()["code"] == "step-up-required"
        for role in (Role.ADMINISTRATOR, Role.AUDITOR, Role.CHIEF_EXAMINER):
            assert (await box.post(path, _ORDER, actor=fresh(officer(role), clock))).status_code == 403
