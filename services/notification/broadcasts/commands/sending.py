"""Sending a broadcast: the recipients are written down once, and it is handed over to some hundred of them at a time.

A page is one transaction with the place that was reached: a process that dies in the middle leaves the next page to
another one, and nobody gets anything twice; one that was stopped and is resumed begins again at that place. Few mails
are made before they are sent, so that a stop is one.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

from services.notification.audit import Tag
from services.notification.broadcasts import store
from services.notification.broadcasts.domain import Group, State, Step, after
from services.notification.broadcasts.store import Broadcast, Reached
from services.notification.channels.mail.content.broadcasts import broadcast_of
from services.notification.channels.protocol import MAIL
from services.notification.messages.catalogue import BROADCAST
from services.notification.messages.commands.summaries import address_key, use_address
from services.notification.messages.domain import DeliveryState, MessageState, Party, Priority, mailbox
from services.notification.messages.store import Delivery, Notification, SharedContent
from shared.db.together import insert_together
from shared.ids import new_id
from shared.journal import write_together
from shared.languages import known
from shared.timers import at
from shared.work import Work

# The timer of a broadcast that is approved and has not ended.
BROADCAST_DUE = "broadcast"
_CAUSE = "broadcast"
PAGE = 500
# Mails of one broadcast that may be due; the next page comes when fewer are.
_MOST_DUE = 500
# Mails that a receiving system put off, for days perhaps, or that wait for their turn there: up to so many hold up
# nobody else.
_MOST_LATER = 5000
_WAIT = timedelta(seconds=1)
# While the last mails are under way.
_END_WAIT = timedelta(seconds=5)
_LATE = timedelta(minutes=10)


async def carry_on(work: Work, broadcast_id: UUID, wake: Callable[[Work], None], page: int = PAGE) -> None:
    """Take the next step of a broadcast: begin, hand over a page, or finish. `wake` is called where mails are due."""
    broadcast = await store.lock(work.session, broadcast_id)
    if broadcast is None:
        return
    match State(broadcast.state):
        case State.SCHEDULED if broadcast.send_at is None or broadcast.send_at <= work.now:
            await _start(work, broadcast, wake)
        case State.SCHEDULED:
            assert broadcast.send_at is not None
            await at(work.session, BROADCAST_DUE, broadcast.id, broadcast.send_at)
        case State.SENDING:
            await _send(work, broadcast, wake, page)
        case State.STOPPED:
            await withdraw_mails(work, broadcast)
        case _:
            pass


async def restore_timers(work: Work) -> None:
    """Have broadcasts carried on whose timers were lost."""
    for broadcast_id in await store.unfinished(work.session, work.now - _LATE):
        await at(work.session, BROADCAST_DUE, broadcast_id, work.now)


async def withdraw_mails(work: Work, broadcast: Broadcast) -> None:
    """Leave mails of a stopped broadcast that wait in the inbox alone. Those that a mail server has at this moment are
    looked at again: one that is put off is not tried another time."""
    waiting = await store.waiting_mails(work.session, broadcast.id, 2 * PAGE)
    for notification, delivery in waiting:
        notification.state = MessageState.INBOX.value
        notification.attempts = delivery.attempts
        notification.ended_at = work.now
        delivery.state = DeliveryState.DONE.value
        delivery.next_try_at = work.now
        work.journal("notification", notification.id, Tag.WITHDRAW)
    await work.session.flush()
    if any(await store.count_open_mails(work.session, broadcast.id, work.now)):
        await at(work.session, BROADCAST_DUE, broadcast.id, work.now + _WAIT)


async def _start(work: Work, broadcast: Broadcast, wake: Callable[[Work], None]) -> None:
    """Begin; where a stop interrupted it, begin again, first with the mails that the stop withdrew."""
    await at(work.session, BROADCAST_DUE, broadcast.id, work.now)
    if broadcast.started_at is None:
        await _open(work, broadcast)
    elif broadcast.by_mail and await _put_back_mails(work, broadcast):
        wake(work)
        return
    broadcast.state = _following(broadcast, Step.START)
    work.journal("broadcast", broadcast.id, Tag.BROADCAST_START, {"recipients": broadcast.recipients})


async def _open(work: Work, broadcast: Broadcast) -> None:
    group = Group(broadcast.audience)
    recipients = await store.freeze_recipients(work.session, broadcast.id, group, broadcast.codes)
    broadcast.started_at, broadcast.recipients = work.now, recipients
    content = broadcast_of(broadcast.kind, {known(lang): said for lang, said in broadcast.texts.items()})
    sealed_content = work.seal(content.model_dump_json())
    work.session.add(SharedContent(id=broadcast.id, sealed_content=sealed_content, created_at=work.now))


async def _put_back_mails(work: Work, broadcast: Broadcast) -> bool:
    """Have some of the mails sent that a stop withdrew, to the present addresses; False where there are none."""
    withdrawn = await store.withdrawn_mails(work.session, broadcast.id, 2 * PAGE)
    for notification, delivery, contact in withdrawn:
        notification.state = MessageState.CREATED.value
        notification.ended_at = None
        delivery.state = DeliveryState.WAITING.value
        # The days for which a mail is tried begin again.
        delivery.first_failed_at = None
        delivery.next_try_at = work.now
        use_address(work, delivery, contact)
        work.journal("notification", notification.id, Tag.RESUME)
    return bool(withdrawn)


async def _send(work: Work, broadcast: Broadcast, wake: Callable[[Work], None], page: int) -> None:
    waiting = await store.count_open_mails(work.session, broadcast.id, work.now)
    if waiting.now >= _MOST_DUE or waiting.later >= _MOST_LATER:
        await at(work.session, BROADCAST_DUE, broadcast.id, work.now + _WAIT)
        return
    reached = await store.next_recipients(work.session, broadcast, page)
    if reached:
        await _hand_over(work, broadcast, reached)
        if broadcast.by_mail:
            wake(work)
        await at(work.session, BROADCAST_DUE, broadcast.id, work.now)
    elif any(waiting):
        await at(work.session, BROADCAST_DUE, broadcast.id, work.now + _END_WAIT)
    else:
        broadcast.state = _following(broadcast, Step.FINISH)
        broadcast.ended_at = work.now
        work.journal("broadcast", broadcast.id, Tag.BROADCAST_FINISH, {"handed_over": broadcast.handed_over})


async def _hand_over(work: Work, broadcast: Broadcast, reached: Sequence[Reached]) -> None:
    to = [one for one in reached if one.sealed_address is not None]
    broadcast.handed_over += len(to)
    broadcast.left_out += len(reached) - len(to)
    broadcast.reached = reached[-1].account_id
    work.journal("broadcast", broadcast.id, Tag.BROADCAST_HAND_OVER, {"count": len(to)})
    notifications = [_notification(work, broadcast, one) for one in to]
    deliveries = [
        _delivery(work, broadcast, one, notification.id) for one, notification in zip(to, notifications, strict=True)
    ]
    for notification in notifications:
        work.session.add(notification)
        work.journal("notification", notification.id, Tag.CREATE)
    await write_together(work.session, notifications)
    await insert_together(await work.session.connection(), Delivery.metadata.tables["deliveries"], deliveries)


def _notification(work: Work, broadcast: Broadcast, to: Reached) -> Notification:
    return Notification(
        id=new_id(),
        cause_event_id=broadcast.id,
        cause_event_type=_CAUSE,
        channel=MAIL,
        template=BROADCAST,
        party=(Party.OFFICER if to.is_officer else Party.ACCOUNT).value,
        account_id=to.account_id,
        owner_id=None,
        role=None,
        application_id=None,
        number=None,
        language=to.language,
        state=(MessageState.CREATED if broadcast.by_mail else MessageState.INBOX).value,
        round=1,
        attempts=0,
        created_at=work.now,
        ended_at=None if broadcast.by_mail else work.now,
        reason=None,
        summary_id=None,
    )


def _delivery(work: Work, broadcast: Broadcast, to: Reached, notification_id: UUID) -> dict[str, object]:
    by_mail = broadcast.by_mail
    return {
        "notification_id": notification_id,
        "channel": MAIL,
        "state": (DeliveryState.WAITING if by_mail else DeliveryState.DONE).value,
        "attempts": 0,
        "next_try_at": work.now,
        "claimed_by": None,
        "last_error": None,
        "sealed_address": to.sealed_address if by_mail else None,
        "address_key": _address_key(work, to) if by_mail else None,
        "sealed_name": to.sealed_name,
        "sealed_content": None,
        "content_id": broadcast.id,
        "priority": int(Priority.BROADCAST),
    }


def _address_key(work: Work, to: Reached) -> bytes | None:
    assert work.sealer is not None, "notification holds the private key"
    assert to.sealed_address is not None
    return address_key(work, mailbox(work.sealer.open(to.sealed_address)))


def _following(broadcast: Broadcast, step: Step) -> str:
    following = after(State(broadcast.state), step)
    assert following is not None, f"{step} of a broadcast that is {broadcast.state}"
    return following.value
