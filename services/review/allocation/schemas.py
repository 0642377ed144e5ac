"""Allocation over HTTP."""

from uuid import UUID

from pydantic import BaseModel

from services.review.cases.schemas import Body, CaseBrief, Note, example


class Reassignment(Body):
    """The examiner who gets the case."""

    model_config = example({"examiner_id": "01a20911-fd7b-71e3-a6cc-c1916bbe12df", "note": "異動のため"})
    examiner_id: UUID
    note: Note | None = None


class FoundCases(BaseModel):
    """Cases of the work queue, in its order."""

    items: list[CaseBrief]
