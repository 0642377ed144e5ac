"""The form of a draft: what may be saved unfinished, and the same read as it would be submitted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi.exceptions import RequestValidationError
from pydantic import ConfigDict, Field, GetCoreSchemaHandler, StringConstraints, ValidationError
from pydantic_core import CoreSchema, core_schema

from services.registration.http.fields import Day, Input, Unfinished
from services.registration.usage_registration.api.submissions import Document, RegistrationInput
from services.registration.usage_registration.commands.submissions import Submission
from services.registration.usage_registration.domain.submitted_document import MAX_FILES
from shared.errors import FieldProblem
from shared.http.validation import field_problems
from shared.languages import Lang
from shared.reference.codes import Category
from shared.text import BadValue, unfinished, whole_number
from shared.text.typed import MOST_YEN, AsSent, reading

RoleName = Literal["org_staff", "supervising_org_staff", "public_interest_staff", "rso_staff"]
# Half a postal code is worth keeping, and so is a character that nobody else can read: the check reports it.
Text = Unfinished | None


@dataclass(frozen=True, slots=True)
class UnfinishedNumber:
    """A number as people write it; a text that is none yet is kept as it is."""

    unit: str

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        number = core_schema.int_schema(ge=0, le=MOST_YEN, strict=True)
        text = core_schema.str_schema(max_length=254)
        return core_schema.no_info_before_validator_function(
            reading(self._read), core_schema.union_schema([number, text])
        )

    def _read(self, value: Any) -> int | str:
        try:
            return whole_number(value, MOST_YEN, unit=self.unit)
        except BadValue:
            if isinstance(value, str):
                return unfinished(value)
            raise


Tick = Annotated[bool, Field(strict=True)] | None


# By JSON pointer: input that cannot be kept as the field it was typed into. It is shown again, and not submitted.
Unread = dict[
    Annotated[
        str,
        AsSent("a pointer of the page's, and no text of a person"),
        StringConstraints(
            pattern=r"^/(role|language|(organisation|applicant)/[a-z_]{1,40}|pledged_organisations/[0-9]{1,3}/[a-z_]{1,40})$"
        ),
    ],
    Annotated[str, AsSent("kept exactly as it was typed"), StringConstraints(max_length=4000)],
]


class OrganisationPart(Input):
    """The organisation as entered so far."""

    corporate_number: Text = None
    name: Text = None
    name_kana: Text = None
    address: Text = None
    postal_code: Text = None
    prefecture: Text = None
    capital_yen: Annotated[int | str, UnfinishedNumber("yen")] | None = None
    employees: Annotated[int | str, UnfinishedNumber("people")] | None = None
    category: Category | None = None


class ApplicantPart(Input):
    """The person as entered so far. The mail address is the draft's and need not be given."""

    name: Text = None
    email: Text = None
    phone: Text = None
    department: Text = None


class PledgedPart(Input):
    """A row of the list of organisations."""

    corporate_number: Text = None
    name: Text = None


class DraftContent(Input):
    """A usage registration as far as it was written: every field of the final form, none of them required."""

    role: RoleName | None = None
    organisation: OrganisationPart | None = None
    applicant: ApplicantPart | None = None
    documents: Annotated[list[Document], Field(max_length=MAX_FILES)] | None = None
    pledged_organisations: Annotated[list[PledgedPart], Field(max_length=500)] | None = None
    pledge_accepted: Tick = None
    terms_accepted: Tick = None
    terms_version: Day | None = None
    pledge_version: Day | None = None
    language: Lang | None = None
    unread: Annotated[Unread, Field(max_length=1100)] | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "role": "org_staff",
                    "organisation": {"corporate_number": "4011001098993", "name": "株式会社見本", "category": "CAT3"},
                    "documents": [
                        {"code": "UA_PLEDGE", "document_id": "01a20911-fd7b-71e3-a6cc-c196b4396416"},
                        {"code": "UA_CATEGORY"},
                    ],
                }
            ]
        }
    )


def read_form(form: Mapping[str, Any]) -> tuple[Submission | None, list[FieldProblem]]:
    """The form as it would be submitted, or what is wrong with its fields."""
    try:
        return RegistrationInput.model_validate(form).submission(), []
    except ValidationError as error:
        placed = [{**item, "loc": ("body", *item["loc"])} for item in error.errors()]
        return None, list(field_problems(RequestValidationError(placed, body=form)))
