"""HTTP: online payment of the fee, for the owner of an application."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from services.review.cases.store import own_case
from services.review.payment.commands import orders
from services.review.payment.domain import online
from services.review.payment.domain.online import OrderState
from services.review.payment.schemas.online import OnlinePayment, PaymentChoice
from services.review.payment.store.online import PaymentOrder, orders_of, receipts_of
from services.review.payment_provider.port import Order, PaymentProvider
from services.review.settings import Settings
from shared.auth import APPLICANT_ROLES, Actor, Owner, permit
from shared.clock import legal_date
from shared.errors import Conflict, NotFound, Text
from shared.http.commands import Once
from shared.service import CurrentRuntime, Runtime

Applicant = Annotated[Actor, permit(*APPLICANT_ROLES)]


async def _provider(request: Request) -> Any:
    return request.app.state.payment_provider


# None: nothing is paid online here.
CurrentProvider = Annotated[Any, Depends(_provider)]

router = APIRouter(prefix="/v1/payments", tags=["payment"])


class NotOffered(Conflict):
    """This site has no payment provider."""

    code = "online-payment-not-offered"
    title = Text("オンライン納付は行っていません", "Online payment is not offered here")


@router.get("/{application_id}", operation_id="readPayment")
async def read(
    application_id: UUID, caller: Applicant, runtime: CurrentRuntime, provider: CurrentProvider
) -> OnlinePayment:
    """The fee of one's own application: what paying it online costs, how to pay, and what was paid."""
    return await _read(runtime, application_id, Owner.of(caller), offered=provider is not None)


@router.post("/{application_id}", operation_id="orderPayment")
async def order(
    application_id: UUID,
    body: PaymentChoice,
    caller: Applicant,
    once: Once,
    runtime: CurrentRuntime,
    provider: CurrentProvider,
) -> OnlinePayment:
    """Order to pay online; the answer has the number to pay with, or the page to pay on. Nothing is paid by it."""
    if provider is None:
        await _read(runtime, application_id, Owner.of(caller), offered=False)
        raise NotOffered()
    made = await once(orders.order, application_id, body.method)
    await _place(runtime, provider, once, made.order_id, application_id)
    return await _read(runtime, application_id, Owner.of(caller), offered=True)


async def _place(runtime: Runtime, provider: PaymentProvider, once: Once, order_id: UUID, application_id: UUID) -> None:
    """Have the provider expect an order; no connection to the database is held meanwhile. A repeated request does it
    again where the first one broke off: to the provider the order is the same."""
    async with runtime.db.read() as session:
        found = await session.get(PaymentOrder, order_id)
        case = await own_case(session, application_id, Owner.of(once.actor))
    if found is None or case is None or found.state != OrderState.REQUESTED:
        return
    settings = runtime.settings
    assert isinstance(settings, Settings)
    placed = await provider.place(
        Order(
            id=found.id,
            receipt_number=case.receipt_number,
            method=found.method,
            amount_yen=found.total_yen,
            expires_at=found.expires_at,
            return_url=f"{settings.public_url.rstrip('/')}/applications/{application_id}/payment",
        )
    )
    await runtime.commands.run(once.actor, once.mark, lambda work: orders.note_placed(work, order_id, placed))


async def _read(runtime: Runtime, application_id: UUID, owner: Owner, *, offered: bool) -> OnlinePayment:
    async with runtime.db.read() as session:
        case = await own_case(session, application_id, owner)
        if case is None:
            raise NotFound()
        due = offered and case.state == "AWAITING_FEE" and not case.fee_paid
        today = legal_date(runtime.clock.now())
        found = online.offers(case.fee_yen, case.procedure, case.granted_period, today) if due else []
        return OnlinePayment.of(
            case.receipt_number,
            case.fee_yen,
            case.fee_paid,
            found,
            await orders_of(session, case.id),
            await receipts_of(session, case.id),
        )
