"""Erasure of contents and addresses after their time."""

from datetime import timedelta

from services.notification.address_book import store as address_book
from services.notification.messages import store
from shared.work import Work

# In a minute: a broadcast to a million is erased within the hour in which it may go.
_BATCH = 20_000


async def erase_contents(work: Work, *, content_days: int, contact_days: int) -> None:
    """Erase contents `content_days` after the end of their delivery, a bounded number, and applicants' addresses
    `contact_days` after the filing."""
    await store.erase_done(work.session, work.now - timedelta(days=content_days), _BATCH)
    await address_book.erase_addresses(work.session, work.now - timedelta(days=contact_days))
