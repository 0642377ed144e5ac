"""Card materials: the fee and the old card, on their way to the card office after a grant."""

from uuid import UUID

from services.application.audit import Tag
from services.application.progress import domain as state
from services.application.progress import store
from services.application.progress.domain import Materials
from services.application.progress.schemas import MaterialsSent
from services.application.tables import Progress
from shared.auth import Owner
from shared.errors import Conflict, FieldProblem, Invalid, Text
from shared.events.application import CardMaterialsSent
from shared.reference.after_grant import leads_to_card, old_card_needed
from shared.work import Work


async def send_card_materials(work: Work, application_id: UUID, materials: Materials) -> MaterialsSent:
    """Record that the fee and the old card are on their way. Raises `Conflict` unless the application is granted."""
    application = await store.own(work.session, application_id, Owner.of(work.actor))
    progress = await work.session.get(Progress, application_id, with_for_update=True)
    if application.state != state.State.DECIDED or progress is None or progress.outcome != "granted":
        raise Conflict(
            Text("許可後に送付してください。", "Send these only after the permission is granted."), code="not-granted"
        )
    if not leads_to_card(application.procedure):
        raise Conflict(
            Text("この手続では、送付するものはありません。", "Nothing is to be sent in this procedure."), code="no-card"
        )
    if progress.materials_sent:
        raise Conflict(Text("発送は登録済みです。", "The dispatch is already recorded."), code="already-sent")
    if old_card_needed(application.procedure) and not materials.residence_card_enclosed:
        message = Text("現在の在留カードを同封してください", "Enclose the present residence card")
        raise Invalid(fields=[FieldProblem("/residence_card_enclosed", "declaration-needed", message)])
    progress.materials_sent = True
    progress.changed_at = work.now
    progress.state = state.after_grant(
        application.procedure, progress.fee_yen, progress.fee_paid, progress.materials_received, True
    ).value
    application.reported = progress.state
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
