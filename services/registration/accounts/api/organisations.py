"""Organisations (機関): their details, their approvals, and their category with its history and proof."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from services.registration.accounts.store import accounts, organisations
from services.registration.accounts.store.organisations import Organisation
from services.registration.http.context import CurrentContext
from services.registration.http.fields import CorporateNumber
from shared.auth import Actor, Record, permit, readers, sees
from shared.auth.actor import APPLICANT_ROLES
from shared.clock import legal_date
from shared.db import ReadSession
from shared.errors import NotFound

router = APIRouter(tags=["organisations"])
ReadingOfficer = Annotated[Actor, permit(*readers(Record.ORGANISATION), kinds=("officer",))]
Member = Annotated[Actor, permit(*APPLICANT_ROLES)]
Reader = Annotated[Actor, permit(*readers(Record.ORGANISATION), *APPLICANT_ROLES)]


class ApprovalView(BaseModel):
    """That the organisation may use the system in a role."""

    role: str = Field(examples=["org_staff"])
    valid_from: date
    valid_until: date


class CategoryView(BaseModel):
    """One entry of the category's history. The last four are for officers, where one recorded proof."""

    number: int
    category: str = Field(examples=["CAT3"])
    treated_as: str = Field(description="category whose documents are asked", examples=["CAT2"])
    valid_from: date
    reason: str = Field(examples=["usage_registration_approved"])
    recorded_at: datetime
    recorded_by: UUID | None = None
    listed_or_public: bool | None = None
    withholding_yen: int | None = None
    note: str | None = None


class Colleague(BaseModel):
    """An account that may act for the organisation today."""

    account_id: UUID
    name: str = Field(examples=["見本 花子"])
    roles: list[str] = Field(examples=[["org_staff"]])
    you: bool


class OrganisationView(BaseModel):
    """An organisation as it is known."""

    id: UUID
    corporate_number: str = Field(examples=["4011001098993"])
    name: str = Field(examples=["株式会社見本"])
    address: str
    postal_code: str
    prefecture: str
    capital_yen: int
    employees: int
    confirmed_at: datetime | None = Field(description="when an officer last approved these details")
    approvals: list[ApprovalView]
    category: CategoryView | None = Field(description="the entry that holds today")
    category_history: list[CategoryView] = Field(description="the newest first")


@router.get("/v1/organisations")
async def find(
    officer: ReadingOfficer,
    context: CurrentContext,
    corporate_number: Annotated[CorporateNumber, Query(examples=["4011001098993"])],
) -> list[OrganisationView]:
    """The organisation of a corporate number (法人番号); an empty list where the officer's office has none such."""
    today = legal_date(context.clock.now())
    async with context.db.read() as session:
        found = await organisations.with_number(session, corporate_number)
        if found is None or not sees(officer, Record.ORGANISATION, organisations.office_of(found, today)):
            return []
        return [await _view(session, found, today, whole=True)]


@router.get("/v1/organisations/{organisation_id}")
async def read(organisation_id: UUID, caller: Reader, context: CurrentContext) -> OrganisationView:
    """One organisation: for officers of its office, and for those who act for it. It names no person."""
    today = legal_date(context.clock.now())
    async with context.db.read() as session:
        found = await organisations.organisation(session, organisation_id)
        officer = found is not None and sees(caller, Record.ORGANISATION, organisations.office_of(found, today))
        if found is None or not (officer or caller.organisation_id == organisation_id):
            raise NotFound()
        return await _view(session, found, today, whole=officer)


@router.get("/v1/organisations/{organisation_id}/colleagues")
async def list_colleagues(organisation_id: UUID, caller: Member, context: CurrentContext) -> list[Colleague]:
    """The people who may act for one's own organisation today, by name: to them an application can be handed over."""
    if caller.organisation_id != organisation_id:
        raise NotFound()
    async with context.db.read() as session:
        found = await accounts.colleagues(session, organisation_id, legal_date(context.clock.now()))
    return [
        Colleague(account_id=account.id, name=account.name, roles=sorted(roles), you=account.id == caller.account_id)
        for account, roles in found
    ]


async def _view(session: ReadSession, row: Organisation, today: date, *, whole: bool) -> OrganisationView:
    holds = await organisations.category_on(session, row.id, today)
    history = [_category(entry, whole=whole) for entry in await organisations.category_history(session, row.id)]
    approvals: Sequence[Any] = await organisations.approvals(session, row.id)
    return OrganisationView(
        **{name: getattr(row, name) for name in OrganisationView.model_fields if name in _COLUMNS},
        approvals=[
            ApprovalView(role=one.role, valid_from=one.valid_from, valid_until=one.valid_until) for one in approvals
        ],
        category=_category(holds, whole=whole) if holds else None,
        category_history=history,
    )


_COLUMNS = frozenset(Organisation.__table__.columns.keys())
_FOR_OFFICERS = frozenset({"recorded_by", "listed_or_public", "withholding_yen", "note"})


def _category(entry: Any, *, whole: bool) -> CategoryView:
    shown = [name for name in CategoryView.model_fields if whole or name not in _FOR_OFFICERS]
    return CategoryView(**{name: getattr(entry, name) for name in shown})
