"""Cases, and the parts that a case waits for: a request for documents, an interview, a proposal.

Both are loaded with the case, so their tables are here and not in the wings that write them.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, MetaData, Text, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

import shared.db
from services.review.cases.domain.states import CLOSED, TRANSITIONS, State, Step
from shared.auth import Owner
from shared.db import ReadSession
from shared.db.engine import NAMING


def _listed(states: frozenset[State]) -> str:
    return ", ".join(f"'{state}'" for state in sorted(states))


# As indexes and queries both say it, word by word: only then the planner takes the index.
IS_OPEN = text(f"state NOT IN ({_listed(CLOSED)})")
IS_UNASSIGNED = text(f"examiner_id IS NULL AND state IN ({_listed(TRANSITIONS[Step.TRANSFER].sources)})")
# Nobody has them any more: given back, taken back, or come from another office.
IS_GIVEN_BACK = text(f"examiner_id IS NULL AND state IN ({_listed(TRANSITIONS[Step.TAKE].sources)})")
_OF_OPEN_CASES = (
    Index("ix_cases_open_submitted_at_id", "submitted_at", "id", postgresql_where=IS_OPEN),
    Index("ix_cases_open_office_submitted_at_id", "office", "submitted_at", "id", postgresql_where=IS_OPEN),
    Index("ix_cases_open_examiner_id_submitted_at_id", "examiner_id", "submitted_at", "id", postgresql_where=IS_OPEN),
    Index("ix_cases_unassigned", "office", "priority", "act_by", "submitted_at", "id", postgresql_where=IS_UNASSIGNED),
    Index(
        "ix_cases_open_office_state_state_since",
        *("office", "state", "state_since"),
        # What counts ask besides.
        postgresql_include=["documents_due", "fee_paid", "materials_received", "procedure"],
        postgresql_where=IS_OPEN,
    ),
    *(
        # Counts look at the state as well.
        Index(f"ix_cases_open_office_{end}", "office", end, postgresql_include=["state"], postgresql_where=IS_OPEN)
        for end in ("standard_end", "special_period_end")
    ),
    Index("ix_cases_given_back", "office", "examiner_since", postgresql_where=IS_GIVEN_BACK),
)


class Row(shared.db.Row):
    """Every table of this service."""

    __abstract__ = True
    metadata = MetaData(naming_convention=NAMING)


class Case(Row):
    """One row per application, made by ApplicationSubmitted. Names, addresses and the form itself are not kept here."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_office_state_submitted_at_id", "office", "state", "submitted_at", "id"),
        Index("ix_cases_state_submitted_at_id", "state", "submitted_at", "id"),
        Index("ix_cases_office_submitted_at_id", "office", "submitted_at", "id"),
        Index("ix_cases_submitted_at_id", "submitted_at", "id"),
        Index("ix_cases_examiner_id_submitted_at_id", "examiner_id", "submitted_at", "id"),
        Index("ix_cases_state_state_since", "state", "state_since"),
        Index("ix_cases_decided_at", "decided_at", postgresql_where=text("decided_at IS NOT NULL")),
        Index("ix_cases_person_keys", "person_keys", postgresql_using="gin"),
        *_OF_OPEN_CASES,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    application_id: Mapped[UUID] = mapped_column(unique=True)
    receipt_number: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[UUID]
    owner_id: Mapped[UUID]
    organisation_id: Mapped[UUID | None]
    # The user class of the filer; None: filed before it was kept.
    role: Mapped[str | None]
    procedure: Mapped[str]
    combined_with: Mapped[list[str]] = mapped_column(JSONB)
    status_of_residence: Mapped[str]
    category: Mapped[str | None]
    form_section: Mapped[str]
    form_version: Mapped[str]
    nationality: Mapped[str]
    office: Mapped[str]
    submitted_at: Mapped[datetime]
    legal_date: Mapped[date]
    stay_expiry: Mapped[date | None]
    special_period_end: Mapped[datetime | None]
    requested_period: Mapped[str | None]
    receipt_method: Mapped[str | None]
    document_ids: Mapped[list[str]] = mapped_column(JSONB)
    photo_id: Mapped[UUID | None]
    # The office in charge of the applicant's address now, and from when; None: that of the form.
    address_office: Mapped[str | None]
    moved_on: Mapped[date | None]
    # Keyed hashes that the cases of one person share; None: filed before they existed.
    person_keys: Mapped[list[str] | None] = mapped_column(ARRAY(Text), info={"secret": True})

    state: Mapped[str]
    state_since: Mapped[datetime]
    # The officer who brought it there; None: the applicant, the clock, or before it was kept.
    state_by: Mapped[UUID | None]
    examiner_id: Mapped[UUID | None]
    # Since when the examiner has it, or since when nobody has it any more.
    examiner_since: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    documents_due: Mapped[date | None]
    fee_yen: Mapped[int | None]
    fee_paid: Mapped[bool]
    materials_received: Mapped[bool]
    stay_until: Mapped[date | None]
    granted_period: Mapped[str | None]
    # How long the case waited for the applicant until `state_since`, and when it was decided, withdrawn or ended.
    waited_seconds: Mapped[int] = mapped_column(server_default=text("0"))
    decided_at: Mapped[datetime | None]
    # The rank of its most pressing flag, the day by which it should be decided, and the last day of the standard
    # processing period with the applicant's time apart: the order of the queue (`cases/domain/urgency.py`).
    priority: Mapped[int] = mapped_column(server_default=text("9"), info={"derived": True})
    act_by: Mapped[date | None] = mapped_column(info={"derived": True})
    standard_end: Mapped[date | None] = mapped_column(info={"derived": True})


