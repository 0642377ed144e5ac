"""Scheduled jobs: remove expired content and addresses, and measure how late mails are."""

from datetime import timedelta

from prometheus_client import Gauge
from sqlalchemy import update

from services.notification.messages import store
from services.notification.messages.store import Application
from services.notification.settings import Settings
from shared.timers import Due, Job
from shared.work import Work

OPEN = Gauge("zairyu_notifications_open", "Messages that are neither sent nor failed")
OLDEST = Gauge("zairyu_notifications_oldest_seconds", "Age of the oldest message that is neither sent nor failed")

_BATCH = 500


def jobs(settings: Settings) -> list[Job]:
    """The recurring jobs of this service."""

    async def erase(work: Work, _: Due) -> None:
        """Erase contents kept long enough, and addresses of applicants whose application is old."""
        for delivery in await store.done_before(work.session, work.now - timedelta(days=settings.content_days), _BATCH):
            await work.session.delete(delivery)
        old = Application.submitted_at < work.now - timedelta(days=settings.contact_days)
        await work.session.execute(
            update(Application)
            .where(old, Application.sealed_address.is_not(None))
            .values(sealed_address=None, language=None)
        )

    return [
        Job("measure_waiting", timedelta(minutes=1), measure),
        Job("erase_contents", timedelta(minutes=10), erase),
    ]


async def measure(work: Work, _: Due) -> None:
    """Measure what waits, and for how long."""
    count, oldest = await store.waiting_since(work.session)
    OPEN.set(count)
    OLDEST.set((work.now - oldest).total_seconds() if oldest else 0)
