"""Batches: made of the cases that have waited longest, and brought further by the file that comes back."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.review.audit import Tag
from services.review.card_desk.commands.lines import ALREADY, TWICE, UNKNOWN, as_recorded, outcome, take_line
from services.review.card_desk.commands.offices import own_office
from services.review.card_desk.domain import batches
from services.review.card_desk.domain.batches import BatchKind, Delivered
from services.review.card_desk.schemas.batches import BatchView, LineOutcome, Outcomes
from services.review.card_desk.store.batches import (
    BatchedCase,
    CardBatch,
    cards_by_case,
    cases_of,
    ids_by_tracking,
    letters_by_case,
    lock_all,
    take_up,
)
from services.review.cards import commands as cards
from services.review.cards.domain import CARRIERS
from services.review.cases.domain.refusal import Wrong
from services.review.cases.domain.sheet import Row, read_rows
from services.review.cases.domain.states import State
from services.review.cases.store import Case
from shared.errors import NotFound, Text
from shared.ids import new_id
from shared.text import BadValue, code_like, residence_card_number
from shared.work import Work

_NOT_IN_BATCH = Text("このまとめに含まれない案件です", "The case is not in this batch")
_TOO_MANY = "too-many-rows"


async def make(work: Work, kind: BatchKind, most: int) -> BatchView:
    """A batch of up to `most` cases of the office that have waited longest and are in no other one."""
    office = own_office(work.actor)
    found = await take_up(work.session, office, batches.TAKES[kind], most)
    batches.check_some(len(found), kind)
    batch = CardBatch(id=new_id(), kind=kind, office=office, made_by=work.actor_id, made_at=work.now, closed_at=None)
    work.session.add(batch)
    await work.session.flush()
    work.session.add_all(
        BatchedCase(
            id=new_id(),
            batch_id=batch.id,
            case_id=case.id,
            position=position,
            state=case.state,
            state_since=case.state_since,
        )
        for position, case in enumerate(found, start=1)
    )
    work.journal("card_batch", batch.id, Tag.MAKE_BATCH, {"kind": kind, "cases": len(found)})
    return view_of(batch, len(found), len(found))


async def close(work: Work, batch_id: UUID) -> BatchView:
    """Expect nothing more of a batch: the cases that still wait can be taken up by another."""
    batch = await _lock(work, batch_id)
    cases = await cases_of(work.session, batch_id)
    batch.closed_at = batch.closed_at or work.now
    work.journal("card_batch", batch.id, Tag.CLOSE_BATCH, {"left": sum(waits for _, waits in cases)})
    return view_of(batch, len(cases), 0)


async def take_file(work: Work, batch_id: UUID, content: bytes) -> Outcomes:
    """Bring the cases of a batch further by the file of the printer or the carrier. The same file again changes
    nothing; a line that is refused leaves the others as they are."""
    batch = await _lock(work, batch_id)
    kind = BatchKind(batch.kind)
    rows = _read(content, batches.COMES_BACK[kind])
    await lock_all(work.session, [case.id for case, _ in await cases_of(work.session, batch_id)])
    cases = {case.receipt_number: case for case, _ in await cases_of(work.session, batch_id)}
    of_batch = [case.id for case in cases.values()]
    known = await (cards_by_case if kind is BatchKind.PRINT else letters_by_case)(work.session, of_batch)
    lines: list[LineOutcome] = []
    seen: set[str] = set()
    for row in rows:
        number = as_recorded(row["receipt_number"])
        case = cases.get(number)
        if case is None:
            lines.append(outcome(row.line, row["receipt_number"], "not-in-batch", _NOT_IN_BATCH))
        elif number in seen:
            lines.append(outcome(row.line, row["receipt_number"], "twice", TWICE, case.id))
        else:
            seen.add(number)
            lines.append(await _take_row(work, kind, row, case, known))
    found = Outcomes.of(lines)
    work.journal("card_batch", batch.id, Tag.TAKE_FILE, {"done": found.done, "refused": found.refused})
    return found


async def take_report(work: Work, content: bytes) -> Outcomes:
    """Record what the carrier says of letters: delivered, returned or lost."""
    office = own_office(work.actor)
    rows = _read(content, batches.REPORT)
    known = await ids_by_tracking(work.session, office, [code_like(row["tracking_number"]) for row in rows])
    lines: list[LineOutcome] = []
    await lock_all(work.session, [case_id for of_letter in known.values() for case_id in of_letter])
    for row in rows:
        number = row["tracking_number"]
        result = batches.RESULT_WORDS.get(row["result"].lower())
        case_ids = known.get(code_like(number), [])
        if result is None:
            lines.append(outcome(row.line, number, "unknown-result", _unknown_result()))
        elif len(case_ids) != 1:
            lines.append(outcome(row.line, number, "unknown-number", UNKNOWN))
        else:
            if result is Delivered.DELIVERED:
                taken = await take_line(work, row.line, number, case_ids[0], cards.deliver)
            else:
                taken = await take_line(work, row.line, number, case_ids[0], cards.return_card, result.value)
            lines.append(await _as_already(work, taken, case_ids[0], result))
    found = Outcomes.of(lines)
    work.journal("card_desk", work.actor_id, Tag.TAKE_REPORT, {"lines": len(lines), "done": found.done})
    return found


def view_of(batch: CardBatch, cases: int, waiting: int) -> BatchView:
    """A batch as it is shown."""
    return BatchView(
        id=batch.id,
        kind=BatchKind(batch.kind),
        office=batch.office,
        made_by=batch.made_by,
        made_at=batch.made_at,
        closed_at=batch.closed_at,
        cases=cases,
        waiting=waiting,
    )


async def _lock(work: Work, batch_id: UUID) -> CardBatch:
    batch = await work.session.get(CardBatch, batch_id, with_for_update=True)
    if batch is None or batch.office != own_office(work.actor):
        raise NotFound()
    return batch


def _read(content: bytes, columns: Mapping[str, Any]) -> list[Row]:
    rows = read_rows(content, columns, "/file")
    if len(rows) > batches.MOST_IN_BATCH:
        raise Wrong(
            _TOO_MANY,
            Text(
                "1つのファイルは{most_in_batch}行までです。分けて送信してください。",
                "A file has at most {most_in_batch} rows. Send several.",
            ).with_values(most_in_batch=batches.MOST_IN_BATCH),
            "/file",
        )
    return rows


async def _take_row(work: Work, kind: BatchKind, row: Row, case: Case, known: Mapping[UUID, str]) -> LineOutcome:
    number, recorded = row["receipt_number"], known.get(case.id)
    if kind is BatchKind.PRINT:
        is_known = recorded is not None and recorded == _card_number(row["card_number"])
        if is_known and case.state != State.CARD_PRODUCTION:
            return outcome(row.line, number, "already", ALREADY, case.id)
        return await take_line(work, row.line, number, case.id, cards.issue_card, row["card_number"], case.stay_until)
    tracking = code_like(row["tracking_number"])
    if recorded == tracking and case.state == State.DISPATCHED:
        return outcome(row.line, number, "already", ALREADY, case.id)
    return await take_line(work, row.line, number, case.id, cards.mail, _carrier(row["carrier"]), tracking)


def _card_number(entered: str) -> str | None:
    try:
        return residence_card_number(entered)
    except BadValue:
        return None


def _carrier(entered: str) -> str:
    """A carrier by its code, or by its name in either language."""
    named = (code for code, text in CARRIERS.items() if entered in (text.ja, text.en))
    return next(named, entered)


async def _as_already(work: Work, taken: LineOutcome, case_id: UUID, result: Delivered) -> LineOutcome:
    """`already` in place of the refusal of a report that was taken before."""
    case = await work.session.get(Case, case_id)
    if taken.code == "wrong-state" and case is not None and case.state == batches.RECORDED[result]:
        return outcome(taken.line, taken.number, "already", ALREADY, case_id)
    return taken


def _unknown_result() -> Text:
    words = list(batches.RESULT_WORDS)
    return Text("配達の結果は次のいずれかです：{words}", "The result is one of: {words}").with_values(words=words)
