"""A person's own account."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from services.registration.accounts.store import accounts, organisations
from services.registration.http.context import CurrentContext
from services.registration.lifecycle.store import memberships
from shared.auth import Actor, permit
from shared.clock import legal_date
from shared.errors import NotFound

router = APIRouter(tags=["accounts"])


class MembershipView(BaseModel):
    """One organisation and role for which the person may act, or has asked to."""

    organisation_id: UUID | None
    organisation_name: str | None
    category: str | None = Field(description="own category of the organisation", examples=["CAT3"])
    treated_as: str | None = Field(description="category whose documents are asked", examples=["CAT2"])
    role: str = Field(examples=["org_staff"])
    state: str = Field(examples=["active"])
    valid_until: date | None


class AccountView(BaseModel):
    """One's own account."""

    id: UUID
    kind: str = Field(examples=["person"])
    login_id: str | None = Field(examples=["ZR-7K3M-9QXT"])
    name: str
    email: str | None
    phone: str | None
    language: str
    office: str | None
    roles: list[str] = Field(description="in this session")
    organisation_id: UUID | None = Field(description="for whom the person acts in this session")
    memberships: list[MembershipView]


@router.get("/v1/accounts/me")
async def me(
    caller: Annotated[Actor, permit(kinds=("person", "officer"), enrolling=True)], context: CurrentContext
) -> AccountView:
    """My account, and for whom I may act."""
    today = legal_date(context.clock.now())
    async with context.db.read() as session:
        account = caller.id and await accounts.account(session, caller.id)
        if not account:
            raise NotFound()
        views = []
        for membership, organisation, _ in await memberships.visible(session, account.id, caller):
            category = organisation and await organisations.category_on(session, organisation.id, today)
            views.append(
                MembershipView(
                    organisation_id=membership.organisation_id,
                    organisation_name=organisation.name if organisation else None,
                    category=category.category if category else None,
                    treated_as=category.treated_as if category else None,
                    role=membership.role,
                    state=membership.state,
                    valid_until=membership.valid_until,
                )
            )
    return AccountView(
        id=account.id,
        kind=account.kind,
        # It is half of how they sign in.
        login_id=account.login_id if caller.scopes is None else None,
        name=account.name,
        email=account.email,
        phone=account.phone,
        language=account.language,
        office=account.office,
        roles=sorted(caller.roles),
        organisation_id=caller.organisation_id,
        memberships=views,
    )
