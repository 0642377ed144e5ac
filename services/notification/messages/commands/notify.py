"""Making the messages of an event."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.notification.audit import Tag
from services.notification.channels.mail.content.facts import Facts
from services.notification.messages import store
from services.notification.messages.catalogue import MessageKind
from services.notification.messages.commands.recipients import Recipient, find_recipients
from services.notification.messages.domain import DeliveryState, MessageState
from services.notification.messages.store import Application, Delivery, Notification
from shared.events.base import Event
from shared.ids import new_id
from shared.messaging import NotYet
from shared.sealing import Sealer
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


async def notify(work: Work, kind: MessageKind, event: Event, sealer: Sealer) -> int:
    """Make the messages of `event`: one for each recipient that has none yet. Returns the number made.

    Raises `NotYet` while the application or the address is not known.
    """
    cause = work.mark.cause_event_id
    assert cause is not None
    application = await _application_of(work, event)
    subject = Subject.of(event, application)
    facts = Facts(
        sealer.open,
        work.today,
        application.procedure if application else None,
        application.office if application else None,
    )
    made = 0
    sealed_content: str | None = None
    for recipient in await find_recipients(work, event, kind.audience, application, sealer):
        if await store.exists(work.session, cause, recipient.party, kind.template):
            continue
        sealed_content = sealed_content or sealer.seal(kind.write(event, facts).model_dump_json())
        _add(work, kind, event, subject, recipient, sealed_content)
        made += 1
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
    work: Work, kind: MessageKind, event: Event, subject: Subject, recipient: Recipient, sealed_content: str
) -> None:
    notification = Notification(
        id=new_id(),
        cause_event_id=work.mark.cause_event_id,
        cause_event_type=event.event_type(),
        template=kind.template,
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
