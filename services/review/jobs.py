"""Timers and recurring jobs of the review service, and the command that each one runs."""

from datetime import timedelta

from services.review.allocation.commands.clock import notice, restore_clocks
from services.review.allocation.commands.queue import measure_waiting_cases
from services.review.cases.commands.loading import (
    CASE_CLOCK,
    DECISION_EFFECT,
    DOCUMENTS_DUE_SOON,
    DOCUMENTS_OVERDUE,
    ENDED_UNPAID,
    INTERVIEW_SOON,
)
from services.review.decision.commands import effect
from services.review.examination.commands import documents, interviews
from services.review.figures.commands import count_figures
from services.review.payment.commands import orders, reconciliation, refunds
from services.review.payment.store.online import PaymentOrder
from services.review.payment_provider.port import PaymentProvider, ProviderUnavailable
from shared.timers import Due, Job, TimerHandler
from shared.work import Work


async def report_overdue(work: Work, due: Due) -> None:
    """A request for documents has reached the end of its due date."""
    await documents.notice_overdue(work, due.subject_id)


async def remind_of_documents(work: Work, due: Due) -> None:
    """A request for documents is due soon."""
    await documents.remind(work, due.subject_id)


async def remind_of_interview(work: Work, due: Due) -> None:
    """An interview or inquiry is soon."""
    await interviews.remind(work, due.subject_id)


async def let_take_effect(work: Work, due: Due) -> None:
    """A decision can no longer be recalled."""
    await effect.take_effect(work, due.subject_id)


async def report_what_is_due(work: Work, due: Due) -> None:
    """Something about a case is due."""
    await notice(work, due.subject_id)


async def sweep(work: Work, _: Due) -> None:
    """Measure every kind of waiting, and set lost timers again."""
    await measure_waiting_cases(work)
    await documents.restore_timers(work)
    await interviews.restore_timers(work)
    await effect.restore_timers(work)
    await restore_clocks(work)


async def figures(work: Work, _: Due) -> None:
    """Count what is not final of the figures."""
    await count_figures(work)


TIMERS: dict[str, TimerHandler] = {
    DOCUMENTS_OVERDUE: report_overdue,
    DOCUMENTS_DUE_SOON: remind_of_documents,
    INTERVIEW_SOON: remind_of_interview,
    DECISION_EFFECT: let_take_effect,
    CASE_CLOCK: report_what_is_due,
}
JOBS = (Job("waiting-cases", timedelta(minutes=5), sweep), Job("figures", timedelta(hours=1), figures))


def payment_timers(provider: PaymentProvider | None) -> dict[str, TimerHandler]:
    """Timers of online payments. Without a provider those that need it wait for one."""

    async def expire(work: Work, due: Due) -> None:
        await orders.expire(work, due.subject_id)

    async def cancel(work: Work, due: Due) -> None:
        order = await work.session.get(PaymentOrder, due.subject_id)
        if order is not None and order.reference is not None:
            await _needed(provider).cancel(order.reference)

    async def end_unpaid(work: Work, due: Due) -> None:
        await orders.end_of_case(work, due.subject_id)

    async def refund(work: Work, due: Due) -> None:
        await refunds.carry_out(work, _needed(provider), due.subject_id)

    return {
        orders.ORDER_EXPIRES: expire,
        orders.ORDER_CANCELLED: cancel,
        ENDED_UNPAID: end_unpaid,
        refunds.REFUND: refund,
    }


def payment_jobs(provider: PaymentProvider | None) -> tuple[Job, ...]:
    """The job that reads the provider's files of days; none without a provider."""
    if provider is None:
        return ()

    async def reconcile(work: Work, _: Due) -> None:
        await reconciliation.reconcile(work, provider)

    return (Job("payment-files", timedelta(hours=1), reconcile),)


def _needed(provider: PaymentProvider | None) -> PaymentProvider:
    if provider is None:
        raise ProviderUnavailable()
    return provider
