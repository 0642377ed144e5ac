"""Facts that their owner sends again: the pages of a snapshot, and the events that stand around them.

A page has the rows of many records whose events are in one partition of the owner's topic, and goes to that partition:
so each row comes in order with the other events of its record. See docs/operations/rebuild.md.
"""

from datetime import datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.events.base import Event, Part, key_of
from shared.events.fields import Count, Moment

SnapshotId = Annotated[UUID, Field(description="the snapshot", examples=["01890a5d-ac96-774b-bcce-b302099a8057"])]
PageId = Annotated[
    UUID,
    Field(
        description="the page; drawn until it has the partition of its records",
        examples=["01890a5d-ac96-774b-bcce-b302099a8058"],
    ),
]


class SnapshotRow(Part):
    """The base of the present facts of one record.

    `key_fields` are those of the record's events, and `record_field` names the field with the record's id, which may be
    another one.
    """

    key_fields: ClassVar[tuple[str, ...]]
    record_field: ClassVar[str]

    @property
    def key(self) -> UUID:
        """The key of the events about the record."""
        return key_of(self, self.key_fields)

    @property
    def record_id(self) -> UUID:
        """The record's id."""
        found: UUID = getattr(self, self.record_field)
        return found

    @property
    def at(self) -> datetime | None:
        """The moment at which the facts were so; None where the row does not say it."""
        return getattr(self, "taken_at", None)


class SnapshotPage(Event):
    """The base of a part of a snapshot: present facts of many records, whose events are all in the page's partition.

    Pages are not kept among the events that were sent: who keeps the facts counts the rows, and another snapshot can be
    ordered.
    """

    key_fields: ClassVar[tuple[str, ...]] = ("page_id",)
    is_remembered: ClassVar[bool] = False
    row: ClassVar[type[SnapshotRow]]

    snapshot_id: SnapshotId
    page_id: PageId
    rows: tuple[SnapshotRow, ...]


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
