"""Erasure of contents and addresses after their time."""

from datetime import timedelta

from services.notification.address_book import store as address_book
from services.notification.messages import store
from shared.work import Work

_BATCH = 500


async def erase_contents(work: Work, *, content_days: int, contact_days: int) -> None:
    """Erase contents `content_days` after the end of their delivery, and applicants' addresses `contact_days` after
    the filing."""
    for delivery in await store.done_before(work.session, work.now - timedelta(days=content_days), _BATCH):
        await work.session.delete(delivery)
    await address_book.erase_addresses(work.session, work.now - timedelta(days=contact_days))
