"""Commands of bounces: what follows from a report that a mail did not arrive."""

from services.notification.audit import Tag
from services.notification.bounces.schemas import ReportTaken, Taken
from services.notification.delivery.commands import give_up
from services.notification.messages import store as messages
from services.notification.messages.domain import MessageState
from services.notification.suppression.commands import Return, leave_alone, record_return
from shared.work import Work

# States in which a mail may have left: one that waits again was perhaps accepted without an answer.
_OUT = frozenset({MessageState.CREATED, MessageState.SENT})


async def take_failure(work: Work, failure: Return) -> ReportTaken:
    """Record that a mail came back, once: the message failed, and its address is left alone after a hard failure or
    several others.

    Of a message that was sent again since, only that is recorded: the address may be another.
    """
    locked = await messages.lock(work.session, failure.message_id)
    if locked is None or failure.round > locked[0].round:
        return ReportTaken(outcome=Taken.UNKNOWN)
    notification, delivery = locked
    is_newest = failure.round == notification.round
    address = delivery if is_newest and delivery is not None and delivery.address_key is not None else None
    if not await record_return(work, failure, address):
        return ReportTaken(outcome=Taken.REPEATED)
    detail = {"round": failure.round, "status": failure.status, "source": failure.source}
    work.journal("notification", notification.id, Tag.RETURN, detail)
    if is_newest and MessageState(notification.state) in _OUT:
        await give_up(work, notification, delivery, f"returned-{failure.status}")
    if address is not None:
        await leave_alone(work, address, failure.status)
    return ReportTaken(outcome=Taken.RECORDED)
