"""What the applicant does around the decision: take the application back before it, send the old card after it."""

from dataclasses import dataclass
from uuid import UUID

from services.application import queries
from services.application.answers import MaterialsSent, Withdrawn
from services.application.audit import Tag
from services.application.domain import state
from services.application.store import Progress
from shared.auth import Owner
from shared.errors import Conflict, FieldProblem, Invalid, Text
from shared.events.application import ApplicationWithdrawn, CardMaterialsSent
from shared.work import Work


@dataclass(frozen=True, slots=True)
class Materials:
    """What goes to the card office and how: the old card, and the reference of the fee paid."""

    fee_reference: str | None
    carrier: str
    tracking_number: str
    residence_card_enclosed: bool


async def withdraw(work: Work, application_id: UUID, reason: str) -> Withdrawn:
    """Take a filed application back (取下げ). Raises `Conflict` for a draft and after the decision.

    Where the decision is made at the same moment it stands: review, which owns it, ignores the withdrawal.
    """
    application = await queries.own(work.session, application_id, Owner.of(work.actor))
    if application.state != state.State.RECEIVED:
        raise Conflict(_WHY_NOT_WITHDRAWN.get(application.state, _ALREADY_OVER), code="cannot-be-withdrawn")
    application.state = state.State.WITHDRAWN.value
    application.withdrawal_reason = reason
    application.revision += 1
    application.updated_at = work.now
    assert application.receipt_number is not None
    work.journal("application", application_id, Tag.WITHDRAW)
    work.emit(
        ApplicationWithdrawn(
            application_id=application_id,
            account_id=application.account_id,
            receipt_number=application.receipt_number,
            withdrawn_at=work.now,
        )
    )
    return Withdrawn(
        id=application_id,
        receipt_number=application.receipt_number,
        status=application.state,
        withdrawn_at=work.now,
    )


async def send_card_materials(work: Work, application_id: UUID, materials: Materials) -> MaterialsSent:
    """Record that the fee and the old card are on their way. Raises `Conflict` unless the application is granted."""
    application = await queries.own(work.session, application_id, Owner.of(work.actor))
    progress = await work.session.get(Progress, application_id, with_for_update=True)
    if application.state != state.State.DECIDED or progress is None or progress.outcome != "granted":
        raise Conflict(
            Text("許可後に送付してください。", "Send these only after the permission is granted."), code="not-granted"
        )
    if progress.materials_sent:
        raise Conflict(Text("発送は登録済みです。", "The dispatch is already recorded."), code="already-sent")
    if not materials.residence_card_enclosed:
        message = Text("現在の在留カードを同封してください", "Enclose the present residence card")
        raise Invalid(fields=[FieldProblem("/residence_card_enclosed", "declaration-needed", message)])
    progress.materials_sent = True
    progress.changed_at = work.now
    progress.state = state.after_grant(progress.fee_paid, progress.materials_received, True).value
    assert application.receipt_number is not None
    work.journal(
        "application",
        application_id,
        Tag.SEND_CARD_MATERIALS,
        {"carrier": materials.carrier, "tracking_number": materials.tracking_number},
    )
    work.emit(
        CardMaterialsSent(
            application_id=application_id,
            account_id=application.account_id,
            receipt_number=application.receipt_number,
            fee_reference=materials.fee_reference,
            carrier=materials.carrier,
            tracking_number=materials.tracking_number,
            sent_at=work.now,
        )
    )
    return MaterialsSent(
        id=application_id, receipt_number=application.receipt_number, status=progress.state, sent_at=work.now
    )


_WHY_NOT_WITHDRAWN = {
    "draft": Text(
        "まだ申請していないため、取下げは不要です。", "It is not filed yet, so there is nothing to withdraw."
    ),
    "withdrawn": Text("取下げ済みです。", "It is already withdrawn."),
    "decided": Text("審査が完了しているため、取り下げられません。", "The decision is made: it cannot be withdrawn."),
}
_ALREADY_OVER = Text("手続が終了しています。", "The procedure is over.")