async def count_cases(session: ReadSession) -> int:
    """The number of cases."""
    return int(await session.scalar(select(func.count()).select_from(Case)) or 0)


async def cases_behind(session: AsyncSession, after: UUID | None, count: int) -> Sequence[Case]:
    """The cases of the applications behind an id, by that id, locked against changes until the end of the
    transaction."""
    query = select(Case).order_by(Case.application_id).limit(count)
    if after is not None:
        query = query.where(Case.application_id > after)
    locked = query.with_for_update(read=True).execution_options(populate_existing=True)
    return (await session.scalars(locked)).all()


class CaseState(Row):
    """A state that a case was in, from when until when; written when the case leaves it. The present one is a column
    of the case."""

    __tablename__ = "case_states"
    __table_args__ = (Index("ix_case_states_case_id", "case_id"), Index("ix_case_states_until", "until"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    state: Mapped[str]
    since: Mapped[datetime]
    until: Mapped[datetime]


class DocumentRequest(Row):
    """A notice to submit documents (資料提出通知書): `items` is a list of {code, message}."""

    __tablename__ = "document_requests"
    __table_args__ = (Index("ix_document_requests_open", "due_on", postgresql_where=text("closed_at IS NULL")),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    due_on: Mapped[date]
    requested_by: Mapped[UUID]
    requested_at: Mapped[datetime]
    overdue_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    document_ids: Mapped[list[str]] = mapped_column(JSONB)
    # Codes of items that were answered with a reason; the words are with the application.
    not_submitted: Mapped[list[str]] = mapped_column(JSONB, server_default=text("'[]'::jsonb"))
    closed_at: Mapped[datetime | None]


class MoreTimeRequest(Row):
    """A request of the applicant for more time to submit documents; at most one waits for its answer.

    `due_on` is the new due date where the examiner agreed. `lapsed_at`: nobody has to answer it any more. The
    applicant's reason is with the application.
    """

    __tablename__ = "more_time_requests"
    __table_args__ = (
        CheckConstraint("(agreed IS NULL) = (answered_at IS NULL)", name="answered"),
        CheckConstraint("agreed IS NOT FALSE OR reason IS NOT NULL", name="declined_says_why"),
        CheckConstraint("agreed IS NOT TRUE OR due_on IS NOT NULL", name="agreed_says_until_when"),
        Index("ix_more_time_requests_case_id", "case_id"),
        Index(
            "uq_more_time_requests_waiting",
            "request_id",
            unique=True,
            postgresql_where=text("answered_at IS NULL AND lapsed_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    request_id: Mapped[UUID] = mapped_column(ForeignKey("document_requests.id"))
    wanted_on: Mapped[date]
    requested_at: Mapped[datetime]
    agreed: Mapped[bool | None]
    due_on: Mapped[date | None]
    answered_by: Mapped[UUID | None]
    answered_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    lapsed_at: Mapped[datetime | None]


class CounterBooking(Row):
    """The time at which an applicant comes to a counter: one for each case, and one case for each place of a time.

    The place is free from `released_at` on: the case was ended, or the card handed over sooner.
    """

    __tablename__ = "counter_bookings"
    __table_args__ = (
        Index(
            "uq_counter_bookings_place",
            "office",
            "starts_at",
            "place",
            unique=True,
            postgresql_where=text("released_at IS NULL"),
        ),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    office: Mapped[str]
    starts_at: Mapped[datetime]
    place: Mapped[int]
    booked_by: Mapped[UUID]
    booked_at: Mapped[datetime]
    released_at: Mapped[datetime | None]


class Interview(Row):
    """An invitation to talk to an officer (事情聴取), or a visit of officers (実態調査).

    The case waits for it until `closed_at`; one that was cancelled says why.
    """

    __tablename__ = "interviews"
    __table_args__ = (
        CheckConstraint("kind IN ('interview', 'inquiry')", name="kind"),
        CheckConstraint(
            "(cancelled_at IS NULL) = (cancelled_by IS NULL) AND (cancelled_at IS NULL) = (cancel_reason IS NULL)",
            name="cancelled",
        ),
        Index("ix_interviews_open", "held_at", postgresql_where=text("closed_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[str] = mapped_column(server_default=text("'interview'::text"))
    held_at: Mapped[datetime | None]
    place: Mapped[str | None]
    instructions: Mapped[str | None]
    requested_by: Mapped[UUID]
    requested_at: Mapped[datetime]
    moved_at: Mapped[datetime | None]
    cancelled_by: Mapped[UUID | None]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str | None]
    closed_at: Mapped[datetime | None]


class Correction(Row):
    """A correction of the application. `requested_at` is None for one that the applicant made freely; `answered_at` is
    when the examiner agreed or declined, `corrected_at` when it was made. Values are with the application."""

    __tablename__ = "corrections"
    __table_args__ = (
        CheckConstraint("(agreed IS NULL) = (answered_at IS NULL)", name="answered"),
        CheckConstraint("agreed IS NOT FALSE OR reason IS NOT NULL", name="declined_says_why"),
        Index("ix_corrections_case_id", "case_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    changed: Mapped[list[str]] = mapped_column(JSONB)
    requested_at: Mapped[datetime | None]
    agreed: Mapped[bool | None]
    answered_by: Mapped[UUID | None]
    answered_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    corrected_at: Mapped[datetime | None]


WAITS_FOR_EFFECT = "approved AND recalled_at IS NULL AND took_effect_at IS NULL"


class Proposal(Row):
    """The proposal of an examiner, with the decision of a second officer about it. An approved one takes effect at
    `effective_at`, unless it was recalled before.

    `conditions` of a grant are by code, each a choice or words. `..._person` is the key that all accounts of one human
    share, where it is known. `basis` is what the proposal rests on, to be compared later. The database refuses a
    decision by a proposer, a changed proposal and a changed decision (see the migrations).
    """

    __tablename__ = "proposals"
    __table_args__ = (
        Index("uq_proposals_case_id_open", "case_id", unique=True, postgresql_where=text("decided_at IS NULL")),
        Index(
            "uq_proposals_case_id_approved",
            "case_id",
            unique=True,
            postgresql_where=text("approved AND recalled_at IS NULL"),
        ),
        Index("ix_proposals_waiting_for_effect", "effective_at", postgresql_where=text(WAITS_FOR_EFFECT)),
        Index("ix_proposals_case_id", "case_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    outcome: Mapped[str]
    period_of_stay: Mapped[str | None]
    reentry: Mapped[str | None]
    reason_code: Mapped[str | None]
    reason: Mapped[str | None]
    conditions: Mapped[dict[str, str]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    proposed_by: Mapped[UUID]
    proposed_person: Mapped[str | None] = mapped_column(info={"secret": True})
    proposed_at: Mapped[datetime]
    basis: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    approved: Mapped[bool | None] = mapped_column(default=None)
    decided_by: Mapped[UUID | None] = mapped_column(default=None)
    decided_person: Mapped[str | None] = mapped_column(default=None, info={"secret": True})
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    note: Mapped[str | None] = mapped_column(default=None)
    effective_at: Mapped[datetime | None] = mapped_column(default=None)
    took_effect_at: Mapped[datetime | None] = mapped_column(default=None)
    recalled_by: Mapped[UUID | None] = mapped_column(default=None)
    recalled_person: Mapped[str | None] = mapped_column(default=None, info={"secret": True})
    recalled_at: Mapped[datetime | None] = mapped_column(default=None)
    recall_reason: Mapped[str | None] = mapped_column(default=None)

    @property
    def waits_for_decision(self) -> bool:
        return self.decided_at is None

    @property
    def waits_for_effect(self) -> bool:
        return self.approved is True and self.recalled_at is None and self.took_effect_at is None

    def is_due(self, now: datetime) -> bool:
        """Whether its moment has come, from which it takes effect."""
        return self.effective_at is not None and self.effective_at <= now


# Built once: putting a statement together costs more than sending it.
_PROPOSALS = select(Proposal).where(Proposal.case_id == bindparam("case")).order_by(Proposal.proposed_at, Proposal.id)
_MADE_CORRECTIONS = (
    select(Correction.id)
    .where(Correction.case_id == bindparam("case"), Correction.corrected_at.is_not(None))
    .order_by(Correction.corrected_at, Correction.id)
)


async def lock_case(session: AsyncSession, case_id: UUID) -> Case | None:
    """A case, locked until the transaction ends."""
    return await session.get(Case, case_id, with_for_update={"key_share": True})


async def lock_case_of(session: AsyncSession, application_id: UUID) -> Case | None:
    """The case of an application, locked until the transaction ends."""
    query = select(Case).where(Case.application_id == application_id).with_for_update(key_share=True)
    return (await session.scalars(query)).one_or_none()


async def case_id_of(session: ReadSession, application_id: UUID) -> UUID | None:
    """The id of the case of an application."""
    found: UUID | None = await session.scalar(select(Case.id).where(Case.application_id == application_id))
    return found


async def own_case(session: ReadSession, application_id: UUID, owner: Owner) -> Case | None:
    """The case of an application of that owner; None where it is not theirs, or not open."""
    found: Case | None = await session.scalar(select(Case).where(Case.application_id == application_id))
    return found if found is not None and is_own(found, owner) else None


def is_own(case: Case, owner: Owner) -> bool:
    """Whether the case is of an application of that owner."""
    return case.owner_id == owner.id and case.role in owner.role_codes


async def proposals_of(session: ReadSession, case_id: UUID) -> Sequence[Proposal]:
    """Every proposal of a case, oldest first."""
    found: Sequence[Proposal] = (await session.scalars(_PROPOSALS, {"case": case_id})).all()
    return found


async def made_corrections(session: ReadSession, case_id: UUID) -> Sequence[UUID]:
    """The corrections of a case that were made, oldest first."""
    found: Sequence[UUID] = (await session.scalars(_MADE_CORRECTIONS, {"case": case_id})).all()
    return found


async def open_request(session: AsyncSession, case_id: UUID) -> DocumentRequest:
    """The request for documents that a case waits for. There is one while the case has a due date."""
    query = select(DocumentRequest).where(DocumentRequest.case_id == case_id, DocumentRequest.closed_at.is_(None))
    return (await session.scalars(query)).one()


async def waiting_more_time(session: AsyncSession, request_id: UUID) -> MoreTimeRequest | None:
    """The request for more time about a request for documents that waits for its answer."""
    query = select(MoreTimeRequest).where(
        MoreTimeRequest.request_id == request_id,
        MoreTimeRequest.answered_at.is_(None),
        MoreTimeRequest.lapsed_at.is_(None),
    )
    return (await session.scalars(query)).one_or_none()


async def open_interview(session: AsyncSession, case_id: UUID) -> Interview:
    """The interview that a case is on hold for: the last one."""
    query = select(Interview).where(Interview.case_id == case_id).order_by(Interview.id.desc()).limit(1)
    return (await session.scalars(query)).one()


async def release_booking(session: AsyncSession, case_id: UUID, now: datetime) -> None:
    """Give the place at a counter back that a case has booked; a visit that has begun keeps it."""
    booking = await session.get(CounterBooking, case_id)
    if booking is not None and booking.starts_at > now:
        booking.released_at = now
