"""The provider's file of each day, read beside our records."""

from datetime import date
from uuid import UUID

from prometheus_client import Gauge

from services.review.audit import Tag
from services.review.cases.commands.loading import lock
from services.review.payment.commands.notices import Money, take_money
from services.review.payment.commands.orders import lock_order
from services.review.payment.domain.online import NoticeOutcome
from services.review.payment.domain.reconciliation import Difference, Settled, due_days, read_settlements
from services.review.payment.schemas.desk import DifferenceResolved
from services.review.payment.store.online import receipt_of
from services.review.payment.store.reconciliation import (
    PaymentDifference,
    PaymentFile,
    count_open_differences,
    first_order,
    known_differences,
    last_file,
    receipts_of_day,
)
from services.review.payment_provider.port import PaymentProvider
from shared.clock import legal_date
from shared.errors import NotFound
from shared.ids import new_id
from shared.work import Work

OPEN = Gauge("zairyu_review_payment_differences", "Differences from the payment provider's files, not looked into yet")
_FOUND = {
    NoticeOutcome.APPLIED: Difference.NOTICE_MISSING,
    NoticeOutcome.SURPLUS: Difference.NOTICE_MISSING,
    NoticeOutcome.WRONG_AMOUNT: Difference.WRONG_AMOUNT,
}


async def reconcile(work: Work, provider: PaymentProvider) -> None:
    """Read the files of all days since the last one that was read, up to yesterday."""
    first = await first_order(work.session)
    for day in due_days(await last_file(work.session), legal_date(first) if first else None, work.today):
        await read_file(work, day, await provider.settlements(day))
    OPEN.set(await count_open_differences(work.session))


async def read_file(work: Work, day: date, content: bytes) -> None:
    """Take over what notices did not say, and write down every difference once."""
    settled, unreadable = read_settlements(content)
    known = await known_differences(work.session, day)
    file_id = new_id()
    differences: list[PaymentDifference] = []

    def differs(kind: Difference, transaction_id: str, case_id: UUID | None, amount_yen: int | None) -> None:
        if (kind, transaction_id) in known:
            return
        known.add((kind, transaction_id))
        differences.append(
            PaymentDifference(
                id=new_id(),
                day=day,
                kind=kind,
                transaction_id=transaction_id,
                case_id=case_id,
                amount_yen=amount_yen,
                noted_at=work.now,
                resolved_by=None,
                resolved_at=None,
                note=None,
            )
        )

    for row in unreadable:
        differs(Difference.UNREADABLE, f"line {row.line}", None, None)
    for line in settled:
        kind, case_id = await _compare(work, line)
        if kind is not None:
            differs(kind, line.transaction_id, case_id, line.amount_yen)
    there = {line.transaction_id for line in settled}
    for receipt in await receipts_of_day(work.session, day):
        if receipt.transaction_id not in there:
            differs(Difference.MISSING_IN_FILE, receipt.transaction_id, receipt.case_id, receipt.amount_yen)
    work.session.add(PaymentFile(day=day, lines=len(settled) + len(unreadable), read_at=work.now))
    work.session.add_all(differences)
    work.journal("payment_file", file_id, Tag.READ_FILE, {"day": day, "differences": len(differences)})


async def _compare(work: Work, line: Settled) -> tuple[Difference | None, UUID | None]:
    """The difference between a line and our records, with its case. Money that no notice named is recorded."""
    receipt = await receipt_of(work.session, line.transaction_id)
    if receipt is not None:
        return (None if receipt.amount_yen == line.amount_yen else Difference.WRONG_AMOUNT), receipt.case_id
    case, order = await lock_order(work, line.order_id)
    if case is None or order is None:
        return Difference.UNKNOWN_ORDER, None
    money = Money(order.id, line.transaction_id, line.amount_yen, line.at)
    outcome = await take_money(work, case, order, money, settled=True)
    if outcome is not NoticeOutcome.APPLIED:
        work.journal("case", case.id, Tag.TAKE_NOTICE, {"outcome": outcome})
    return _FOUND[outcome], case.id


async def resolve(work: Work, difference_id: UUID, note: str) -> DifferenceResolved:
    """Write down what was found out about a difference, which takes it from the list."""
    difference = await work.session.get(PaymentDifference, difference_id, with_for_update=True)
    if difference is None:
        raise NotFound()
    if difference.case_id is not None:
        await lock(work, difference.case_id)
    if difference.resolved_at is None:
        difference.resolved_by, difference.resolved_at, difference.note = work.actor_id, work.now, note
        work.journal("payment_difference", difference.id, Tag.RESOLVE_DIFFERENCE, {"note": note})
    return DifferenceResolved(id=difference.id, resolved_at=difference.resolved_at)
