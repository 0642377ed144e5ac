"""Facts that their owner sends again: the events that stand around the rows of a snapshot.

The rows of a snapshot travel on the topic of their owner, each under the key of its record, so that they come in order
with the other events of that record. See docs/operations/rebuild.md.
"""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.events.base import Event
from shared.events.fields import Count, Moment

SnapshotId = Annotated[UUID, Field(description="the snapshot", examples=["01890a5d-ac96-774b-bcce-b302099a8057"])]


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
