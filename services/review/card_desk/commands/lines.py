"""Lines of a scan or a file, each as a command of its own: what one refuses changes nothing of the others."""

import unicodedata
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from services.review.card_desk.schemas.batches import LineOutcome
from services.review.cases.domain.refusal import Refused
from services.review.cases.schemas import CaseBrief
from shared.errors import Problem, Text
from shared.reference.receipt_numbers import number_typed
from shared.work import Work

DONE = Text("記録しました", "Recorded")
ALREADY = Text("記録済みです", "It is recorded already")
UNKNOWN = Text(
    "この官署に該当する案件がありません。番号を確認してください。",
    "No case of your office has this number. Check it.",
)
TWICE = Text("同じ番号が前の行にあります", "The number stands in an earlier line already")


def as_recorded(number: str) -> str:
    """A receipt number as it is recorded, from letters and digits as a scanner types them, in any width."""
    return number_typed(number) or unicodedata.normalize("NFKC", number).strip()


def outcome(line: int, number: str, code: str, text: Text, case_id: UUID | None = None) -> LineOutcome:
    """The outcome of a line."""
    return LineOutcome.of(text, line=line, number=number[:80], code=code, case_id=case_id)


async def take_line(
    work: Work, line: int, number: str, case_id: UUID, command: Callable[..., Awaitable[CaseBrief]], *args: Any
) -> LineOutcome:
    """The outcome of `command` for one line, on its case and with `args`."""
    try:
        await work.attempt(command, case_id, *args)
    except Refused as refused:
        return outcome(line, number, refused.code, refused.text, case_id)
    except Problem as problem:
        return outcome(line, number, problem.code, problem.detail or problem.title, case_id)
    return outcome(line, number, "done", DONE, case_id)
