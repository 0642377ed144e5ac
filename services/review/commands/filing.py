"""What the applicant's side does: filing opens a case; later events are noted in it."""

from uuid import UUID

from services.review.audit import Tag
from services.review.commands.loading import Loaded, by_application, save
from services.review.domain import flow
from services.review.domain.states import TRANSITIONS, State, Step
from services.review.store import CardMaterials, Case, DocumentRequest
from shared.events.application import (
    AdditionalDocumentsSubmitted,
    ApplicationCorrected,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    CardMaterialsSent,
)
from shared.ids import new_id
from shared.messaging import NotYet
from shared.work import Work


class UnknownRequest(LookupError):
    """Documents came for a request that this case never had."""


async def open_case(work: Work, filed: ApplicationSubmitted) -> None:
    """Make the case of an application; a second ApplicationSubmitted for it changes nothing."""
    if await by_application(work, filed.application_id) is not None:
        return
    case = Case(
        id=new_id(),
        application_id=filed.application_id,
        receipt_number=filed.receipt_number,
        account_id=filed.account_id,
        owner_id=filed.owner_id,
        organisation_id=filed.organisation_id,
        procedure=filed.procedure,
        combined_with=list(filed.combined_with),
        status_of_residence=filed.status_of_residence,
        category=filed.category,
        form_section=filed.form_section,
        form_version=filed.form_version,
        nationality=filed.nationality,
        office=filed.office,
        submitted_at=filed.submitted_at,
        legal_date=filed.legal_date,
        stay_expiry=filed.stay_expiry,
        special_period_end=filed.special_period_end,
        requested_period=filed.requested_period,
        receipt_method=filed.receipt_method,
        document_ids=_texts(filed.document_ids),
        photo_id=filed.photo_id,
        person_keys=list(filed.person_keys),
        state=State.RECEIVED,
        state_since=work.now,
        examiner_id=None,
        started_at=None,
        documents_due=None,
        fee_yen=None,
        fee_paid=False,
        materials_received=False,
        stay_until=None,
        granted_period=None,
    )
    work.session.add(case)
    work.journal("case", case.id, Tag.OPEN, {"receipt_number": case.receipt_number})


async def correct(work: Work, corrected: ApplicationCorrected) -> None:
    """Note a correction: the documents and the wish that hold from now on."""
    loaded = await _case(work, corrected.application_id)
    case = loaded.case
    in_time = loaded.progress.state in TRANSITIONS[Step.CORRECT].sources
    if in_time:
        case.form_version = corrected.form_version
        case.requested_period = corrected.requested_period
        case.document_ids = _texts(corrected.document_ids)
        case.photo_id = corrected.photo_id
    work.journal("case", case.id, Tag.CORRECT, {"changed": list(corrected.changed), "in_time": in_time})


async def withdraw(work: Work, withdrawn: ApplicationWithdrawn) -> None:
    """Close the case; a withdrawal that arrives after the decision is only noted, as the decision stands."""
    loaded = await _case(work, withdrawn.application_id)
    after = flow.withdraw(loaded.progress)
    tag = Tag.WITHDRAW if after.state is State.WITHDRAWN else Tag.WITHDRAW_LATE
    await save(work, loaded, after)
    work.journal("case", loaded.case.id, tag, {"reason_code": withdrawn.reason_code})


async def take_documents(work: Work, submitted: AdditionalDocumentsSubmitted) -> None:
    """Note that requested documents came, in time or late; the case goes on where it still can."""
    loaded = await _case(work, submitted.application_id)
    request = await work.session.get(DocumentRequest, submitted.request_id)
    if request is None or request.case_id != loaded.case.id:
        raise UnknownRequest(f"request {submitted.request_id} is not one of case {loaded.case.id}")
    in_time = request.overdue_at is None
    request.answered_at = request.answered_at or submitted.submitted_at
    request.closed_at = request.closed_at or work.now
    request.document_ids = list(dict.fromkeys([*request.document_ids, *_texts(submitted.document_ids)]))
    loaded.case.document_ids = list(dict.fromkeys([*loaded.case.document_ids, *_texts(submitted.document_ids)]))
    # Documents for an older request must not end the wait for the newer one.
    if loaded.request is None or loaded.request.id == request.id:
        await save(work, loaded, flow.take_documents(loaded.progress))
    work.journal("case", loaded.case.id, Tag.TAKE_DOCUMENTS, {"request_id": request.id, "in_time": in_time})


async def announce_materials(work: Work, sent: CardMaterialsSent) -> None:
    """Note that the envelope with the old card is on its way; the card office expects it."""
    loaded = await _case(work, sent.application_id)
    materials = await work.session.get(CardMaterials, loaded.case.id)
    if materials is None:
        materials = blank_materials(loaded.case.id)
        work.session.add(materials)
    materials.carrier = sent.carrier
    materials.tracking_number = sent.tracking_number
    materials.fee_reference = sent.fee_reference
    materials.sent_at = sent.sent_at
    work.journal("case", loaded.case.id, Tag.ANNOUNCE_MATERIALS, {"carrier": sent.carrier})


def blank_materials(case_id: UUID) -> CardMaterials:
    """Materials of which nothing is known yet."""
    return CardMaterials(
        case_id=case_id,
        carrier=None,
        tracking_number=None,
        fee_reference=None,
        sent_at=None,
        residence_card_received=None,
        received_by=None,
        received_at=None,
    )


async def _case(work: Work, application_id: UUID) -> Loaded:
    loaded = await by_application(work, application_id)
    if loaded is None:
        raise NotYet(f"the case of application {application_id} is not open yet")
    return loaded


def _texts(ids: tuple[UUID, ...]) -> list[str]:
    return [str(each) for each in ids]
