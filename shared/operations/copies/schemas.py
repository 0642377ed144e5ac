"""Requests about snapshots and rebuilds."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from shared.text.lines import several_lines
from shared.text.typed import Typed

_EXAMPLE: Any = {"kind": "applications", "reason": "A row of cases differs since the import of 2 November"}
Reason = Annotated[str, Typed(several_lines, most=500)]


class SnapshotBody(BaseModel):
    """An order to send the facts of all records of a kind again."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    kind: Annotated[str, Field(min_length=1, max_length=50, pattern=r"^[a-z_]+$", examples=["applications"])]
    reason: Reason


class ReasonBody(BaseModel):
    """A step with its reason."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "The wrong kind"}]})

    reason: Reason
