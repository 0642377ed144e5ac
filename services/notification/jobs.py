"""What the clock starts: messages whose sender died, content and addresses whose time is over, and how late we are."""

from datetime import timedelta

from prometheus_client import Counter, Gauge
from sqlalchemy import update

from services.notification import store
from services.notification.commands import reclaim
from services.notification.domain import ABANDONED_AFTER
from services.notification.settings import Settings
from services.notification.store import Application
from shared.timers import Due, Job
from shared.work import Work

OPEN = Gauge("zairyu_notifications_open", "Messages that are neither sent nor failed")
OLDEST = Gauge("zairyu_notifications_oldest_seconds", "Age of the oldest message that is neither sent nor failed")
RECLAIMED = Counter("zairyu_notifications_reclaimed_total", "Messages taken back from a sender that died")

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
        Job("reclaim_abandoned", timedelta(minutes=1), sweep),
        Job("erase_contents", timedelta(minutes=10), erase),
    ]


async def sweep(work: Work, _: Due) -> None:
    """Find messages that got stuck in sending, let them be tried again, and measure what waits."""
    for delivery in await store.abandoned(work.session, work.now - ABANDONED_AFTER, _BATCH):
        await reclaim(work, delivery)
        RECLAIMED.inc()
    count, oldest = await store.waiting_since(work.session)
    OPEN.set(count)
    OLDEST.set((work.now - oldest).total_seconds() if oldest else 0)
