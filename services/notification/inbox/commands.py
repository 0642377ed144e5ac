"""Marking the messages of the inbox as read, and leaving mails that it has as well."""

from uuid import UUID

from services.notification.address_book import store as address_book
from services.notification.address_book.domain import How, Topic
from services.notification.audit import Tag
from services.notification.inbox import store
from services.notification.inbox.schemas import LeftOut, MarkedRead
from services.notification.messages import store as messages
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


async def leave_out(work: Work, notification_id: UUID) -> LeftOut:
    """Have the reader of a message get no more mails of its topic: they are in the inbox alone from the next on.

    Raises `NotFound` for a message whose reader cannot leave such mails out.
    """
    notification, delivery = await messages.find(work.session, notification_id) or (None, None)
    if notification is None or delivery is None or delivery.topic is None or notification.account_id is None:
        raise NotFound()
    topic, reader = Topic(delivery.topic), notification.account_id
    owner = notification.owner_id or reader
    chosen = (await address_book.choices_of(work.session, reader)).get((topic, owner))
    if chosen in (How.AT_ONCE, How.MORNING):
        await address_book.choose(work.session, reader, owner, topic, How.INBOX, work.now)
        work.journal("message_choice", reader, Tag.CHOOSE, {topic.value: How.INBOX.value})
    return LeftOut.model_validate({"topic": topic.value})
