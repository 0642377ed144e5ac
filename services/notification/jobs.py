"""Scheduled jobs: erase old contents and addresses, and measure what waits."""

from datetime import timedelta

from prometheus_client import Gauge

from services.notification.messages import store
from services.notification.messages.commands.erasure import erase_contents
from services.notification.settings import Settings
from shared.timers import Due, Job
from shared.work import Work

OPEN = Gauge("zairyu_notifications_open", "Messages that are neither sent nor failed")
OLDEST = Gauge("zairyu_notifications_oldest_seconds", "Age of the oldest message that is neither sent nor failed")


def jobs(settings: Settings) -> list[Job]:
    """The recurring jobs of this service."""

    async def erase(work: Work, _: Due) -> None:
        await erase_contents(work, content_days=settings.content_days, contact_days=settings.contact_days)

    return [
        Job("measure_waiting", timedelta(minutes=1), measure),
        Job("erase_contents", timedelta(minutes=10), erase),
    ]


async def measure(work: Work, _: Due) -> None:
    """Measure the number of messages that wait, and the age of the oldest."""
    count, oldest = await store.waiting_since(work.session)
    OPEN.set(count)
    OLDEST.set((work.now - oldest).total_seconds() if oldest else 0)
