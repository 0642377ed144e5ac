"""Envelopes with the old card, scanned one after another."""

from services.review.audit import Tag
from services.review.card_desk.commands.lines import ALREADY, TWICE, UNKNOWN, as_recorded, outcome, take_line
from services.review.card_desk.commands.offices import own_office
from services.review.card_desk.schemas.batches import LineOutcome, Outcomes
from services.review.card_desk.store.batches import ids_by_number, lock_all
from services.review.cards.commands import take_materials
from shared.work import Work


async def scan(work: Work, numbers: list[str], residence_card_received: bool) -> Outcomes:
    """Record that the envelopes with these receipt numbers arrived; each line is answered for itself."""
    office = own_office(work.actor)
    known = await ids_by_number(work.session, office, [as_recorded(number) for number in numbers])
    lines: list[LineOutcome] = []
    seen: set[str] = set()
    await lock_all(work.session, list(known.values()))
    for line, number in enumerate(numbers, start=1):
        recorded = as_recorded(number)
        case_id = known.get(recorded)
        if case_id is None:
            lines.append(outcome(line, number, "unknown-number", UNKNOWN))
            continue
        if recorded in seen:
            lines.append(outcome(line, number, "twice", TWICE, case_id))
            continue
        seen.add(recorded)
        taken = await take_line(work, line, number, case_id, take_materials, residence_card_received)
        if taken.code == "materials-received-already":
            taken = outcome(line, number, "already", ALREADY, case_id)
        lines.append(taken)
    found = Outcomes.of(lines)
    work.journal("card_desk", work.actor_id, Tag.SCAN, {"lines": len(lines), "done": found.done})
    return found
