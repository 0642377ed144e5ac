"""Periodic reports (定期報告): handing in, the officer's queue, deciding."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Discriminator, Field, Tag

from services.registration.accounts.schemas.answers import Decided
from services.registration.accounts.store import organisations
from services.registration.authentication.api.dependencies import CurrentSigning
from services.registration.http.context import CurrentContext
from services.registration.http.fields import Accepted, Day, Input
from services.registration.usage_registration.api.decisions import ApprovalInput, RejectionInput, ReturnInput
from services.registration.usage_registration.api.submissions import (
    AgreedVersion,
    PledgedInput,
    code_or_file,
    handed_in,
)
from services.registration.usage_registration.commands import (
    periodic_report_views,
    periodic_reports,
    report_decisions,
    upload_tokens,
)
from services.registration.usage_registration.commands.decisions import Item
from services.registration.usage_registration.commands.submissions import PledgedOrganisation
from services.registration.usage_registration.domain.submitted_document import MAX_FILES
from services.registration.usage_registration.domain.usage_registration import Requirements, Status
from shared.auth import Actor, Record, Role, permit, readers, scope_of
from shared.clock import legal_date
from shared.http import Page, PageQuery
from shared.http.commands import EachTime, Once
from shared.reference.codes import Category

router = APIRouter(tags=["periodic reports"])
Officer = Annotated[Actor, permit(*readers(Record.PERIODIC_REPORT), kinds=("officer",))]
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


class ReportHandedInAs(Input):
    """A document. With `document_id` it is that file of the document service; without, it comes on paper."""

    code: ReportDocumentCode = Field(examples=["UA_REPORT"])
    document_id: UUID | None = None


ReportDocument = Annotated[
    Annotated[ReportDocumentCode, Tag("code")] | Annotated[ReportHandedInAs, Tag("file")],
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
            documents=[handed_in(one) for one in self.documents],
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
async def due(caller: Member, context: CurrentContext, role: RoleName | None = None) -> periodic_reports.ReportDue:
    """When the organisation for which one acts reports next, and what it hands in."""
    today = legal_date(context.clock.now())
    async with context.db.read() as session:
        known = caller.organisation_id and await organisations.category_on(session, caller.organisation_id, today)
        return await periodic_reports.due(session, caller, role, known.category if known else None, today)


@router.post("/v1/periodic-reports", status_code=201)
async def submit(
    body: ReportInput, caller: Member, context: CurrentContext, once: Once
) -> periodic_reports.ReportSubmitted:
    """Hand in the organisation's report, once for each role and term, by any one member."""
    return await once(periodic_reports.submit, context, body.report())


@router.post("/v1/periodic-reports/upload-token")
async def upload_token(
    body: ReportUploadInput, caller: Member, context: CurrentContext, signing: CurrentSigning
) -> upload_tokens.UploadToken:
    """A token of five minutes with which the documents of the report are sent to `/v1/documents`.

    Whoever of the organisation acts in the role sees and hands in the files that were sent with it.
    """
    return await upload_tokens.for_report(context, signing, caller, body.role)


@router.post("/v1/periodic-reports/{report_id}/resubmit")
async def resubmit(
    report_id: UUID, body: ReportInput, caller: Member, context: CurrentContext, once: Once
) -> periodic_reports.ReportSubmitted:
    """Hand in again what was returned."""
    return await once(periodic_reports.resubmit, context, report_id, body.report())


@router.get("/v1/periodic-reports")
async def list_reports(
    officer: Officer, context: CurrentContext, paging: PageQuery, status: Status | None = None
) -> Page[ListedPeriodicReport]:
    """Periodic reports of the officer's office, the longest waiting first. No personal data, so not journalled."""
    after = paging.after(datetime, UUID)
    async with context.db.read() as session:
        scope, start = scope_of(officer, Record.PERIODIC_REPORT), (after[0], after[1]) if after else None
        rows = await periodic_report_views.page(session, scope, status, start, paging.limit + 1)
    return paging.page([ListedPeriodicReport(**row) for row in rows], key=lambda item: (item.submitted_at, item.id))


@router.get("/v1/periodic-reports/{report_id}")
async def read_report(
    report_id: UUID, caller: Annotated[Actor, permit()], run: EachTime
) -> periodic_report_views.ReportView:
    """One report: for the approving officers of its office (journalled), and for the organisation's members."""
    return await run(periodic_report_views.read, report_id)


@router.post("/v1/periodic-reports/{report_id}/approve")
async def approve(
    report_id: UUID, body: ApprovalInput, officer: Officer, context: CurrentContext, once: Once
) -> Decided:
    """Accept it: the organisation's registrations in the role go on for another term."""
    requirements = Requirements(**body.requirements.model_dump())
    return await once(report_decisions.approve, context, report_id, requirements, body.note)


@router.post("/v1/periodic-reports/{report_id}/return")
async def send_back(
    report_id: UUID, body: ReturnInput, officer: Officer, context: CurrentContext, once: Once
) -> Decided:
    """Send it back to be mended (差戻し)."""
    items = [Item(item.code, item.message) for item in body.items]
    return await once(report_decisions.send_back, context, report_id, items)


@router.post("/v1/periodic-reports/{report_id}/reject")
async def reject(
    report_id: UUID, body: RejectionInput, officer: Officer, context: CurrentContext, once: Once
) -> Decided:
    """Refuse it."""
    return await once(report_decisions.reject, context, report_id, body.reason_code, body.reason)
