"""The examiner of a case, its flags and its office, over HTTP."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from services.review.cases.schemas import Body, Code, Note, Part, example

_COLLEAGUE = "01a20911-fd7b-71e3-a6cc-c1916bbe12df"


class Assignment(Body):
    """The examiner who gets a case that nobody has started."""

    model_config = example({"examiner_id": _COLLEAGUE, "note": None})
    examiner_id: UUID
    note: Note | None = None


class Reassignment(Body):
    """The examiner who gets the case."""

    model_config = example({"examiner_id": _COLLEAGUE, "note": "異動のため"})
    examiner_id: UUID
    note: Note | None = None


class HandOver(Body):
    """The colleague who gets the case, and why."""

    model_config = example({"examiner_id": _COLLEAGUE, "reason": "留学案件の担当者に引き継ぐ"})
    examiner_id: UUID
    reason: Note


class ReturnToQueue(Body):
    """The reason for which a case goes back to the queue of the office."""

    model_config = example({"reason": "長期出張のため"})
    reason: Note


class TransferToOffice(Body):
    """The office that gets the case, and why: mostly the one in charge of the applicant's new address."""

    model_config = example({"office": "OSA", "reason": "申請人が大阪市に転居したため"})
    office: Code = Field(examples=["OSA"])
    reason: Note


class NewFlag(Body):
    """A flag of the list, and its reason."""

    model_config = example({"code": "urgent", "reason": "親族の危篤により出国の予定がある"})
    code: Code = Field(examples=["urgent"])
    reason: Note


class FlagRemoval(Body):
    """The reason for which a flag goes."""

    model_config = example({"reason": "出国は取りやめとなった"})
    reason: Note


class FlagView(Part):
    """A flag that the case has."""

    code: str = Field(examples=["urgent"])
    reason: str
    set_by: UUID
    set_at: datetime


class TransferView(Part):
    """The way of a case from one office to another."""

    from_office: str = Field(examples=["TYO"])
    to_office: str = Field(examples=["OSA"])
    reason: str
    transferred_by: UUID
    transferred_at: datetime


class MoveCases(Body):
    """The examiner who gets all cases of another one; null: they go back to the queue of the office."""

    model_config = example({"examiner_id": None, "reason": "病気休暇のため"})
    examiner_id: UUID | None
    reason: Note


class MovedCases(BaseModel):
    """The cases that were moved, and those that could not be, because somebody acted on them meanwhile."""

    moved: list[UUID]
    not_moved: list[UUID]
