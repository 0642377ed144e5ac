"""`/v1/{service}/operations/letters`: dead letters for operators who have proved recently who they are."""

from functools import cache
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from shared.http.commands import Once
from shared.http.openapi import refusals
from shared.messaging import DeadLetters
from shared.operations.access import OPERATOR
from shared.operations.letters import orders, reading
from shared.operations.letters.schemas import Letter, Letters, Order, OrderBody


async def _letters(request: Request) -> DeadLetters:
    letters: DeadLetters = request.app.state.letters
    return letters


ServiceLetters = Annotated[DeadLetters, Depends(_letters)]


@cache
def letters_router(service: str) -> APIRouter:
    """The routes of one service, made once. The application keeps its letters in `app.state.letters`."""
    router = APIRouter(prefix=f"/v1/{service}/operations", tags=["operations"], dependencies=[OPERATOR])

    @router.get("/letters")
    async def show_letters(letters: ServiceLetters) -> Letters:
        """List what was set aside, in groups by error and type of event and one by one, and the orders about it."""
        return await reading.overview(letters)

    @router.get("/letters/{letter_id}", responses=refusals(404))
    async def show_letter(letter_id: UUID, letters: ServiceLetters) -> Letter:
        """One letter: its event beside the schema, its headers, and what waits behind it."""
        return await reading.one(letters, letter_id)

    @router.post("/letter-orders", status_code=201, responses=refusals(404))
    async def give_order(body: OrderBody, letters: ServiceLetters, once: Once) -> Order:
        """Have letters replayed or dropped, with a reason. It is done in the background. To drop all is proposed."""
        return await once(orders.give, letters, body)

    @router.get("/letter-orders/{order_id}", responses=refusals(404))
    async def show_order(order_id: UUID, letters: ServiceLetters) -> Order:
        """One order, and how far it is."""
        return await reading.order(letters, order_id)

    @router.post("/letter-orders/{order_id}/approve", responses=refusals(404, 409))
    async def approve_order(order_id: UUID, once: Once) -> Order:
        """Approve what another operator proposed: 409 `own-order` for one's own."""
        return await once(orders.approve, order_id)

    @router.post("/letter-orders/{order_id}/withdraw", responses=refusals(404, 409))
    async def withdraw_order(order_id: UUID, once: Once) -> Order:
        """Withdraw a proposal."""
        return await once(orders.withdraw, order_id)

    return router
