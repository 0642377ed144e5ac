"""The case of one application as operators follow it, with its payment and its card; no amounts, no card number."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from services.review.cards.store import Card, CardMaterials, Dispatch
from services.review.cases.store import Case
from services.review.payment.store.online import PaymentOrder, PaymentReceipt
from services.review.payment.store.slip import FeePayment
from shared.db import ReadSession
from shared.following import Part, Step


async def _find(session: ReadSession, receipt_number: str) -> UUID | None:
    found: UUID | None = await session.scalar(select(Case.application_id).where(Case.receipt_number == receipt_number))
    return found


async def _subjects(session: ReadSession, application_id: UUID) -> Sequence[UUID]:
    cases: Sequence[UUID] = (await session.scalars(select(Case.id).where(Case.application_id == application_id))).all()
    orders = select(PaymentOrder.id).where(PaymentOrder.case_id.in_(cases))
    return [*cases, *(await session.scalars(orders)).all()]


async def _steps(session: ReadSession, application_id: UUID) -> Sequence[Step]:
    of = select(Case.id).where(Case.application_id == application_id).scalar_subquery()
    steps: list[Step] = []

    def add(kind: str, name: str, at: datetime | None, state: str | None = None) -> None:
        if at is not None:
            steps.append(Step.model_validate({"kind": kind, "name": name, "at": at, "state": state}))

    for order in (await session.scalars(select(PaymentOrder).where(PaymentOrder.case_id == of))).all():
        add("payment", f"order {order.method}", order.ordered_at, order.state)
        add("payment", f"order {order.method} ended", order.ended_at, order.state)
    for receipt in (await session.scalars(select(PaymentReceipt).where(PaymentReceipt.case_id == of))).all():
        add("payment", "receipt", receipt.recorded_at, receipt.state)
    for paid in (await session.scalars(select(FeePayment).where(FeePayment.case_id == of))).all():
        add("payment", "fee paid", paid.recorded_at)
    for materials in (await session.scalars(select(CardMaterials).where(CardMaterials.case_id == of))).all():
        add("card", "materials sent", materials.sent_at)
        add("card", "materials received", materials.received_at)
    for card in (await session.scalars(select(Card).where(Card.case_id == of))).all():
        add("card", "card issued", card.issued_at)
    for dispatch in (await session.scalars(select(Dispatch).where(Dispatch.case_id == of))).all():
        add("card", "card mailed", dispatch.mailed_at)
    return steps


FOLLOWING = Part(_subjects, _steps, _find)
