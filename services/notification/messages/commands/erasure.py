"""Erasure of contents, addresses and messages after their time."""

from datetime import timedelta
from uuid import UUID

from services.notification.address_book import store as address_book
from services.notification.audit import Tag
from services.notification.messages import store
from shared.work import Work

# In a minute: a broadcast to a million is erased within the hour in which it may go.
_BATCH = 20_000
# In a minute: fifty times what 1.4 million applications a year leave. Each is a key in the line of the journal.
_MESSAGES = 1_000
# The log itself, in the journal.
_LOG = UUID(int=1)


async def erase_contents(work: Work, *, content_days: int, contact_days: int) -> None:
    """Erase contents `content_days` after the end of their delivery, a bounded number, and applicants' addresses
    `contact_days` after the filing."""
    await store.erase_done(work.session, work.now - timedelta(days=content_days), _BATCH)
    await address_book.erase_addresses(work.session, work.now - timedelta(days=contact_days))


async def erase_messages(work: Work, message_days: int) -> None:
    """Erase the messages that ended `message_days` ago, a bounded number, with the record of who has read them.

    No event can make them again: one so old is refused (`inbox_remembers`).
    """
    erased = await store.lock_erasable(work.session, work.now - timedelta(days=message_days), _MESSAGES)
    if not erased:
        return
    for each in erased:
        await work.session.delete(each)
    work.journal("notification_log", _LOG, Tag.ERASE, {"count": len(erased)})
