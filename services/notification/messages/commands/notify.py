"""Making the messages of an event."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.notification.audit import Tag
from services.notification.channels.protocol import Channel, Message
from services.notification.messages import store
from services.notification.messages.catalogue import MessageKind
from services.notification.messages.commands.recipients import Recipient, find_recipients
from services.notification.messages.domain import DeliveryState, MessageState
from services.notification.messages.store import Application, Delivery, Notification
from shared.events.base import Event
from shared.ids import new_id
from shared.messaging import NotYet
from shared.work import Work


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
    """Make the messages of `event`: one for each channel and recipient that has none yet. Returns the number made.

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
    recipients = await find_recipients(work, event, kind.audience, application)
    made = 0
    for channel in kind.channels:
        due = [to for to in recipients if not await store.exists(work.session, cause, channel, to.party, kind.template)]
        sealed_content = channels[channel].prepare(message) if due else ""
        for recipient in due:
            _add(work, message, subject, channel, recipient, sealed_content)
        made += len(due)
    return made


async def _application_of(work: Work, event: Event) -> Application | None:
    """The application that an event concerns. Raises `NotYet` while it is not known."""
    application_id = getattr(event, "application_id", None)
    if application_id is None:
        return None
    application = await store.find_application(work.session, application_id)
    if application is None:
        raise NotYet("the application is not known yet")
    return application


def _add(
    work: Work, message: Message, subject: Subject, channel: str, recipient: Recipient, sealed_content: str
) -> None:
    event = message.event
    notification = Notification(
        id=new_id(),
        cause_event_id=work.mark.cause_event_id,
        cause_event_type=event.event_type(),
        channel=channel,
        template=message.template,
        party=recipient.party.value,
        account_id=getattr(event, "account_id", None),
        owner_id=subject.owner_id,
        role=subject.role,
        application_id=getattr(event, "application_id", None),
        language=recipient.language,
        state=MessageState.CREATED.value,
        round=1,
        attempts=0,
        created_at=work.now,
        ended_at=None,
        reason=None,
    )
    work.session.add(notification)
    work.session.add(
        Delivery(
            notification_id=notification.id,
            channel=channel,
            state=DeliveryState.WAITING.value,
            attempts=0,
            next_try_at=work.now,
            claimed_by=None,
            last_error=None,
            sealed_address=recipient.sealed_address,
            sealed_name=recipient.sealed_name,
            sealed_content=sealed_content,
        )
    )
    work.journal("notification", notification.id, Tag.CREATE)
