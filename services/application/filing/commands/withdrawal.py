"""Withdrawal of a filed application before the decision (取下げ)."""

from uuid import UUID

from services.application.audit import Tag
from services.application.filing.schemas import Withdrawn
from services.application.progress import domain as state
from services.application.progress import store
from services.application.tables import Application
from shared.auth import Owner
from shared.errors import Conflict, Text
from shared.events.application import ApplicationWithdrawn
from shared.work import Work


async def withdraw(work: Work, application_id: UUID, reason: str) -> Withdrawn:
    """Take a filed application back (取下げ). Raises `Conflict` for a draft and after the decision.

    Where the decision is made at the same moment it stands: review, which owns it, ignores the withdrawal.
    """
    return take_back(work, await store.own(work.session, application_id, Owner.of(work.actor)), reason)


def take_back(work: Work, application: Application, reason: str) -> Withdrawn:
    """The same for an application of the caller that is locked. Raises before anything is changed."""
    if application.state != state.State.RECEIVED:
        raise Conflict(_WHY_NOT_WITHDRAWN.get(application.state, _ALREADY_OVER), code="cannot-be-withdrawn")
    application.state = state.State.WITHDRAWN.value
    application.withdrawal_reason = reason
    application.revision += 1
    application.updated_at = work.now
    assert application.receipt_number is not None
    work.journal("application", application.id, Tag.WITHDRAW)
    work.emit(
        ApplicationWithdrawn(
            application_id=application.id,
            account_id=application.account_id,
            receipt_number=application.receipt_number,
            withdrawn_at=work.now,
        )
    )
    return Withdrawn(
        id=application.id,
        receipt_number=application.receipt_number,
        status=application.state,
        withdrawn_at=work.now,
    )


_WHY_NOT_WITHDRAWN = {
    "draft": Text(
        "まだ申請していないため、取下げは不要です。", "It is not filed yet, so there is nothing to withdraw."
    ),
    "withdrawn": Text("取下げ済みです。", "It is already withdrawn."),
    "decided": Text("審査が完了しているため、取り下げられません。", "The decision is made: it cannot be withdrawn."),
}
_ALREADY_OVER = Text("手続が終了しています。", "The procedure is over.")
