"""Timers and scheduled jobs: the morning's summaries, broadcasts, erasure of contents and addresses, and what waits."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from prometheus_client import Gauge

from services.notification.broadcasts.commands import sending as broadcasts
from services.notification.broadcasts.store import erase_recipients
from services.notification.channels.protocol import Channel
from services.notification.delivery.store import DUE_MAILS, forget_paces
from services.notification.messages import store
from services.notification.messages.commands.erasure import erase_contents, erase_messages
from services.notification.messages.commands.summaries import SUMMARY_DUE, restore_timers, send_summary
from services.notification.settings import Settings
from services.notification.suppression.commands import follow_sealing_key
from services.notification.suppression.store import count_addresses, erase_before
from services.notification.webhooks import metrics as webhook_metrics
from services.notification.webhooks.commands.erasure import erase_log
from services.notification.webhooks.store import messages as webhook_messages
from shared.timers import Due, Job, TimerHandler
from shared.work import Work

OPEN = Gauge("zairyu_notifications_open", "Messages that are neither sent nor failed")
OLDEST = Gauge("zairyu_notifications_oldest_seconds", "For how long the oldest mail that is due waits for a sender")
# Recipients of ended broadcasts that are erased at a time.
_RECIPIENTS = 20_000
UNDELIVERABLE = Gauge("zairyu_notification_undeliverable_addresses", "Addresses to which mail does not arrive")


def jobs(settings: Settings) -> list[Job]:
    """The recurring jobs of this service."""

    async def erase(work: Work, _: Due) -> None:
        await erase_contents(work, content_days=settings.content_days, contact_days=settings.contact_days)
        await erase_messages(work, settings.message_days)
        await forget_paces(work.session, work.now - timedelta(hours=1))

    async def erase_returns(work: Work, _: Due) -> None:
        await erase_before(work.session, work.now - timedelta(days=settings.content_days))

    async def follow_key(work: Work, _: Due) -> None:
        await follow_sealing_key(work)

    async def erase_broadcast_lists(work: Work, _: Due) -> None:
        await erase_recipients(work.session, work.now, _RECIPIENTS)

    async def erase_webhook_log(work: Work, _: Due) -> None:
        await erase_log(work, settings.webhook_days)

    return [
        Job("measure_waiting", timedelta(minutes=1), measure),
        Job("erase_contents", timedelta(minutes=1), erase),
        Job("erase_returns", timedelta(hours=1), erase_returns),
        Job("follow_sealing_key", timedelta(minutes=10), follow_key),
        Job("erase_broadcast_lists", timedelta(minutes=10), erase_broadcast_lists),
        Job("late_summaries", timedelta(minutes=10), restore),
        Job("late_broadcasts", timedelta(minutes=10), restore_broadcasts),
        Job("measure_webhooks", timedelta(minutes=1), measure_webhooks),
        Job("erase_webhook_log", timedelta(minutes=1), erase_webhook_log),
    ]


def timers(channels: Mapping[str, Channel], wake: Callable[[Work], None]) -> dict[str, TimerHandler]:
    """The timers of this service, each with its command. `wake` gets each whose commit makes a message due."""

    async def summarise(work: Work, due: Due) -> None:
        if await send_summary(work, due.subject_id, channels):
            wake(work)

    async def broadcast(work: Work, due: Due) -> None:
        await broadcasts.carry_on(work, due.subject_id, wake)

    return {SUMMARY_DUE: summarise, broadcasts.BROADCAST_DUE: broadcast}


async def restore(work: Work, _: Due) -> None:
    """Have summaries made whose timers were lost."""
    await restore_timers(work)


async def restore_broadcasts(work: Work, _: Due) -> None:
    """Have broadcasts carried on whose timers were lost."""
    await broadcasts.restore_timers(work)


async def measure(work: Work, _: Due) -> None:
    """Measure the messages that wait, the wait of the oldest mail that is due, and the addresses to which mail does not
    arrive. A mail that a server put off is not due before its next attempt."""
    OPEN.set(await store.count_open(work.session))
    oldest = (await DUE_MAILS.measure(work.session, work.now))[1]
    OLDEST.set((work.now - oldest).total_seconds() if oldest else 0)
    UNDELIVERABLE.set(await count_addresses(work.session))


async def measure_webhooks(work: Work, _: Due) -> None:
    """Measure the number of webhooks' messages that wait, and the age of the oldest."""
    count, oldest = await webhook_messages.waiting_since(work.session)
    webhook_metrics.OPEN.set(count)
    webhook_metrics.OLDEST.set((work.now - oldest).total_seconds() if oldest else 0)
