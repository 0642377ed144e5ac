"""Proposals and decisions about them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, ValidationInfo, field_validator

from services.review.cases.domain.flow import Outcome
from services.review.cases.schemas import Body, Code, Note, Part, example
from services.review.decision.schemas.basis import Basis
from services.review.decision.schemas.conditions import AskableView, ConditionView
from shared.clock import legal_date
from shared.text import half_width
from shared.text.typed import Typed


class ProposalBody(Body):
    """The proposed end of a case. A grant names the period of stay, anything else the reason."""

    model_config = example({"outcome": "grant", "period_of_stay": "Y3"})
    outcome: Outcome
    period_of_stay: Annotated[str, Typed(half_width, most=12)] | None = None
    reentry: Literal["single", "multiple"] | None = Field(None, description="where re-entry was filed along with it")
    reason_code: Code | None = None
    reason: Note | None = None
    conditions: dict[Code, Note] = Field(
        {},
        max_length=10,
        description="those of `grantable.conditions`, by code: the choice (several with commas), or words",
    )
    hints: list[Code] = Field([], max_length=50, description="codes of the hints that were shown to the proposer")


class Decision(Body):
    """The second officer's word. To send a proposal back, say why in `note`."""

    model_config = example({"approve": True, "note": "起案どおり"})
    approve: bool
    note: Note | None = None
    proposal_id: UUID | None = Field(None, description="the proposal that was read: 409 where another one waits")


class RecallBody(Body):
    """The reason for which a decision is taken back before it takes effect."""

    model_config = example({"reason": "在留期間の誤り"})
    reason: Note


class GrantableView(Part):
    """The choices of a grant today. Without periods and `up_to` it names none."""

    periods: list[str] = Field(description="the longest first", examples=[["Y5", "Y3", "Y1", "M3"]])
    up_to: str | None = Field(description="any period up to this one, set per person", examples=["Y5"])
    reentry: bool = Field(description="re-entry was filed along: `single` or `multiple` has to be named")
    conditions: list[AskableView]

    @field_validator("conditions", mode="before")
    @classmethod
    def _viewed(cls, conditions: Any) -> Any:
        return [AskableView.of(one) for one in conditions]


class ProposalView(Part):
    """A proposal, and the decision about it."""

    id: UUID
    outcome: Outcome
    period_of_stay: str | None
    reentry: str | None
    reason_code: str | None
    reason: str | None
    proposed_by: UUID
    proposed_at: datetime
    conditions: list[ConditionView] = Field(description="of a grant")
    basis: Basis | None = Field(description="what it rests on; null: made before that was kept")
    approved: bool | None = Field(description="null while it waits for its decision")
    decided_by: UUID | None
    decided_at: datetime | None
    note: str | None
    effective_at: datetime | None = Field(description="when an approved one takes effect, unless it is recalled")
    took_effect_at: datetime | None
    recalled_by: UUID | None
    recalled_at: datetime | None
    recall_reason: str | None

    @field_validator("conditions", mode="before")
    @classmethod
    def _in_words(cls, stated: Any, info: ValidationInfo) -> Any:
        day = legal_date(info.data["proposed_at"])
        return ConditionView.all_of(stated, day) if isinstance(stated, Mapping) else stated

    @field_validator("basis", mode="before")
    @classmethod
    def _none_if_not_kept(cls, basis: Any) -> Any:
        return basis or None
