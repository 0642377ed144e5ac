"""Queries over everything that the wings wrote about a case, and over its timeline."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.review.allocation.store.assignment import Flag, Transfer, flags_of
from services.review.cards.store import Card, CardMaterials, Dispatch
from services.review.cases.domain.states import UNDECIDED
from services.review.cases.store import Case, Correction, DocumentRequest, Interview, MoreTimeRequest, Proposal
from services.review.certificates.store import Certificate
from services.review.contacts.store import UndeliveredMessage, undelivered_of
from services.review.examination.store import Examination
from services.review.payment.store.slip import FeePayment
from shared.auth import Owner
from shared.db import ReadSession
from shared.journal import journal


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Everything this service knows of a case."""

    flags: Sequence[Flag]
    transfers: Sequence[Transfer]
    corrections: Sequence[Correction]
    examinations: Sequence[Examination]
    document_requests: Sequence[DocumentRequest]
    more_time: Sequence[MoreTimeRequest]
    interviews: Sequence[Interview]
    proposals: Sequence[Proposal]
    payment: FeePayment | None
    materials: CardMaterials | None
    card: Card | None
    dispatch: Dispatch | None
    certificate: Certificate | None
    undelivered: Sequence[UndeliveredMessage]


async def case_file(session: ReadSession, case: Case) -> CaseFile:
    """The records of a case, oldest first. What only a decision in effect leads to is not looked for before."""
    case_id = case.id
    decided = case.state not in UNDECIDED

    async def all_of(table: Any) -> Sequence[Any]:
        rows = await session.scalars(select(table).where(table.case_id == case_id).order_by(table.id))
        found: Sequence[Any] = rows.all()
        return found

    async def one_of(table: Any) -> Any:
        return await session.get(table, case_id) if decided else None

    return CaseFile(
        flags=await flags_of(session, case_id),
        transfers=await all_of(Transfer),
        corrections=await all_of(Correction),
        examinations=await all_of(Examination),
        document_requests=await all_of(DocumentRequest),
        more_time=await all_of(MoreTimeRequest),
        interviews=await all_of(Interview),
        proposals=await all_of(Proposal),
        payment=await one_of(FeePayment),
        materials=await one_of(CardMaterials),
        card=await one_of(Card),
        dispatch=await one_of(Dispatch),
        certificate=await one_of(Certificate),
        undelivered=await undelivered_of(session, case_id),
    )


@dataclass(frozen=True, slots=True)
class Written:
    """Everything that officers wrote to the owner of an application, oldest first."""

    document_requests: Sequence[DocumentRequest]
    declined_corrections: Sequence[Correction]
    declined_more_time: Sequence[MoreTimeRequest]
    interviews: Sequence[Interview]
    decision: Proposal | None


async def notices_of(session: ReadSession, application_id: UUID, owner: Owner) -> Written | None:
    """The words of officers to the owner of an application; None where it is not theirs."""
    case_id = await session.scalar(
        select(Case.id).where(
            Case.application_id == application_id, Case.owner_id == owner.id, Case.role.in_(owner.role_codes)
        )
    )
    if case_id is None:
        return None
    requests = select(DocumentRequest).where(DocumentRequest.case_id == case_id)
    declined = select(Correction).where(Correction.case_id == case_id, Correction.agreed.is_(False))
    no_time = select(MoreTimeRequest).where(MoreTimeRequest.case_id == case_id, MoreTimeRequest.agreed.is_(False))
    interviews = select(Interview).where(Interview.case_id == case_id)
    return Written(
        document_requests=(await session.scalars(requests.order_by(DocumentRequest.requested_at))).all(),
        declined_corrections=(await session.scalars(declined.order_by(Correction.answered_at))).all(),
        declined_more_time=(await session.scalars(no_time.order_by(MoreTimeRequest.answered_at))).all(),
        interviews=(await session.scalars(interviews.order_by(Interview.requested_at))).all(),
        # Not before it took effect: until then nobody outside knows of it.
        decision=await session.scalar(
            select(Proposal).where(Proposal.case_id == case_id, Proposal.took_effect_at.is_not(None))
        ),
    )


async def timeline(session: ReadSession, case_id: UUID, without: frozenset[str]) -> Sequence[Any]:
    """The journal rows of a case in order, except those with the actions `without`."""
    columns = (journal.c.version, journal.c.action, journal.c.actor_kind, journal.c.actor_id, journal.c.at)
    rows = select(*columns, journal.c.detail).where(journal.c.aggregate_id == case_id, journal.c.action.not_in(without))
    found: Sequence[Any] = (await session.execute(rows.order_by(journal.c.version))).all()
    return found
