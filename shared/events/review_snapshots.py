"""Facts of cases sent again."""

from typing import Annotated, ClassVar

from pydantic import Field

from shared.events.base import Event
from shared.events.fields import AccountId, ApplicationId, CaseId, Moment, OfficeCode
from shared.events.review_allocation import CaseForOfficers
from shared.events.snapshots import SnapshotAnnounced, SnapshotPage, SnapshotRow


class CaseSnapshot(SnapshotRow):
    """The present facts of a case."""

    key_fields: ClassVar[tuple[str, ...]] = CaseForOfficers.key_fields
    record_field: ClassVar[str] = "application_id"

    case_id: CaseId
    application_id: ApplicationId
    office: OfficeCode
    examiner_id: Annotated[AccountId | None, Field(description="null: it waits in the queue of the office")] = None
    was_allocated: Annotated[bool, Field(description="whether an examiner ever had it", examples=[True])]
    closed_at: Annotated[Moment | None, Field(description="when nothing was left to do; null: it goes on")] = None
    taken_at: Moment


class CaseSnapshotPage(SnapshotPage):
    """The present facts of cases, sent again; nothing has happened to them.

    By: review, when an operator orders a snapshot of its cases.
    For: notification (whom it informs, and which office it names), document (whose officers see the files, and how long
    they stay).
    """

    topic: ClassVar[str] = "review.events"
    row: ClassVar[type[SnapshotRow]] = CaseSnapshot

    rows: tuple[CaseSnapshot, ...]


class CaseSnapshotAnnounced(SnapshotAnnounced):
    """A snapshot of the cases begins, is complete, or was stopped.

    By: review, around the rows of the snapshot.
    For: notification (whom it informs, and which office it names), document (whose officers see the files, and how long
    they stay).
    """

    topic: ClassVar[str] = "review.events"


EVENTS: tuple[type[Event], ...] = (CaseSnapshotPage, CaseSnapshotAnnounced)
