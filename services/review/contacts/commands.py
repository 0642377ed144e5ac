"""Commands of messages that did not arrive: record one, list those of an office, record how the person was informed."""

from uuid import UUID

from services.review.audit import Tag
from services.review.cases.commands.loading import lock
from services.review.cases.store import lock_case_of
from services.review.contacts import store
from services.review.contacts.problems import InformedAlready
from services.review.contacts.schemas import Informed, UndeliveredView
from services.review.contacts.store import UndeliveredMessage
from shared.errors import FieldProblem, Invalid, NotFound, Text
from shared.events.notification import NotificationFailed
from shared.ids import new_id
from shared.messaging import NotYet
from shared.work import Work


async def note_undelivered(work: Work, failed: NotificationFailed) -> None:
    """Note that somebody has to be informed in another way, once for each message. Others may be missed.

    Raises `NotYet` while the case is not known.
    """
    if failed.must_reach is None or failed.application_id is None:
        return
    case = await lock_case_of(work.session, failed.application_id)
    if case is None:
        raise NotYet("the case is not known yet")
    if await store.is_known(work.session, failed.notification_id):
        return
    work.session.add(
        UndeliveredMessage(
            id=new_id(),
            case_id=case.id,
            message_id=failed.notification_id,
            concerns=failed.must_reach,
            party=failed.party or "account",
            reason=failed.reason_code,
            failed_at=failed.failed_at,
            done_at=None,
            done_by=None,
            means=None,
            note=None,
        )
    )
    detail = {"concerns": failed.must_reach, "reason": failed.reason_code, "message_id": failed.notification_id}
    work.journal("case", case.id, Tag.NOTE_UNDELIVERED, detail)


async def mark_informed(work: Work, case_id: UUID, undelivered_id: UUID, informed: Informed) -> UndeliveredView:
    """Record how the person was informed. Raises `NotFound`, `InformedAlready`, and `Invalid` without a reason for
    informing nobody."""
    if informed.means == "not_needed" and not informed.note:
        message = Text("連絡が不要である理由を入力してください", "Enter why nobody has to be informed")
        raise Invalid(fields=[FieldProblem("/note", "missing", message)])
    case = await lock(work, case_id)
    row = await store.lock_undelivered(work.session, case_id, undelivered_id)
    if row is None:
        raise NotFound()
    if row.done_at is not None:
        raise InformedAlready()
    row.done_at, row.done_by, row.means, row.note = work.now, work.actor_id, informed.means, informed.note
    work.journal("case", case.id, Tag.INFORM, {"concerns": row.concerns, "means": informed.means})
    return UndeliveredView.model_validate(row)
