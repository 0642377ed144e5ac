"""What can be done with a message: make it, end it one way or the other, send it again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from services.notification.audit import Tag
from services.notification.channels.mail.content.facts import Facts
from services.notification.messages import domain, store
from services.notification.messages import recipients as who
from services.notification.messages.catalogue import MailKind, by_template
from services.notification.messages.domain import Outcome, Party
from services.notification.messages.domain import Work as Stage
from services.notification.messages.store import Contact, Delivery, Notification
from shared.clock import legal_date
from shared.errors import Conflict, NotFound, Text
from shared.events.base import Event
from shared.events.notification import NotificationDelivered, NotificationFailed
from shared.ids import new_id
from shared.sealing import Sealer
from shared.work import Work


class ContentGone(Conflict):
    """The text was erased after its time."""

    code = "content-erased"
    title = Text("内容が保存期間を過ぎて消去されたため再送できません", "The content was erased after its time")


class StillOpen(Conflict):
    """It is still being delivered."""

    code = "still-open"
    title = Text("送信処理中です", "It is still being delivered")


class Resent(BaseModel):
    """A message that is on its way again."""

    id: UUID
    round: int


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an attempt failed: a code without any address, and whether trying again can help."""

    reason: str
    permanent: bool


@dataclass(frozen=True, slots=True)
class Attempt:
    """Which attempt something is said of: the message, its round, and the key of the sender that had claimed it."""

    notification_id: UUID
    round: int
    sender: int


@dataclass(frozen=True, slots=True)
class Matter:
    """The subject of a message: a record of `owner_id` (an organisation, or a person) in the user class `role`. Without
    an owner it is the account's own, such as its password."""

    owner_id: UUID | None = None
    role: str | None = None


def matter_of(event: Event) -> Matter:
    """The subject of an event without an application: a registration, where it names for whom somebody acts."""
    if "organisation_id" not in type(event).model_fields:
        return Matter()
    of: Any = event
    return Matter(of.organisation_id or getattr(of, "account_id", None), getattr(of, "role", None))


def note_search(work: Work, looked_for: Mapping[str, Any], shown: Sequence[UUID]) -> None:
    """Enter that an officer looked at messages: what for, and which ones were shown."""
    assert work.actor.id is not None
    filters = {name: value for name, value in looked_for.items() if value is not None}
    work.journal("notification_log", work.actor.id, Tag.SEARCH, filters | {"notification_ids": list(shown)})


async def tell(work: Work, kind: MailKind, event: Event, sealer: Sealer) -> int:
    """Make the messages of `event`: one for each recipient that has none yet. The number made."""
    cause = work.mark.cause_event_id
    assert cause is not None
    of: Any = event
    application_id = getattr(of, "application_id", None)
    facts = Facts(open=sealer.open, today=legal_date(work.now))
    about = matter_of(event)
    if application_id is not None:
        application = await who.application_of(work.session, application_id)
        facts = Facts(facts.open, facts.today, application.procedure, application.office)
        about = Matter(application.owner_id, application.role)
    made = 0
    sealed_content: str | None = None
    for to in await who.recipients(work.session, event, kind.audience, sealer):
        if await store.exists(work.session, cause, to.party, kind.template):
            continue
        sealed_content = sealed_content or sealer.seal(kind.write(event, facts).model_dump_json())
        notification = Notification(
            id=new_id(),
            cause_event_id=cause,
            cause_event_type=event.event_type(),
            template=kind.template,
            party=to.party.value,
            account_id=getattr(of, "account_id", None),
            owner_id=about.owner_id,
            role=about.role,
            application_id=application_id,
            language=to.language,
            state=Outcome.CREATED.value,
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
                work=Stage.WAITING.value,
                attempts=0,
                next_try_at=work.now,
                claimed_by=None,
                last_error=None,
                sealed_address=to.sealed_address,
                sealed_name=to.sealed_name,
                sealed_content=sealed_content,
            )
        )
        work.journal("notification", notification.id, Tag.CREATE)
        made += 1
    return made


