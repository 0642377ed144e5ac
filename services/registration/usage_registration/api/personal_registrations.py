"""Registrations of persons (利用者情報登録): the foreigner, professionals, legal representatives, relatives."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict, Discriminator, Field, Tag, ValidationInfo, field_validator

from services.registration.authentication.api.dependencies import CurrentSigning
from services.registration.authentication.commands.rate_limits import admit
from services.registration.authentication.domain.throttle import DRAFT_ADDRESS, SUBMIT_ADDRESS
from services.registration.http.context import CallerAddress, CurrentContext
from services.registration.http.fields import (
    Accepted,
    Day,
    Email,
    Input,
    Line,
    Phone,
    PostalCode,
    Prefecture,
    Secret,
    in_prefecture,
)
from services.registration.http.runners import AnonymousWithSecret
from services.registration.usage_registration.api.submissions import code_or_file, submitted_document
from services.registration.usage_registration.commands import personal_registrations, upload_tokens
from services.registration.usage_registration.schemas.personal_registrations import PersonallyRegistered
from services.registration.usage_registration.schemas.upload_tokens import UploadToken
from shared.auth import public
from shared.http import refusals
from shared.languages import Lang

router = APIRouter(tags=["registrations of persons"])
PersonalDocument = Literal["UA_NOTICE_CERT", "UA_REPRESENTATION", "UA_KINSHIP", "UA_INABILITY"]
PersonalRole = Literal["lawyer_scrivener", "self", "legal_rep", "relative"]


class PersonalFile(Input):
    """A document. With `document_id` it is that file of the document service; without, it comes on paper."""

    code: PersonalDocument = Field(examples=["UA_NOTICE_CERT"])
    document_id: UUID | None = None


# A code alone is a document on paper.
PersonalDocumentEntry = Annotated[
    Annotated[PersonalDocument, Tag("code")] | Annotated[PersonalFile, Tag("file")], Discriminator(code_or_file)
]


class ProfessionalInput(Input):
    """A lawyer or administrative scrivener, notified as application agent."""

    kind: Literal["lawyer", "administrative_scrivener"]
    registration_number: Line = Field(description="of the bar or the association", examples=["12345678"])
    certificate_number: Line = Field(description="届出済証明書", examples=["(東)行26第123号"])
    certificate_valid_until: Day
    office_name: Line = Field(examples=["見本行政書士事務所"])
    office_address: Line = Field(examples=["東京都千代田区霞が関1-1-1"])
    office_postal_code: PostalCode = Field(examples=["1000013"])


class RepresentedInput(Input):
    """Somebody for whom a representative or relative acts."""

    name: Line = Field(examples=["NGUYEN MINH"])
    birth_date: Day


class RepresentationInput(Input):
    """The ground on which the person acts for others. The relationship is one of law or of kinship."""

    kind: Literal["parent", "guardian_of_minor", "guardian_of_adult", "spouse", "child", "father", "mother"]
    people: Annotated[list[RepresentedInput], Field(min_length=1, max_length=10)]


class PersonalRegistration(Input):
    """A registration. Name and date of birth are not asked: they come from the identity provider."""

    ticket: Secret
    role: PersonalRole
    email: Email | None = Field(None, description="of who has no account yet", examples=["an.nguyen@example.com"])
    phone: Phone | None = Field(None, examples=["0312345678"])
    language: Lang = "ja"
    documents: Annotated[list[PersonalDocumentEntry], Field(max_length=20)] = Field(default_factory=list)
    professional: ProfessionalInput | None = None
    prefecture: Prefecture = Field(description="where the person lives or has their office", examples=["13"])
    representation: RepresentationInput | None = None
    terms_accepted: Accepted

    @field_validator("prefecture")
    @classmethod
    def _of_the_office(cls, prefecture: str, entered: ValidationInfo) -> str:
        if professional := entered.data.get("professional"):
            in_prefecture(professional.office_address, prefecture)
        return prefecture

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "ticket": "Vb8zLk1w...",
                    "role": "self",
                    "email": "an.nguyen@example.com",
                    "phone": "0312345678",
                    "language": "en",
                    "prefecture": "13",
                    "terms_accepted": True,
                }
            ]
        }
    )

    def form(self) -> personal_registrations.PersonalForm:
        """The same as the command takes it."""
        professional, representation = self.professional, self.representation
        return personal_registrations.PersonalForm(
            role=self.role,
            email=self.email,
            phone=self.phone,
            language=self.language,
            prefecture=self.prefecture,
            documents=[submitted_document(one) for one in self.documents],
            professional=professional.model_dump(mode="json") if professional else None,
            representation=representation.model_dump(mode="json") if representation else None,
        )


@router.post("/v1/personal-registrations", status_code=201, responses=refusals(401, 403, 409), dependencies=[public])
async def register(
    body: PersonalRegistration, run: AnonymousWithSecret, context: CurrentContext, address: CallerAddress
) -> PersonallyRegistered:
    """Register with the ticket of a proved identity: for the first time, in one more class, again, or again.

    For the gateway. 401 `ticket-not-valid`; 403 `class-not-open` (age); 409 `already-registered`.
    """
    await admit(context, "submit:address", address, SUBMIT_ADDRESS)
    return await run(personal_registrations.register, context, body.ticket, body.form())


class UploadInput(Input):
    """A ticket, and the class in which its holder registers."""

    ticket: Secret
    role: PersonalRole


@router.post("/v1/identity-tickets/upload-token", responses=refusals(401), dependencies=[public])
async def upload_token(
    body: UploadInput, context: CurrentContext, signing: CurrentSigning, address: CallerAddress
) -> UploadToken:
    """A token with which the holder of a ticket sends their documents to the document service. The ticket stays good.

    For the gateway. 401 `ticket-not-valid`.
    """
    await admit(context, "draft:address", address, DRAFT_ADDRESS)
    return await upload_tokens.for_ticket(context, signing, body.ticket, body.role)
