"""Events of the review service for officers alone: who has a case, and which of its deadlines were reported."""

from typing import Annotated, ClassVar

from pydantic import Field

from shared.events.base import Event
from shared.events.fields import AccountId, ApplicationId, CaseId, Code, Moment, ReceiptNumber


class CaseForOfficers(Event):
    """An event of one case that is nothing to its applicant: it names no account of theirs."""

    topic: ClassVar[str] = "review.events"
    key_fields: ClassVar[tuple[str, ...]] = ("application_id",)

    case_id: CaseId
    application_id: ApplicationId
    receipt_number: ReceiptNumber


class CaseAllocated(CaseForOfficers):
    """A case has another examiner, or none any more.

    By: review, whenever that changes.
    For: notification (whom it informs of what the applicant does).
    """

    examiner_id: Annotated[AccountId | None, Field(description="null: it waits in the queue of the office")] = None
    allocated_at: Moment


class CaseDeadlineReached(CaseForOfficers):
    """A deadline of a case is near or over; each is reported once.

    By: review, when its clock reports it to the officers.
    For: notification (informs the examiner of the case).
    """

    concern: Annotated[Code, Field(description="which deadline, as the queue names it", examples=["special_7"])]
    noticed_at: Moment


EVENTS: tuple[type[Event], ...] = (CaseAllocated, CaseDeadlineReached)
