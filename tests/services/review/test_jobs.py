"""The sweep: what waits, how much of it too long, for every kind of waiting."""

from datetime import timedelta

import pytest
from prometheus_client import REGISTRY

from services.review.allocation.domain.waits import WAITS
from services.review.cases.domain.states import State
from shared.clock import legal_date
from tests.services.review.desk import FEE, MATERIALS, Desk


def _measured(wait: str) -> tuple[float | None, float | None]:
    return (
        REGISTRY.get_sample_value("zairyu_review_waiting_cases", {"wait": wait}),
        REGISTRY.get_sample_value("zairyu_review_late_cases", {"wait": wait}),
    )


_OTHERWISE = ("documents", "unassigned")


@pytest.mark.parametrize("wait", [wait for wait in WAITS if wait.name not in _OTHERWISE], ids=lambda wait: wait.name)
async def test_a_case_that_waits_is_counted_and_late_after_its_days(desk: Desk, wait) -> None:  # type: ignore[no-untyped-def]
    changes = {"procedure": "COE", "stay_expiry": None} if wait.name == "certificate" else {}
    await desk.at(wait.states[0], **changes)
    await desk.sweep()
    assert _measured(wait.name) == (1, 0)
    days = wait.late_after(legal_date(desk.clock.now()))
    desk.clock.advance(timedelta(days=days, seconds=1))
    await desk.sweep()
    assert _measured(wait.name) == (1, 1)
    oldest = REGISTRY.get_sample_value("zairyu_review_waiting_oldest_seconds", {"wait": wait.name})
    assert oldest == days * 86_400 + 1


async def test_requested_documents_are_late_from_their_due_date(desk: Desk) -> None:
    await desk.at(State.DOCS_REQUESTED)
    desk.clock.advance(timedelta(days=13))
    await desk.sweep()
    assert _measured("documents") == (1, 0)
    desk.clock.advance(timedelta(days=2))
    await desk.sweep()
    assert _measured("documents") == (1, 1)


async def test_fee_and_materials_are_waited_for_separately(desk: Desk) -> None:
    paid, sent = await desk.at(State.AWAITING_FEE), await desk.at(State.AWAITING_FEE)
    await desk.done(desk.card_office, paid.id, "fee", FEE)
    await desk.done(desk.card_office, sent.id, "card-materials-received", MATERIALS)
    await desk.sweep()
    assert (_measured("fee")[0], _measured("card_materials")[0]) == (1, 1)


async def test_closed_cases_are_waited_for_by_nobody(desk: Desk) -> None:
    for state in (State.DELIVERED, State.DECIDED_REFUSE, State.WITHDRAWN, State.TERMINATED):
        await desk.at(state)
    await desk.sweep()
    assert {wait.name: _measured(wait.name)[0] for wait in WAITS} == {wait.name: 0 for wait in WAITS}
