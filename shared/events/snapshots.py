"""Facts that their owner sends again: the rows of a snapshot, and the events that stand around them.

The rows of a snapshot travel on the topic of their owner, each under the key of its record, so that they come in order
with the other events of that record. See docs/operations/rebuild.md.
"""

from datetime import datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.events.base import Event
from shared.events.fields import Count, Moment

SnapshotId = Annotated[UUID, Field(description="the snapshot", examples=["01890a5d-ac96-774b-bcce-b302099a8057"])]


class SnapshotRow(Event):
    """The base of the present facts of one record, sent again; nothing has happened to it.

    `record_field` names the field with the record's id: the key may be another one. Rows are not kept among the events
    that were sent: who keeps the facts counts them, and another snapshot can be ordered.
    """

    record_field: ClassVar[str]
    is_remembered: ClassVar[bool] = False

    snapshot_id: SnapshotId

    @property
    def record_id(self) -> UUID:
        """The record's id."""
        found: UUID = getattr(self, self.record_field)
        return found

    @property
    def at(self) -> datetime | None:
        """The moment at which the facts were so; None where the row does not say it."""
        return getattr(self, "taken_at", None)


class SnapshotAnnounced(Event):
    """The base of the announcements of all owners: a snapshot begins, all of it was sent, or it was stopped."""

    key_fields: ClassVar[tuple[str, ...]] = ("snapshot_id",)

    snapshot_id: SnapshotId
    phase: Annotated[
        Literal["begun", "complete", "stopped"],
        Field(description="begun; complete: all rows were sent; stopped: no more come", examples=["complete"]),
    ]
    rows: Annotated[Count, Field(description="expected where it begins, sent from then on", examples=[1000])]
    started_at: Moment
