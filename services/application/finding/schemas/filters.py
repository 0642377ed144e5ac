"""Saved filters as callers see them."""

import json
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.application.finding.schemas.lists import Asked
from services.application.progress.schemas import Person, shown_person
from services.application.tables import SavedFilter
from shared.auth import Actor
from shared.text import one_line
from shared.text.typed import Typed


class FilterBody(BaseModel):
    """A filter to keep: its name and its conditions, and whether colleagues see it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Typed(one_line, most=60)] = Field(examples=["東京・書類待ち"])
    query: Asked = Field(examples=[{"status": ["docs_requested"], "office": ["TYO"]}])
    shared: bool = Field(False, description="whether everybody of the organisation sees it, and may change it")

    def kept_query(self) -> str:
        """The conditions as they are kept: what is asked for alone."""
        return self.query.model_dump_json(exclude_defaults=True)


class ShownFilter(BaseModel):
    """A saved filter."""

    id: UUID
    name: str = Field(examples=["東京・書類待ち"])
    query: Asked = Field(
        description="parameters of `GET /v1/applications`; null for what is not asked",
        examples=[{"status": ["docs_requested"], "office": ["TYO"]}],
    )
    shared: bool
    saved_by: Person = Field(description="who saved it last")
    revision: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, kept: SavedFilter, reader: Actor) -> "ShownFilter":
        """A filter for `reader`."""
        return cls(
            id=kept.id,
            name=kept.name,
            query=Asked.model_validate(json.loads(kept.query)),
            shared=kept.shared,
            saved_by=shown_person(kept.account_id, reader),
            revision=kept.revision,
            created_at=kept.created_at,
            updated_at=kept.updated_at,
        )


class ShownFilters(BaseModel):
    """Every filter that the caller sees: their own and their organisation's, the oldest first."""

    items: list[ShownFilter]


class Deleted(BaseModel):
    """The filter is gone."""

    id: UUID
