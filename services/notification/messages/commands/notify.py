"""Making the messages of an event."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.notification.address_book import store as address_book
from services.notification.address_book.domain import How, next_morning
from services.notification.address_book.store import Application
from services.notification.audit import Tag
from services.notification.channels.protocol import MAIL, Channel, Message
from services.notification.messages import store
from services.notification.messages.catalogue import MessageKind
from services.notification.messages.commands.recipients import Recipient, find_recipients
from services.notification.messages.commands.summaries import SUMMARY_DUE, address_key
from services.notification.messages.domain import DeliveryState, MessageState, Party
from services.notification.messages.store import Delivery, Notification
from shared.events.base import Event
from shared.ids import derived_id
from shared.messaging import NotYet
from shared.timers import at
from shared.work import Work

# How a message begins that comes in this way.
_BEGINS = {
    How.AT_ONCE: (MessageState.CREATED, DeliveryState.WAITING),
    How.MORNING: (MessageState.HELD, DeliveryState.HELD),
    How.INBOX: (MessageState.INBOX, DeliveryState.DONE),
}


@dataclass(frozen=True, slots=True)
class Subject:
    """The subject of a message: a record of `owner_id` (an organisation, or a person) in the user class `role`. Without
    an owner it is the account's own, such as its password."""

    owner_id: UUID | None = None
    role: str | None = None

    @classmethod
    def of(cls, event: Event, application: Application | None) -> "Subject":
        """The application, or else the registration of the organisation for which the event's account acts."""
        if application is not None:
            return cls(application.owner_id, application.role)
        if "organisation_id" not in type(event).model_fields:
            return cls()
        of: Any = event
        return cls(of.organisation_id or getattr(of, "account_id", None), getattr(of, "role", None))


async def notify(work: Work, kind: MessageKind, event: Event, channels: Mapping[str, Channel]) -> int:
    """Make the messages of `event`: one for each channel and recipient that has none yet. Returns the number of those
    that are due at once.

    Raises `NotYet` while the application or the address is not known.
    """
    cause = work.mark.cause_event_id
    assert cause is not None
    application = await _application_of(work, event)
    subject = Subject.of(event, application)
    message = Message(
        kind.template,
        event,
        work.today,
        application.procedure if application else None,
        application.office if application else None,
    )
    recipients = await find_recipients(work, event, kind.audience_of(event), application)
    at_once = 0
    for channel in kind.channels:
        due = [
            (number, to)
            for number, to in enumerate(recipients)
            if not await store.exists(work.session, cause, channel, to.party, to.account_id, kind.template)
        ]
        sealed_content = channels[channel].prepare(message) if due else ""
        for number, recipient in due:
            how = _how(kind, recipient)
            if channel != MAIL and how is not How.AT_ONCE:
                # The mail is what waits, or is in the inbox alone.
                continue
            # Its Message-ID follows from it: a mail that is sent again after a restore is a copy, and what comes back
            # about the first is understood.
            unique = (channel, recipient.party.value, recipient.account_id, kind.template)
            its_id, until = derived_id(cause, number, *unique), kind.valid_until(event)
            await _add(work, its_id, message, subject, channel, recipient, how, sealed_content, until)
            at_once += how is How.AT_ONCE
    return at_once


def _how(kind: MessageKind, recipient: Recipient) -> How:
    if recipient.sealed_address is None:
        return How.INBOX
    return How.AT_ONCE if kind.urgent and recipient.how is How.MORNING else recipient.how


async def _application_of(work: Work, event: Event) -> Application | None:
    """The application that an event concerns. Raises `NotYet` while it is not known."""
    application_id = getattr(event, "application_id", None)
    if application_id is None:
        return None
    application = await address_book.find_application(work.session, application_id)
    if application is None:
        raise NotYet("the application is not known yet")
    return application


async def _add(
    work: Work,
    notification_id: UUID,
    message: Message,
    subject: Subject,
    channel: str,
    recipient: Recipient,
    how: How,
    sealed_content: str,
    valid_until: datetime | None,
) -> None:
    event = message.event
    state, delivery = _BEGINS[how]
    # To an officer it is about their work, and the applicant's organisation sees nothing of it.
    of = Subject() if recipient.party is Party.OFFICER else subject
    notification = Notification(
        id=notification_id,
        cause_event_id=work.mark.cause_event_id,
        cause_event_type=event.event_type(),
        channel=channel,
        template=message.template,
        party=recipient.party.value,
        account_id=recipient.account_id,
        owner_id=of.owner_id,
        role=of.role,
        application_id=getattr(event, "application_id", None),
        number=getattr(event, "receipt_number", None),
        language=recipient.language,
        state=state.value,
        round=1,
        attempts=0,
        created_at=work.now,
        ended_at=work.now if state is MessageState.INBOX else None,
        reason=None,
        summary_id=None,
    )
    work.session.add(notification)
    work.session.add(
        Delivery(
            notification_id=notification.id,
            channel=channel,
            state=delivery.value,
            attempts=0,
            next_try_at=next_morning(work.now) if how is How.MORNING else work.now,
            first_failed_at=None,
            valid_until=valid_until,
            topic=recipient.topic.value if recipient.topic else None,
            turn_at=None,
            claimed_by=None,
            last_error=None,
            # One that waits is sent to the address of that morning.
            sealed_address=recipient.sealed_address if how is How.AT_ONCE else None,
            address_key=address_key(work, recipient.mailbox),
            sealed_name=recipient.sealed_name,
            sealed_content=sealed_content,
            traceparent=work.mark.traceparent,
        )
    )
    if how is How.MORNING and recipient.account_id is not None:
        await at(work.session, SUMMARY_DUE, recipient.account_id, next_morning(work.now))
    work.journal("notification", notification.id, Tag.CREATE)
