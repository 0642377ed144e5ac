"""Usage registrations (利用申出) from the applicant's side."""

from typing import Annotated, Any, Literal, Protocol
from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict, Discriminator, Field, Tag, ValidationInfo, field_validator

from services.registration.authentication.api.dependencies import CurrentSigning
from services.registration.authentication.commands.rate_limits import admit
from services.registration.authentication.domain.throttle import SUBMIT_ADDRESS
from services.registration.http.context import CallerAddress, CurrentContext
from services.registration.http.fields import (
    Accepted,
    Amount,
    CorporateNumber,
    Day,
    Email,
    Input,
    Line,
    People,
    Phone,
    PostalCode,
    Prefecture,
    TypedReceiptNumber,
    in_prefecture,
)
from services.registration.usage_registration.commands import submissions, upload_tokens
from services.registration.usage_registration.domain.submitted_document import MAX_FILES, SubmittedDocument
from services.registration.usage_registration.schemas.decisions import Submitted
from services.registration.usage_registration.schemas.upload_tokens import UploadToken
from shared.auth import PerhapsCaller, public
from shared.http import refusals
from shared.http.commands import OnceForAnybody
from shared.languages import Lang
from shared.reference.codes import Category
from shared.text import half_width
from shared.text.typed import Typed

router = APIRouter(tags=["usage registrations"])

DocumentCode = Literal[
    "UA_CHECK", "UA_FORM", "UA_PLEDGE", "UA_PLEDGE_LIST", "UA_PLEDGE_BY_USER", "UA_AGENT_CERT", "UA_CATEGORY"
]
AgreedVersion = Field(
    None, description="day of the version that was shown; refused where another is in force, which is what null means"
)


class DocumentFile(Input):
    """A document. With `document_id` it is that file of the document service; without, it comes on paper."""

    code: DocumentCode = Field(examples=["UA_PLEDGE"])
    document_id: UUID | None = None


def code_or_file(value: Any) -> str:
    """Discriminator of the two ways to name a document."""
    return "code" if isinstance(value, str) else "file"


# A code alone is a document on paper.
Document = Annotated[
    Annotated[DocumentCode, Tag("code")] | Annotated[DocumentFile, Tag("file")], Discriminator(code_or_file)
]


class _Entered(Protocol):
    code: Any
    document_id: UUID | None


def submitted_document(entered: str | _Entered) -> SubmittedDocument:
    """The same as the command takes it."""
    return (
        SubmittedDocument(entered) if isinstance(entered, str) else SubmittedDocument(entered.code, entered.document_id)
    )


class OrganisationInput(Input):
    """The organisation for which the person will act."""

    corporate_number: CorporateNumber = Field(examples=["4011001098993"])
    name: Line = Field(examples=["株式会社見本"])
    name_kana: Line | None = None
    postal_code: PostalCode = Field(examples=["1000013"])
    prefecture: Prefecture = Field(description="JIS X 0401 code", examples=["13"])
    address: Line = Field(examples=["東京都千代田区霞が関1-1-1"])
    capital_yen: Amount
    employees: People
    category: Category = Field(description="the category that the documents prove")

    @field_validator("address")
    @classmethod
    def _in_its_prefecture(cls, address: str, entered: ValidationInfo) -> str:
        if "prefecture" in entered.data:
            in_prefecture(address, entered.data["prefecture"])
        return address


class ApplicantInput(Input):
    """The person who will use the account."""

    name: Line = Field(examples=["見本 花子"])
    email: Email = Field(examples=["hanako@example.co.jp"])
    phone: Phone = Field(examples=["0312345678"])
    department: Line | None = None


class PledgedInput(Input):
    """An organisation on the list of a pledge (外国人を受け入れる機関)."""

    corporate_number: CorporateNumber = Field(examples=["2120901007402"])
    name: Line = Field(examples=["見本工業株式会社"])


