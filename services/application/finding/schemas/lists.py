"""The conditions of a list, and its pages."""

from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.application.finding.domain.wanted import Days, Left, Sort, Wanted
from services.application.finding.problems import LAST_BEFORE_FIRST
from services.application.finding.store.lists import LAST_DAY, NEVER_FILED
from services.application.progress.domain import Progress
from services.application.progress.schemas import Listed
from shared.http import Page
from shared.reference.receipt_numbers import number_typed
from shared.text import one_line
from shared.text.search import search_words
from shared.text.typed import Day, Typed, rule

# Each of a list is one condition, and of several codes any.
_MOST = 20
# As many as an address holds.
MOST_IDS = 50
Ids = Annotated[list[UUID] | None, Field(description="these applications alone", max_length=MOST_IDS)]
Code = Annotated[str, Field(pattern=r"^[A-Z0-9_]{1,40}$")]
Statuses = Annotated[list[Progress] | None, Field(description="statuses, any of them", max_length=_MOST)]
Procedures = Annotated[list[Code] | None, Field(description="procedures, any of them", max_length=_MOST)]
StatusesOfResidence = Annotated[list[Code] | None, Field(description="statuses of residence", max_length=_MOST)]
Offices = Annotated[list[Code] | None, Field(description="offices that received it", max_length=_MOST)]
Words = Annotated[
    Annotated[str, Typed(one_line, least=0, most=100)] | None,
    Field(description="words of name or receipt number, or parts of words, in any spelling and order"),
    Field(examples=["nguyen"]),
]
InCharge = Annotated[
    UUID | Left | None,
    Field(description="the account of the colleague in charge; `left`: of one who acts for the organisation no longer"),
]
ADay = Annotated[Day | None, Field(examples=["2027-01-01"])]


class Asked(BaseModel):
    """The conditions and the order of a list, as an address has them and a saved filter keeps them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Ids = None
    status: Statuses = None
    procedure: Procedures = None
    status_of_residence: StatusesOfResidence = None
    office: Offices = None
    in_charge: InCharge = None
    q: Words = None
    stay_from: ADay = None
    stay_to: ADay = None
    filed_from: ADay = None
    filed_to: ADay = None
    sort: Sort = Sort.NEWEST

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for first, last in ((self.stay_from, self.stay_to), (self.filed_from, self.filed_to)):
            if first is not None and last is not None and last < first:
                raise rule("ends-before-it-begins", LAST_BEFORE_FIRST)
        return self

    def wanted(self, today: date) -> Wanted:
        """The same on a day, for the rules."""
        return Wanted(
            today,
            ids=tuple(self.id or ()),
            states=tuple(dict.fromkeys(self.status or ())),
            procedures=tuple(dict.fromkeys(self.procedure or ())),
            statuses=tuple(dict.fromkeys(self.status_of_residence or ())),
            offices=tuple(dict.fromkeys(self.office or ())),
            in_charge=self.in_charge,
            words=search_words(number_typed(self.q) or self.q) if self.q else None,
            stay=Days(self.stay_from, self.stay_to),
            filed=Days(self.filed_from, self.filed_to),
            sort=self.sort,
        )

    def filed(self, today: date) -> Wanted:
        """The same of what was filed, where neither a status nor an application is named."""
        wanted = self.wanted(today)
        return wanted if wanted.states or wanted.ids else replace(wanted, states=_FILED)


_FILED = tuple(state for state in Progress if state is not Progress.DRAFT)


class ListPage(Page[Listed]):
    """One page of the applications."""

    similar: bool = Field(
        False,
        description="nothing has the words of `q` as they were typed: these are names with one letter that differs",
    )
    counts: dict[str, int] | None = Field(
        description="with `counts=true`: how many there are of each status, whatever `status` asks for",
        examples=[{"draft": 2, "under_review": 1}],
    )
    procedure_counts: dict[str, int] | None = Field(
        description="with `counts=true`: how many there are of each procedure, whatever `procedure` asks for",
        examples=[{"EXTEND": 3}],
    )


def place_of(item: Listed, sort: Sort) -> tuple[Any, UUID]:
    """The sort key of an application in a list."""
    match sort:
        case Sort.EDITED:
            return item.updated_at, item.id
        case Sort.FILED:
            return item.submitted_at or NEVER_FILED, item.id
        case Sort.STAY_END:
            return item.stay_until or item.stay_expiry or LAST_DAY, item.id
    return item.created_at, item.id
