"""From a paid fee to the card in its holder's hands."""

from datetime import date
from uuid import UUID

from services.review.audit import Tag
from services.review.cards import domain
from services.review.cards.store import Card, CardMaterials, CardReturn, Dispatch, is_recorded
from services.review.cases.commands.loading import event_header, load, load_of_application, officer, save
from services.review.cases.domain.refusal import Change, Wrong
from services.review.cases.domain.word_lists import check_listed
from services.review.cases.schemas import CaseBrief
from services.review.decision.commands.effect import sealed_conditions
from shared.errors import Text
from shared.events.application import CardMaterialsSent
from shared.events.review import (
    CardDelivered,
    CardIssued,
    CardMailed,
    CardMaterialsReceived,
    CardReturned,
    CounterVisitRequired,
)
from shared.ids import new_id
from shared.reference.after_grant import WITH_DESIGNATION, old_card_needed
from shared.work import Work


async def announce_materials(work: Work, sent: CardMaterialsSent) -> None:
    """Note that the envelope with the old card is on its way; the card office expects it."""
    loaded = await load_of_application(work, sent.application_id)
    materials = await work.session.get(CardMaterials, loaded.case.id)
    if materials is None:
        materials = blank_materials(loaded.case.id)
        work.session.add(materials)
    materials.carrier = sent.carrier
    materials.tracking_number = sent.tracking_number
    materials.fee_reference = sent.fee_reference
    materials.sent_at = sent.sent_at
    work.journal("case", loaded.case.id, Tag.ANNOUNCE_MATERIALS, {"carrier": sent.carrier})


async def take_materials(
    work: Work, case_id: UUID, residence_card_received: bool, *, collects: bool | None = None
) -> CaseBrief:
    """Record that the envelope with the old card arrived, announced or not; or that it was handed over at the counter,
    where `collects` says whether the new card is collected there as well."""
    loaded = await load(work, case_id)
    needed = old_card_needed(loaded.case.procedure)
    materials = await work.session.get(CardMaterials, case_id)
    received = Change(materials.received_at, materials.received_by) if materials and materials.received_at else None
    after = domain.take_materials(loaded.progress, officer(work.actor), residence_card_received, needed, received)
    await save(work, loaded, after)
    if materials is None:
        materials = blank_materials(case_id)
        work.session.add(materials)
    materials.residence_card_received = residence_card_received
    materials.received_by = work.actor_id
    materials.received_at = work.now
    if collects is not None:
        loaded.case.receipt_method = domain.AT_COUNTER if collects else domain.BY_POST
    at_counter = {} if collects is None else {"at_counter": True, "collects": collects}
    work.journal("case", case_id, Tag.TAKE_MATERIALS, at_counter)
    work.emit(CardMaterialsReceived.model_validate(event_header(loaded.case) | {"received_at": work.now}))
    return CaseBrief.of(loaded.case)


async def issue_card(work: Work, case_id: UUID, entered_number: str, expires_on: date) -> CaseBrief:
    """Record the new card. Its number stays in this service."""
    loaded = await load(work, case_id)
    after = domain.issue_card(loaded.progress, officer(work.actor))
    number = domain.read_card_number(entered_number)
    domain.check_expiry(expires_on, loaded.case.stay_until, work.today)
    if await is_recorded(work.session, number):
        raise Wrong(
            "card-number-taken",
            Text("この在留カード番号は既に登録されています", "This card number is recorded for another case already"),
            "/card_number",
        )
    await save(work, loaded, after)
    await work.session.merge(
        Card(case_id=case_id, card_number=number, expires_on=expires_on, issued_by=work.actor_id, issued_at=work.now)
    )
    work.journal("case", case_id, Tag.ISSUE_CARD, {"expires_on": expires_on})
    event = event_header(loaded.case) | {"card_expires_on": expires_on, "issued_at": work.now}
    if loaded.case.status_of_residence in WITH_DESIGNATION:
        event["conditions"] = await sealed_conditions(work, case_id)
    work.emit(CardIssued.model_validate(event))
    return CaseBrief.of(loaded.case)


async def mail(work: Work, case_id: UUID, carrier: str, tracking_number: str) -> CaseBrief:
    """Record that the card was handed to the carrier."""
    loaded = await load(work, case_id)
    after = domain.mail(loaded.progress, officer(work.actor))
    dispatch = Dispatch(
        case_id=case_id,
        carrier=domain.read_carrier(carrier),
        tracking_number=domain.read_tracking_number(tracking_number),
        mailed_by=work.actor_id,
        mailed_at=work.now,
    )
    await save(work, loaded, after)
    await work.session.merge(dispatch)
    work.journal("case", case_id, Tag.MAIL, {"carrier": dispatch.carrier, "tracking_number": dispatch.tracking_number})
    event = event_header(loaded.case) | {
        "carrier": dispatch.carrier,
        "tracking_number": dispatch.tracking_number,
        "mailed_at": work.now,
    }
    work.emit(CardMailed.model_validate(event))
    return CaseBrief.of(loaded.case)


async def require_visit(work: Work, case_id: UUID, reason_code: str, visit_by: date | None) -> CaseBrief:
    """Record that the card has to be collected at a counter."""
    loaded = await load(work, case_id)
    after = domain.require_visit(loaded.progress, officer(work.actor))
    check_listed(reason_code, domain.VISITS, "/reason_code")
    await save(work, loaded, after)
    case = loaded.case
    work.journal("case", case_id, Tag.REQUIRE_VISIT, {"reason_code": reason_code, "visit_by": visit_by})
    event = event_header(case) | {
        "office": case.office,
        "reason_code": reason_code,
        "visit_by": visit_by,
        "required_at": work.now,
    }
    work.emit(CounterVisitRequired.model_validate(event))
    return CaseBrief.of(case)


async def return_card(work: Work, case_id: UUID, kind: str) -> CaseBrief:
    """Record that the letter came back or is lost. A lost card is made again, with another number."""
    loaded = await load(work, case_id)
    after = domain.return_card(loaded.progress, officer(work.actor), kind)
    dispatch = await work.session.get(Dispatch, case_id)
    card = await work.session.get(Card, case_id)
    assert dispatch is not None
    assert card is not None
    await save(work, loaded, after)
    returned = CardReturn(
        id=new_id(),
        case_id=case_id,
        kind=kind,
        carrier=dispatch.carrier,
        tracking_number=dispatch.tracking_number,
        card_number=card.card_number if kind == "lost" else None,
        recorded_by=work.actor_id,
        recorded_at=work.now,
    )
    work.session.add(returned)
    work.journal("case", case_id, Tag.RETURN_CARD, {"kind": kind, "tracking_number": dispatch.tracking_number})
    work.emit(CardReturned.model_validate(event_header(loaded.case) | {"kind": kind, "returned_at": work.now}))
    return CaseBrief.of(loaded.case)


async def deliver(work: Work, case_id: UUID) -> CaseBrief:
    """Record that the card reached its holder."""
    loaded = await load(work, case_id)
    await save(work, loaded, domain.deliver(loaded.progress, officer(work.actor)))
    work.journal("case", case_id, Tag.DELIVER)
    work.emit(CardDelivered.model_validate(event_header(loaded.case) | {"delivered_at": work.now}))
    return CaseBrief.of(loaded.case)


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