class RegistrationInput(Input):
    """A usage registration. Roles that register with a My Number card are not taken here."""

    role: Literal["org_staff", "supervising_org_staff", "public_interest_staff", "rso_staff"]
    organisation: OrganisationInput
    applicant: ApplicantInput
    documents: Annotated[list[Document], Field(max_length=MAX_FILES)]
    pledged_organisations: Annotated[list[PledgedInput], Field(max_length=500)] = Field(
        default_factory=list, description="who commissions a public-interest corporation or support organisation"
    )
    pledge_accepted: Accepted
    terms_accepted: Accepted
    pledge_version: Day | None = AgreedVersion
    terms_version: Day | None = AgreedVersion
    language: Lang = "ja"

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "role": "org_staff",
                    "organisation": {
                        "corporate_number": "4011001098993",
                        "name": "株式会社見本",
                        "address": "東京都千代田区霞が関1-1-1",
                        "postal_code": "1000013",
                        "prefecture": "13",
                        "capital_yen": 10000000,
                        "employees": 25,
                        "category": "CAT3",
                    },
                    "applicant": {"name": "見本 花子", "email": "hanako@example.co.jp", "phone": "0312345678"},
                    "documents": ["UA_CHECK", "UA_FORM", "UA_PLEDGE", "UA_CATEGORY"],
                    "pledge_accepted": True,
                    "terms_accepted": True,
                    "language": "ja",
                }
            ]
        }
    )

    def submission(self) -> submissions.Submission:
        """The same as the command takes it."""
        organisation = self.organisation.model_dump(exclude={"category"})
        return submissions.Submission(
            role=self.role,
            organisation=submissions.DeclaredOrganisation(**organisation),
            category=self.organisation.category.value,
            applicant=submissions.Applicant(**self.applicant.model_dump(), language=self.language),
            documents=[submitted_document(one) for one in self.documents],
            pledged=[submissions.PledgedOrganisation(**one.model_dump()) for one in self.pledged_organisations],
            agreed={"pledge": self.pledge_version, "terms": self.terms_version},
        )


@router.post("/v1/usage-registrations", status_code=201, dependencies=[public])
async def submit(
    body: RegistrationInput, context: CurrentContext, address: CallerAddress, once: OnceForAnybody
) -> Submitted:
    """Submit a usage registration. Who has signed in adds a role to their account; anyone else gets a new one."""
    await admit(context, "submit:address", address, SUBMIT_ADDRESS)
    return await once(submissions.submit, context, body.submission())


class ResubmissionInput(RegistrationInput):
    """A usage registration that was returned, corrected. A user who is not signed in names its receipt number."""

    receipt_number: TypedReceiptNumber | None = None


@router.post("/v1/usage-registrations/{registration_id}/resubmit", dependencies=[public])
async def resubmit(
    registration_id: UUID,
    body: ResubmissionInput,
    context: CurrentContext,
    address: CallerAddress,
    once: OnceForAnybody,
) -> Submitted:
    """Submit again what was returned: signed in, or with its receipt number and the same mail address as before."""
    await admit(context, "submit:address", address, SUBMIT_ADDRESS)
    return await once(submissions.resubmit, context, registration_id, body.receipt_number, body.submission())


class KnowledgeInput(Input):
    """Proof of an applicant who cannot sign in yet. A signed-in user omits it."""

    receipt_number: TypedReceiptNumber | None = Field(None, examples=["東利申26-000123-5"])
    email: Annotated[str, Typed(half_width, most=254)] | None = Field(None, examples=["hanako@example.co.jp"])


@router.post("/v1/usage-registrations/{registration_id}/upload-token", responses=refusals(409), dependencies=[public])
async def upload_token(
    registration_id: UUID,
    body: KnowledgeInput,
    caller: PerhapsCaller,
    context: CurrentContext,
    signing: CurrentSigning,
    address: CallerAddress,
) -> UploadToken:
    """A token with which files are sent to the document service, for correcting what was returned."""
    await admit(context, "submit:address", address, SUBMIT_ADDRESS)
    return await upload_tokens.for_returned(context, signing, caller, registration_id, body.receipt_number, body.email)
