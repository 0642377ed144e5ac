"""A case: what was filed, as far as examination needs it, and where it stands."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, MetaData, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

import shared.db
from shared.db.engine import NAMING


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
        Index("ix_cases_person_keys", "person_keys", postgresql_using="gin"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    application_id: Mapped[UUID] = mapped_column(unique=True)
    receipt_number: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[UUID]
    owner_id: Mapped[UUID]
    organisation_id: Mapped[UUID | None]
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
    # Keyed hashes that the cases of one person share; None: filed before they were told.
    person_keys: Mapped[list[str] | None] = mapped_column(ARRAY(Text), info={"secret": True})

    state: Mapped[str]
    state_since: Mapped[datetime]
    examiner_id: Mapped[UUID | None]
    started_at: Mapped[datetime | None]
    documents_due: Mapped[date | None]
    fee_yen: Mapped[int | None]
    fee_paid: Mapped[bool]
    materials_received: Mapped[bool]
    stay_until: Mapped[date | None]
    granted_period: Mapped[str | None]
