"""What usage registrations and periodic reports have in common: an officer examines them, and may send them back."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from services.registration.accounts.store import accounts
from services.registration.context import CommandContext
from services.registration.usage_registration.domain.usage_registration import (
    Origin,
    Status,
    Step,
    StepNotPossible,
    after,
    is_own,
)
from services.registration.usage_registration.problems import OwnRegistration, step_not_possible
from services.registration.usage_registration.store.periodic_reports import PeriodicReport
from services.registration.usage_registration.store.usage_registrations import UsageRegistration
from shared.events.fields import RequestedItem
from shared.work import Work

Examined = UsageRegistration | PeriodicReport


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that has to be mended."""

    code: str
    message: str


async def require_other(work: Work, origin: Origin) -> None:
    """Raise `OwnRegistration` where the officer would decide what is their own."""
    assert work.actor.id is not None
    officer = await accounts.account(work.session, work.actor.id)
    if is_own(origin, work.actor.id, officer.email if officer else None):
        raise OwnRegistration()


def take_step(row: Examined, step: Step) -> None:
    """Set a locked row to where `step` leads. Raises `Conflict` where it leads nowhere."""
    try:
        row.status = after(Status(row.status), step).value
    except StepNotPossible as error:
        raise step_not_possible(error) from error
    row.revision += 1


def sign(work: Work, row: Examined) -> None:
    """Say who decided, and when."""
    row.decided_at, row.decided_by = work.now, work.actor.id


def ask_to_mend(row: Examined, items: Sequence[Item], context: CommandContext) -> tuple[RequestedItem, ...]:
    """Keep what has to be mended with the row; the same, sealed, for the event."""
    row.returned_items = json.dumps([asdict(item) for item in items], ensure_ascii=False)
    return tuple(RequestedItem(code=item.code, sealed_text=context.sealer.seal(item.message)) for item in items)
