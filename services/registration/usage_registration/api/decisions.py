"""Usage registrations (利用申出) from the officer's side, and the applicant's view of their own."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from services.registration.accounts.schemas.answers import Decided
from services.registration.http.context import CurrentContext
from services.registration.http.fields import Input, LongText
from services.registration.usage_registration.commands import registration_decisions, usage_registration_views
from services.registration.usage_registration.commands.decisions import Item
from services.registration.usage_registration.domain.usage_registration import Requirements, Status
from shared.auth import Actor, Record, permit, readers, scope_of
from shared.clock import legal_date
from shared.http import Page, PageQuery
from shared.http.commands import EachTime, Once

router = APIRouter(tags=["usage registrations"])
Officer = Annotated[Actor, permit(*readers(Record.USAGE_REGISTRATION), kinds=("officer",))]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,79}$")]


class ListedUsageRegistration(BaseModel):
    """One line of the list of usage registrations."""

    id: UUID
    receipt_number: str = Field(examples=["東利申26-000123-5"])
    status: Status
    role: str = Field(examples=["org_staff"])
    office: str = Field(examples=["TYO"])
    organisation_id: UUID | None
    organisation_name: str | None
    category: str | None = Field(examples=["CAT3"])
    submitted_at: datetime
    valid_until: date | None


Confirmed = Annotated[bool | None, Field(strict=True)]


class RequirementsInput(Input):
    """What the officer confirmed; approval needs all that are asked of the user class (`…/requirements` lists them)."""

    agent_requirements: Confirmed = None
    notifications_made: Confirmed = None
    pledge_submitted: Confirmed = None
    stable_business: Confirmed = None
    agent_certificate: Confirmed = None
    notice_certificate: Confirmed = None
    representation_proved: Confirmed = None
    kinship_proved: Confirmed = None
    inability_proved: Confirmed = None


class ApprovalInput(Input):
    """An approval."""

    requirements: RequirementsInput
    note: LongText | None = None


class ItemInput(Input):
    """One thing to mend."""

    code: Code = Field(examples=["UA_PLEDGE"])
    message: LongText = Field(examples=["誓約書に日付がありません。"])


class ReturnInput(Input):
    """What the applicant has to mend."""

    items: Annotated[list[ItemInput], Field(min_length=1, max_length=50)]


class RejectionInput(Input):
    """Why it is refused."""

    reason_code: Code = Field(examples=["requirements_not_met"])
    reason: LongText = Field(examples=["申請等取次者の承認要件を満たしていません。"])


@router.get("/v1/usage-registrations")
async def list_registrations(
    officer: Officer, context: CurrentContext, paging: PageQuery, status: Status | None = None
) -> Page[ListedUsageRegistration]:
    """Usage registrations of the officer's office, the longest waiting first. No personal data, so not journalled."""
    after = paging.after(datetime, UUID)
    async with context.db.read() as session:
        scope = scope_of(officer, Record.USAGE_REGISTRATION)
        rows = await usage_registration_views.page(
            session, scope, status, (after[0], after[1]) if after else None, paging.limit + 1
        )
    return paging.page([ListedUsageRegistration(**row) for row in rows], key=lambda item: (item.submitted_at, item.id))


@router.get("/v1/usage-registrations/{registration_id}")
async def read_registration(
    registration_id: UUID, caller: Annotated[Actor, permit()], run: EachTime
) -> usage_registration_views.RegistrationView:
    """One usage registration: for the approving officers of its office (journalled), and for its applicant."""
    return await run(usage_registration_views.read, registration_id)


@router.get("/v1/usage-registrations/{registration_id}/requirements")
async def requirements_of(
    registration_id: UUID, officer: Officer, context: CurrentContext
) -> list[usage_registration_views.RequirementView]:
    """The checklist for this usage registration, with what was confirmed so far. No personal data."""
    async with context.db.read() as session:
        return await usage_registration_views.checklist(
            session, officer, registration_id, legal_date(context.clock.now())
        )


@router.post("/v1/usage-registrations/{registration_id}/approve")
async def approve(
    registration_id: UUID, body: ApprovalInput, officer: Officer, context: CurrentContext, once: Once
) -> Decided:
    """Approve: the link to set a password goes out by mail."""
    requirements = Requirements(**body.requirements.model_dump())
    return await once(registration_decisions.approve, context, registration_id, requirements, body.note)


@router.post("/v1/usage-registrations/{registration_id}/return")
async def send_back(
    registration_id: UUID, body: ReturnInput, officer: Officer, context: CurrentContext, once: Once
) -> Decided:
    """Send it back to be mended (差戻し)."""
    items = [Item(item.code, item.message) for item in body.items]
    return await once(registration_decisions.send_back, context, registration_id, items)


@router.post("/v1/usage-registrations/{registration_id}/reject")
async def reject(
    registration_id: UUID, body: RejectionInput, officer: Officer, context: CurrentContext, once: Once
) -> Decided:
    """Refuse it (不承認)."""
    return await once(registration_decisions.reject, context, registration_id, body.reason_code, body.reason)
