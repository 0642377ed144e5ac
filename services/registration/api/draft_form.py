"""The form of a draft: what may be saved unfinished, and the same read as it would be handed in."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, ValidationError

from services.registration.api.fields import Input, one_line
from services.registration.api.submitting import Document, RegistrationInput
from services.registration.commands.submitting import Submission
from services.registration.domain.handed_in import MAX_FILES
from shared.errors import FieldProblem
from shared.http.validation import field_problems
from shared.reference.codes import Category

RoleName = Literal["org_staff", "supervising_org_staff", "public_interest_staff", "rso_staff"]
# Half a postal code is worth keeping; a control character is not.
Typed = Annotated[str, StringConstraints(max_length=254), AfterValidator(one_line)] | None
Number = Annotated[int, Field(strict=True, ge=0, le=10**15)] | None
Tick = Annotated[bool, Field(strict=True)] | None


# Where, as a JSON pointer, and what was typed there that cannot be kept as that field: shown again, and not handed in.
Unread = dict[
    Annotated[
        str,
        StringConstraints(
            pattern=r"^/(role|language|(organisation|applicant)/[a-z_]{1,40}|pledged_organisations/[0-9]{1,3}/[a-z_]{1,40})$"
        ),
    ],
    Annotated[str, StringConstraints(max_length=4000)],
]


class OrganisationPart(Input):
    """What is known of the organisation so far."""

    corporate_number: Typed = None
    name: Typed = None
    name_kana: Typed = None
    address: Typed = None
    postal_code: Typed = None
    prefecture: Typed = None
    capital_yen: Number = None
    employees: Number = None
    category: Category | None = None


class ApplicantPart(Input):
    """What is known of the person so far. The mail address is the draft's and need not be given."""

    name: Typed = None
    email: Typed = None
    phone: Typed = None
    department: Typed = None


class PledgedPart(Input):
    """A row of the list of organisations."""

    corporate_number: Typed = None
    name: Typed = None


class DraftContent(Input):
    """A usage registration as far as it was written: every field of the final form, none of them required."""

    role: RoleName | None = None
    organisation: OrganisationPart | None = None
    applicant: ApplicantPart | None = None
    documents: Annotated[list[Document], Field(max_length=MAX_FILES)] | None = None
    pledged_organisations: Annotated[list[PledgedPart], Field(max_length=500)] | None = None
    pledge_accepted: Tick = None
    terms_accepted: Tick = None
    terms_version: date | None = None
    pledge_version: date | None = None
    language: Literal["ja", "en"] | None = None
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
    """The form as it would be handed in, or what is wrong with its fields."""
    try:
        return RegistrationInput.model_validate(form).submission(), []
    except ValidationError as error:
        placed = [{**item, "loc": ("body", *item["loc"])} for item in error.errors()]
        return None, list(field_problems(RequestValidationError(placed, body=form)))
