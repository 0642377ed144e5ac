"""Orders of operators about dead letters: given, approved, withdrawn, and carried out in the background.

An order is carried out by a timer, some letters at a time, so that no request waits for it and a process that dies
leaves off nothing: the next step begins where the last one ended.
"""

import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

from shared.auth import Actor
from shared.errors import Conflict, NotFound, Text
from shared.ids import new_id
from shared.messaging import DeadLetters, NoSuchLetter, Replayed
from shared.operations.audit import OperationsTag
from shared.operations.letters import store
from shared.operations.letters.schemas import Order, OrderBody
from shared.timers import Due, TimerHandler, at
from shared.work import Work

STEP = "letter_order"
_AGGREGATE = "letter_order"
# A step keeps a transaction open, and other timers wait for it.
_STEP_SECONDS = 1.0
_STEP_LETTERS = 100


class NothingToOrder(NotFound):
    """No letter fits the order."""

    code = "no-such-letters"
    title = Text("該当するメッセージはありません", "There are no such letters")


class OrderNotOpen(Conflict):
    """Another operator was quicker, or the order needed no approval."""

    code = "order-not-open"
    title = Text("この指示は承認待ちではありません", "This order does not wait for approval")


class OwnOrder(Conflict):
    """Four eyes: who proposed an order does not approve it."""

    code = "own-order"
    title = Text(
        "自分が提案した指示は承認できません。別の運用担当者が承認してください",
        "You proposed this order yourself: another operator has to approve it",
    )


async def give(work: Work, letters: DeadLetters, body: OrderBody) -> Order:
    """Give an order; to drop all letters is only proposed. Raises `NothingToOrder`."""
    total, last = await store.extent(work.session, letters.group, body)
    if not total:
        raise NothingToOrder()
    proposed = body.action == "drop" and body.scope == "all"
    order_id = new_id()
    await store.put(
        work.session,
        id=order_id,
        **body.model_dump(),
        until_position=last,
        total=total,
        ordered_by=work.actor_id,
        ordered_person=work.actor.person,
        ordered_at=work.now,
        status="proposed" if proposed else "running",
    )
    detail = body.model_dump(mode="json") | {"total": total}
    work.journal(_AGGREGATE, order_id, OperationsTag.PROPOSE if proposed else OperationsTag.ORDER, detail)
    if not proposed:
        await at(work.session, STEP, order_id, work.now)
    return await _present(work, order_id)


async def approve(work: Work, order_id: UUID) -> Order:
    """Approve what another operator proposed. Raises `NotFound`, `OrderNotOpen` or `OwnOrder`."""
    row = await _proposed(work, order_id)
    if _is_same_person(work.actor, row):
        raise OwnOrder()
    changes = {"approved_by": work.actor_id, "approved_person": work.actor.person, "approved_at": work.now}
    await store.change(work.session, order_id, status="running", **changes)
    work.journal(_AGGREGATE, order_id, OperationsTag.APPROVE, {"total": row.total})
    await at(work.session, STEP, order_id, work.now)
    return await _present(work, order_id)


async def withdraw(work: Work, order_id: UUID) -> Order:
    """Withdraw a proposal, one's own or another's. Raises `NotFound` or `OrderNotOpen`."""
    await _proposed(work, order_id)
    await store.change(work.session, order_id, status="withdrawn", finished_at=work.now)
    work.journal(_AGGREGATE, order_id, OperationsTag.WITHDRAW)
    return await _present(work, order_id)


def step(letters: DeadLetters, clock: Callable[[], float] = time.monotonic) -> TimerHandler:
    """The handler of the timer: works through some letters of an order, and sets the timer again while there are more.

    Each letter has a transaction of its own, with what waits behind it.
    """

    async def run(work: Work, due: Due) -> None:
        order = await store.locked(work.session, due.subject_id)
        if order is None or order.status != "running":
            return
        began, done, reached = clock(), Replayed(), order.reached
        batch = await store.following(work.session, letters.group, order, _STEP_LETTERS)
        for letter in batch:
            done += await _carry_out(letters, order, letter.id)
            reached = letter.position
            if clock() - began >= _STEP_SECONDS:
                break
        counts = {"resolved": order.resolved + done.resolved, "failed": order.failed + done.failed}
        if batch:
            await store.change(work.session, order.id, reached=reached, **counts)
            await at(work.session, STEP, order.id, work.now)
            return
        await store.change(work.session, order.id, status="done", finished_at=work.now)
        work.journal(_AGGREGATE, order.id, OperationsTag.FINISH, counts)

    return run


async def _carry_out(letters: DeadLetters, order: Any, letter_id: UUID) -> Replayed:
    by = str(order.ordered_by)
    try:
        if order.action == "replay":
            return await letters.replay(by=by, letter_id=letter_id, reason=order.reason)
        behind = await letters.drop(letter_id, by=by, reason=order.reason)
    except NoSuchLetter:
        return Replayed()  # another order, or another step of this one, was quicker
    return behind + Replayed(resolved=1)


async def _proposed(work: Work, order_id: UUID) -> Any:
    row = await store.locked(work.session, order_id)
    if row is None:
        raise NotFound()
    if row.status != "proposed":
        raise OrderNotOpen()
    return row


def _is_same_person(actor: Actor, row: Any) -> bool:
    return actor.id == row.ordered_by or (actor.person is not None and actor.person == row.ordered_person)


async def _present(work: Work, order_id: UUID) -> Order:
    return Order.of(await store.locked(work.session, order_id))
