"""Allocation over HTTP."""

from uuid import UUID

from services.review.cases.schemas import Body, Note, example


class Reassignment(Body):
    """To whom the case goes."""

    model_config = example({"examiner_id": "01a20911-fd7b-71e3-a6cc-c1916bbe12df", "note": "異動のため"})
    examiner_id: UUID
    note: Note | None = None
