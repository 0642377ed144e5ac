"""Answers to a request for documents, item by item."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.application.filing.domain.draft import Attachment
from shared.errors import FieldProblem, Text


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one item: files, or a reason why there are none."""

    document_ids: tuple[UUID, ...] = ()
    why_not: str | None = None

    @property
    def given(self) -> bool:
        """Whether it says anything."""
        return bool(self.document_ids or self.why_not)


def answer_problems(answer: Answer) -> list[FieldProblem]:
    """Files and a reason at once contradict each other."""
    if answer.document_ids and answer.why_not:
        message = Text(
            "ファイルと提出できない理由は、どちらか一方にしてください",
            "Give files, or a reason why there are none, not both",
        )
        return [FieldProblem("/why_not", "both-answers", message)]
    return []


def unanswered(codes: Sequence[str], answers: Mapping[int, Answer]) -> list[FieldProblem]:
    """Every item that has no answer yet."""
    message = Text(
        "ファイルを添付するか、提出できない理由を入力してください", "Attach a file, or say why there is none"
    )
    missing = [place for place in range(len(codes)) if not answers.get(place, Answer()).given]
    return [FieldProblem(f"/items/{place}", "required", message) for place in missing]


def attachments_of(codes: Sequence[str], answers: Mapping[int, Answer]) -> list[Attachment]:
    """The files of all answers; one that answers several items has the codes of all of them."""
    held: dict[UUID, list[str]] = {}
    for place, code in enumerate(codes):
        for document_id in answers.get(place, Answer()).document_ids:
            held.setdefault(document_id, []).append(code)
    return [Attachment(document_id, tuple(dict.fromkeys(found))) for document_id, found in held.items()]