async def delivered(work: Work, attempt: Attempt) -> None:
    """The relay accepted the message. A second word about the same round changes nothing."""
    notification, delivery = await _open(work, attempt)
    if delivery is None:
        return
    _end(work, notification, delivery, Outcome.SENT, None)
    work.journal("notification", notification.id, Tag.SEND, {"round": notification.round})
    work.emit(
        NotificationDelivered(
            notification_id=notification.id,
            cause_event_id=notification.cause_event_id,
            template=notification.template,
            application_id=notification.application_id,
            account_id=notification.account_id,
            delivered_at=work.now,
        )
    )


async def not_delivered(work: Work, attempt: Attempt, failure: Failure, chance: float) -> None:
    """An attempt failed: wait and try again, or give up. `chance` in [0, 1) spreads the next tries.

    Nothing where another sender has the message by now: it will say how that went.
    """
    notification, delivery = await _open(work, attempt)
    if delivery is None or delivery.claimed_by != attempt.sender:
        return
    delivery.last_error = failure.reason
    wait = None if failure.permanent else domain.retry_wait(delivery.attempts, chance)
    if wait is not None:
        delivery.work = Stage.WAITING.value
        delivery.claimed_by = None
        delivery.next_try_at = work.now + wait
        return
    _end(work, notification, delivery, Outcome.FAILED, failure.reason)
    work.journal("notification", notification.id, Tag.FAIL, {"round": notification.round})
    work.emit(
        NotificationFailed(
            notification_id=notification.id,
            cause_event_id=notification.cause_event_id,
            template=notification.template,
            application_id=notification.application_id,
            account_id=notification.account_id,
            reason_code=failure.reason,
            attempts=max(delivery.attempts, 1),
            failed_at=work.now,
        )
    )


async def reclaim(work: Work, delivery: Delivery) -> None:
    """Let a message be tried again whose sender died in the middle. It may arrive twice, with one Message-ID."""
    delivery.work = Stage.WAITING.value
    delivery.claimed_by = None
    delivery.next_try_at = work.now
    work.journal("notification", delivery.notification_id, Tag.RECLAIM, {"attempts": delivery.attempts})


async def resend(work: Work, notification_id: UUID) -> Resent:
    """Send an ended message once more, as a new round with its own Message-ID: to the account's present address, or to
    the one that its link proves."""
    locked = await store.lock(work.session, notification_id)
    if locked is None:
        raise NotFound()
    notification, delivery = locked
    if delivery is None:
        raise ContentGone()
    if notification.state == Outcome.CREATED:
        raise StillOpen()
    moves = by_template(notification.template).audience != "proved"
    if moves and notification.party == Party.ACCOUNT and notification.account_id is not None:
        contact = await work.session.get(Contact, notification.account_id)
        if contact is not None and contact.sealed_address is not None:
            delivery.sealed_address = contact.sealed_address
    notification.state = Outcome.CREATED.value
    notification.round += 1
    notification.ended_at = None
    notification.reason = None
    delivery.work = Stage.WAITING.value
    delivery.attempts = 0
    delivery.next_try_at = work.now
    work.journal("notification", notification.id, Tag.RESEND)
    return Resent(id=notification.id, round=notification.round)


async def _open(work: Work, attempt: Attempt) -> tuple[Notification, Delivery | None]:
    """A message whose round still awaits its end; without its delivery where it has ended meanwhile."""
    locked = await store.lock(work.session, attempt.notification_id)
    if locked is None:
        raise NotFound()
    notification, delivery = locked
    waits = notification.state == Outcome.CREATED and notification.round == attempt.round
    return notification, delivery if waits else None


def _end(work: Work, notification: Notification, delivery: Delivery, outcome: Outcome, reason: str | None) -> None:
    notification.state = outcome.value
    notification.attempts = delivery.attempts
    notification.ended_at = work.now
    notification.reason = reason
    delivery.work = Stage.DONE.value
    delivery.claimed_by = None
    # From here on: since when the content is kept for resending.
    delivery.next_try_at = work.now
