"""Periodic reports (定期報告): submitting, the officer's queue, deciding."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Discriminator, Field, Tag

from services.registration.accounts.store import organisations
from services.registration.authentication.api.dependencies import CurrentSigning
from services.registration.http.context import CurrentContext
from services.registration.http.fields import Accepted, Day, Input
from services.registration.usage_registration.api.decisions import DecisionRoutes, decision_routes
from services.registration.usage_registration.api.submissions import (
    AgreedVersion,
    PledgedInput,
    code_or_file,
    submitted_document,
)
from services.registration.usage_registration.commands import (
    periodic_reports,
    report_decisions,
    upload_tokens,
)
from services.registration.usage_registration.commands.submissions import PledgedOrganisation
from services.registration.usage_registration.domain.submitted_document import MAX_FILES
from services.registration.usage_registration.domain.usage_registration import Status
from services.registration.usage_registration.schemas.periodic_report_views import ReportView
from services.registration.usage_registration.schemas.periodic_reports import ReportDue, ReportSubmitted
from services.registration.usage_registration.schemas.upload_tokens import UploadToken
from shared.auth import Actor, Role, permit
from shared.clock import legal_date
from shared.http.commands import Once
from shared.reference.codes import Category

router = APIRouter(tags=["periodic reports"])
_MEMBERS = (Role.ORG_STAFF, Role.SUPERVISING_ORG_STAFF, Role.PUBLIC_INTEREST_STAFF, Role.RSO_STAFF)
Member = Annotated[Actor, permit(*_MEMBERS, kinds=("person",))]
RoleName = Literal["org_staff", "supervising_org_staff", "public_interest_staff", "rso_staff"]


ReportDocumentCode = Literal[
    "UA_CHECK",
    "UA_REPORT",
    "UA_USERLIST",
    "UA_PLEDGE",
    "UA_PLEDGE_LIST",
    "UA_PLEDGE_BY_USER",
    "UA_AGENT_CERT",
    "UA_CATEGORY",
]


class ReportFile(Input):
    """A document. With `document_id` it is that file of the document service; without, it comes on paper."""

    code: ReportDocumentCode = Field(examples=["UA_REPORT"])
    document_id: UUID | None = None


ReportDocument = Annotated[
    Annotated[ReportDocumentCode, Tag("code")] | Annotated[ReportFile, Tag("file")],
    Discriminator(code_or_file),
]


class ReportInput(Input):
    """A periodic report. `role` says for which role, where the reporter holds several."""

    role: RoleName | None = None
    category: Category = Field(description="the category that the documents prove")
    documents: Annotated[list[ReportDocument], Field(max_length=MAX_FILES)]
    pledged_organisations: Annotated[list[PledgedInput], Field(max_length=500)] = Field(default_factory=list)
    pledge_accepted: Accepted
    pledge_version: Day | None = AgreedVersion

    def report(self) -> periodic_reports.Report:
        """The same as the command takes it."""
        return periodic_reports.Report(
            role=self.role,
            category=self.category.value,
            documents=[submitted_document(one) for one in self.documents],
            pledged=[PledgedOrganisation(**one.model_dump()) for one in self.pledged_organisations],
            agreed={"pledge": self.pledge_version},
        )


class ReportUploadInput(Input):
    """For which role files are sent, where the reporter holds several."""

    role: RoleName | None = None


class ListedPeriodicReport(BaseModel):
    """One line of the queue."""

    id: UUID
    receipt_number: str = Field(examples=["東定報29-000012-7"])
    status: Status
    role: str = Field(examples=["org_staff"])
    office: str = Field(examples=["TYO"])
    organisation_id: UUID
    organisation_name: str
    category: str = Field(examples=["CAT4"])
    submitted_at: datetime
    term_ends: date


@router.get("/v1/periodic-reports/due")
async def due(caller: Member, context: CurrentContext, role: RoleName | None = None) -> ReportDue:
    """The next periodic report of the organisation for which one acts: its days and documents."""
    today = legal_date(context.clock.now())
    async with context.db.read() as session:
        known = caller.organisation_id and await organisations.category_on(session, caller.organisation_id, today)
        return await periodic_reports.due(session, caller, role, known.category if known else None, today)


@router.post("/v1/periodic-reports", status_code=201)
async def submit(body: ReportInput, caller: Member, context: CurrentContext, once: Once) -> ReportSubmitted:
    """Submit the organisation's report, once for each role and term, by any one member."""
    return await once(periodic_reports.submit, context, body.report())


@router.post("/v1/periodic-reports/upload-token")
async def upload_token(
    body: ReportUploadInput, caller: Member, context: CurrentContext, signing: CurrentSigning
) -> UploadToken:
    """A token of five minutes with which the documents of the report are sent to `/v1/documents`.

    Every member who acts in the role sees and submits the files that were sent with it.
    """
    return await upload_tokens.for_report(context, signing, caller, body.role)


@router.post("/v1/periodic-reports/{report_id}/resubmit")
async def resubmit(
    report_id: UUID, body: ReportInput, caller: Member, context: CurrentContext, once: Once
) -> ReportSubmitted:
    """Submit again what was returned."""
    return await once(periodic_reports.resubmit, context, report_id, body.report())


decision_routes(
    router,
    "/v1/periodic-reports",
    "report",
    report_decisions.DECISIONS,
    DecisionRoutes(
        line=ListedPeriodicReport,
        view=ReportView,
        queue="Periodic reports of the officer's office, the longest waiting first. No personal data, so not"
        " journalled.",
        read="One report: for the approving officers of its office (journalled), and for the organisation's members.",
        approve="Accept it: the organisation's registrations in the role go on for another term.",
        reject="Refuse it.",
    ),
)
