"""What approving officers do with people's accounts: look, stop, restore, end."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy import select

from services.registration.accounts.store.accounts import Account, Membership
from services.registration.audit import Tag
from services.registration.http.context import CurrentContext
from services.registration.http.fields import Input
from services.registration.http.step_up import STEP_UP
from services.registration.lifecycle.commands import account_states, memberships
from services.registration.usage_registration.api.decisions import Code
from shared.auth import Actor, Record, permit, readers
from shared.errors import NotFound
from shared.http.commands import Once
from shared.http.marks import RequestMark
from shared.work import Work

router = APIRouter(tags=["accounts of people"])
Officer = Annotated[Actor, permit(*readers(Record.ACCOUNT), kinds=("officer",))]


class ReasonInput(Input):
    """Why, as a code."""

    reason_code: Code = Field(examples=["terms_violated"])


class MembershipOf(BaseModel):
    """One membership of the account."""

    id: UUID
    organisation_id: UUID | None
    role: str
    state: str
    valid_until: date | None
    usage_registration_id: UUID


class AccountOf(BaseModel):
    """Somebody's account, as an officer sees it."""

    id: UUID
    state: str = Field(examples=["active"])
    name: str
    email: str | None
    phone: str | None
    memberships: list[MembershipOf]


@router.get("/v1/accounts/{account_id}")
async def look(account_id: UUID, officer: Officer, mark: RequestMark, context: CurrentContext) -> AccountOf:
    """The account of somebody who registered with the officer's office. The reading is journalled."""

    async def read(work: Work) -> AccountOf:
        account = await work.session.get(Account, account_id)
        if account is None or account.kind != "person":
            raise NotFound()
        await account_states.require_sight(work, account.id)
        rows = await work.session.scalars(
            select(Membership).where(Membership.account_id == account.id).order_by(Membership.id)
        )
        work.journal("account", account.id, Tag.ACCOUNT_READ)
        return AccountOf(
            id=account.id,
            state=account.state,
            name=account.name,
            email=account.email,
            phone=account.phone,
            memberships=[
                MembershipOf(
                    id=row.id,
                    organisation_id=row.organisation_id,
                    role=row.role,
                    state=row.state,
                    valid_until=row.valid_until,
                    usage_registration_id=row.usage_registration_id,
                )
                for row in rows
            ],
        )

    return await context.commands.run(officer, mark, read)


@router.post("/v1/accounts/{account_id}/suspend", responses=STEP_UP)
async def suspend(
    account_id: UUID, body: ReasonInput, officer: Officer, context: CurrentContext, once: Once
) -> account_states.AccountStanding:
    """Stop the account (利用停止): sessions end at once, the last access token within five minutes."""
    return await once(account_states.suspend, context, account_id, body.reason_code)


@router.post("/v1/accounts/{account_id}/lift", responses=STEP_UP)
async def lift(
    account_id: UUID, officer: Officer, context: CurrentContext, once: Once
) -> account_states.AccountStanding:
    """End a stop."""
    return await once(account_states.lift, context, account_id)


@router.post("/v1/accounts/{account_id}/close", responses=STEP_UP)
async def close(
    account_id: UUID, body: ReasonInput, officer: Officer, context: CurrentContext, once: Once
) -> account_states.AccountStanding:
    """End the account for good."""
    return await once(account_states.close, context, account_id, body.reason_code)


@router.post("/v1/accounts/{account_id}/memberships/{membership_id}/end", responses=STEP_UP)
async def end_membership(
    account_id: UUID,
    membership_id: UUID,
    body: ReasonInput,
    officer: Officer,
    context: CurrentContext,
    once: Once,
) -> memberships.Left:
    """End one membership, for example because the organisation told that the person left (離職)."""
    return await once(memberships.end_for, context, account_id, membership_id, body.reason_code)
