"""Memberships: for whom a person may act, in which role, and what that role may file."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from services.registration.accounts.domain.account_life import report_days
from services.registration.http.context import CurrentContext
from services.registration.http.fields import Input
from services.registration.lifecycle.commands import memberships
from services.registration.lifecycle.schemas.memberships import ActingFor, Left
from services.registration.lifecycle.store import memberships as store
from shared.auth import Actor, permit
from shared.clock import legal_date
from shared.http.commands import Once
from shared.reference.codes import Procedure
from shared.reference.rights import may_file

router = APIRouter(tags=["memberships"])
Person = Annotated[Actor, permit(kinds=("person",))]


class MembershipLine(BaseModel):
    """One organisation and role; each was applied for and approved on its own."""

    id: UUID
    organisation_id: UUID | None
    organisation_name: str | None
    role: str = Field(examples=["rso_staff"])
    state: str = Field(examples=["active"])
    valid_from: date | None
    valid_until: date | None
    report_opens_on: date | None = Field(description="from when the periodic report can be submitted")
    report_due_on: date | None
    usage_registration_id: UUID
    receipt_number: str | None
    registration_status: str | None = Field(examples=["approved"])
    pledged: list[dict[str, str]] = Field(description="organisations that the pledge covers")
    active: bool = Field(description="this session acts under it")


class Memberships(BaseModel):
    """All memberships of the caller."""

    items: list[MembershipLine]


class SwitchInput(Input):
    """The membership under which the session goes on."""

    membership_id: UUID


class Right(BaseModel):
    """Whether a role may file a procedure, as far as role, procedure and status decide it."""

    role: str = Field(examples=["org_staff"])
    procedure: str = Field(examples=["EXTEND"])
    may_file: bool


class Rights(BaseModel):
    """The rights of the roles of this session."""

    day: date
    lapsed: bool = Field(description="the registration is over: nothing can be filed, whatever the table says")
    rights: list[Right]


@router.get("/v1/accounts/me/memberships")
async def mine(caller: Person, context: CurrentContext) -> Memberships:
    """My memberships, active or applied for, the newest last; to an API client, for whom it acts."""
    assert caller.id is not None
    today = legal_date(context.clock.now())
    async with context.db.read() as session:
        items = []
        for membership, organisation, registration in await store.visible(session, caller.id, caller):
            opens_on, due_on = report_days(membership.role, membership.valid_until, today)
            items.append(
                MembershipLine(
                    id=membership.id,
                    organisation_id=membership.organisation_id,
                    organisation_name=organisation.name if organisation else None,
                    role=membership.role,
                    state=membership.state,
                    valid_from=membership.valid_from,
                    valid_until=membership.valid_until,
                    report_opens_on=opens_on,
                    report_due_on=due_on,
                    usage_registration_id=membership.usage_registration_id,
                    receipt_number=registration.receipt_number if registration else None,
                    registration_status=registration.status if registration else None,
                    pledged=(registration.pledged if registration else None) or [],
                    active=membership.organisation_id == caller.organisation_id
                    and membership.role in {role.value for role in caller.roles},
                )
            )
    return Memberships(items=items)


@router.post("/v1/accounts/me/active-membership")
async def switch(body: SwitchInput, caller: Person, once: Once) -> ActingFor:
    """Let this session act under another membership: the next access token carries its role and organisation."""
    return await once(memberships.switch, body.membership_id)


@router.post("/v1/accounts/me/memberships/{membership_id}/leave")
async def leave(membership_id: UUID, caller: Person, context: CurrentContext, once: Once) -> Left:
    """Leave (離職): the membership ends at once; the account too, where it was the last one."""
    return await once(memberships.leave, context, membership_id)


@router.get("/v1/accounts/me/rights")
async def rights(caller: Person, context: CurrentContext, status: str | None = None) -> Rights:
    """The procedures that the roles of this session may file, for a (wanted) status of residence where one is given.

    Conditions on the applicant (age, illness) are asked when the application is there.
    """
    today = legal_date(context.clock.now())
    return Rights(
        day=today,
        lapsed=caller.lapsed,
        rights=[
            Right(
                role=role,
                procedure=procedure.value,
                may_file=may_file(role, procedure.value, today, status=status, unable=True),
            )
            for role in sorted(caller.roles)
            for procedure in Procedure
        ],
    )
