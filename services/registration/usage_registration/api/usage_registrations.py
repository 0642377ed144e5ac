"""Usage registrations (利用申出) from the officer's side, and the applicant's view of their own."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from services.registration.http.context import CurrentContext
from services.registration.usage_registration.api.decisions import DecisionRoutes, decision_routes
from services.registration.usage_registration.commands import registration_decisions, usage_registration_views
from services.registration.usage_registration.domain.usage_registration import Status
from services.registration.usage_registration.schemas.usage_registration_views import RegistrationView, RequirementView
from shared.auth import Actor, Record, permit, readers
from shared.clock import legal_date

router = APIRouter(tags=["usage registrations"])
Officer = Annotated[Actor, permit(*readers(Record.USAGE_REGISTRATION), kinds=("officer",))]


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


decision_routes(
    router,
    "/v1/usage-registrations",
    "registration",
    registration_decisions.DECISIONS,
    DecisionRoutes(
        line=ListedUsageRegistration,
        view=RegistrationView,
        queue="Usage registrations of the officer's office, the longest waiting first. No personal data, so not"
        " journalled.",
        read="One usage registration: for the approving officers of its office (journalled), and for its applicant.",
        approve="Approve: the link to set a password goes out by mail.",
        reject="Refuse it (不承認).",
    ),
)


@router.get("/v1/usage-registrations/{registration_id}/requirements")
async def requirements_of(registration_id: UUID, officer: Officer, context: CurrentContext) -> list[RequirementView]:
    """The checklist for this usage registration, with what was confirmed so far. No personal data."""
    async with context.db.read() as session:
        return await usage_registration_views.checklist(
            session, officer, registration_id, legal_date(context.clock.now())
        )
