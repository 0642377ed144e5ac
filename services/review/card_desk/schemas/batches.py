"""Batches and scans over HTTP."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Base64Bytes, BaseModel, Field

from services.review.card_desk.domain.batches import MOST_IN_BATCH, BatchKind
from services.review.cases.schemas import Body, example
from shared.http import Words
from shared.text import half_width
from shared.text.typed import Typed

# The names of a file are read as people write them.
Number = Annotated[str, Typed(half_width, most=60)]


class Scan(Body):
    """Receipt numbers, one after another as a scanner types them, of envelopes that arrived with the old card."""

    model_config = example({"numbers": ["TYOEN26000001"], "residence_card_received": True})
    numbers: list[Number] = Field(min_length=1, max_length=500)
    residence_card_received: bool = Field(True, description="whether every envelope has the old card in it")


class NewBatch(Body):
    """A batch of the cases that have waited longest."""

    model_config = example({"kind": "print", "most": 1000})
    kind: BatchKind
    most: Annotated[int, Field(ge=1, le=MOST_IN_BATCH)] = MOST_IN_BATCH


class ReturnedFile(Body):
    """A file of a printer or a carrier: CSV whose first line names its columns."""

    model_config = example({"file": "cmVjZWlwdF9udW1iZXIsY2FyZF9udW1iZXIK"})
    file: Annotated[Base64Bytes, Field(max_length=2_000_000, description="the CSV, in base64")]


class LineOutcome(Words):
    """The outcome of one line. `code` is `done`, `already` (as it is recorded), or that of a refusal."""

    line: int = Field(examples=[2])
    number: str = Field(description="as it was sent", examples=["東オンＥＮ26000001"])
    code: str = Field(examples=["done"])
    case_id: UUID | None = None


class Outcomes(BaseModel):
    """The outcome of each line, in the order in which they were sent. What is refused changes nothing else."""

    done: int
    already: int
    refused: int
    lines: list[LineOutcome]

    @classmethod
    def of(cls, lines: list[LineOutcome]) -> "Outcomes":
        done = sum(line.code == "done" for line in lines)
        already = sum(line.code == "already" for line in lines)
        return cls(done=done, already=already, refused=len(lines) - done - already, lines=lines)


class BatchView(BaseModel):
    """A batch of cards to print or to mail."""

    id: UUID
    kind: BatchKind
    office: str = Field(examples=["TYO"])
    made_by: UUID
    made_at: datetime
    closed_at: datetime | None
    cases: int = Field(examples=[1000])
    waiting: int = Field(description="of these, those that are where the batch found them", examples=[3])


class BatchedCaseView(BaseModel):
    """A case of a batch."""

    case_id: UUID
    receipt_number: str
    code: str = Field(description="the receipt number in letters and digits, as barcodes have it")
    procedure: str
    status_of_residence: str
    granted_period: str | None
    state: str
    waits: bool


class BatchDetail(BatchView):
    """A batch with its cases, in its order."""

    lines: list[BatchedCaseView]


class CardDesk(BaseModel):
    """The batches of the office, the newest first, and what waits for one."""

    to_print: int
    to_mail: int
    batches: list[BatchView]
