"""Marking the messages of the inbox as read."""

from uuid import UUID

from services.notification.inbox import store
from services.notification.inbox.schemas import MarkedRead
from shared.errors import NotFound
from shared.work import Work


async def mark_read(work: Work, notification_id: UUID) -> MarkedRead:
    """Record that the caller has read a message. Raises `NotFound`."""
    if await store.find(work.session, work.actor, notification_id) is None:
        raise NotFound()
    await store.mark_read(work.session, work.actor, notification_id, work.now)
    return MarkedRead(count=1)


async def mark_all_read(work: Work, until: UUID) -> MarkedRead:
    """Record that the caller has read all own messages up to one of them."""
    return MarkedRead(count=await store.mark_all_read(work.session, work.actor, until, work.now))
