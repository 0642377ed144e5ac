"""The decision on something submitted: an officer approves it, returns it for correction, or rejects it.

Written once for whatever is `Decidable`: usage registrations, periodic reports.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from services.registration.accounts.store import accounts
from services.registration.accounts.store.accounts import Account
from services.registration.audit import Tag
from services.registration.context import CommandContext
from services.registration.usage_registration.domain.usage_registration import (
    Origin,
    Requirements,
    Status,
    Step,
    StepNotPossible,
    after,
    is_own,
)
from services.registration.usage_registration.problems import OwnRegistration, missing_requirements, step_not_possible
from services.registration.usage_registration.schemas.decisions import Count, Decided
from services.registration.usage_registration.store import queues
from services.registration.usage_registration.store.periodic_reports import PeriodicReport
from services.registration.usage_registration.store.queues import Wanted
from services.registration.usage_registration.store.usage_registrations import UsageRegistration
from shared.auth import Record, Scope, sees
from shared.db import ReadSession
from shared.errors import NotFound
from shared.events.base import Event
from shared.events.fields import RequestedItem
from shared.work import Work

R = TypeVar("R", UsageRegistration, PeriodicReport)
Submitted = UsageRegistration | PeriodicReport


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that has to be corrected."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class DecisionTags:
    """The journal's tags of the three decisions."""

    approve: Tag
    send_back: Tag
    reject: Tag


class Decidable(Protocol[R]):
    """A kind of record that officers decide on. Its row, whose it is, and what follows from each decision."""

    aggregate: str  # its name in the journal
    record: Record  # which officers see it
    table: type[R]
    tags: DecisionTags

    async def lines(self, session: ReadSession, rows: Sequence[R]) -> list[dict[str, Any]]:
        """Lines of the queue; they name organisations and no person."""

    async def read(self, work: Work, record_id: UUID) -> Any:
        """The record, whole. Raises `NotFound`; an officer's reading is journalled."""

    async def locked(self, work: Work, record_id: UUID) -> R | None:
        """The row, locked, with whatever has to be locked before it."""

    async def applicant(self, work: Work, row: R) -> tuple[Account, Origin]:
        """The account that the decision is about, and whose the record is."""

    def require_approvable(self, applicant: Account) -> None:
        """Raise `Conflict` where an approval would help nobody."""

    async def term(self, work: Work, row: R, today: date) -> date:
        """The last day for which an approval of today holds. Raises `Conflict` where it is over already."""

    async def approved(
        self, work: Work, context: CommandContext, row: R, applicant: Account, valid_until: date
    ) -> None:
        """Let the approval take effect, and emit its events."""

    async def returned(
        self, work: Work, context: CommandContext, row: R, applicant: Account, items: tuple[RequestedItem, ...]
    ) -> Event:
        """Let the applicant correct it; the event to emit."""

    async def rejected(self, work: Work, context: CommandContext, row: R, applicant: Account, reason: str) -> Event:
        """Let the rejection take effect; the event to emit."""


class Decisions(Generic[R]):
    """The three decisions on one kind of record."""

    def __init__(self, kind: Decidable[R]) -> None:
        self.kind: Decidable[R] = kind

    async def page(
        self, session: ReadSession, scope: Scope, wanted: Wanted, after: tuple[datetime, UUID] | None, limit: int
    ) -> list[dict[str, Any]]:
        """Lines of the queue, the longest waiting first."""
        rows = await queues.page(session, self.kind.table, scope, wanted, after, limit)
        return await self.kind.lines(session, rows)

    async def counts(self, session: ReadSession, scope: Scope) -> list[Count]:
        """The records in `scope` by status and user class."""
        return [
            Count(status=Status(row.status), role=row.role, records=row.records, oldest=row.oldest)
            for row in await queues.counts(session, self.kind.table, scope)
        ]

    async def approve(
        self, work: Work, context: CommandContext, record_id: UUID, requirements: Requirements, note: str | None
    ) -> Decided:
        """Approve it. Raises `Invalid` where a requirement that is asked of the user class was not confirmed."""
        row, applicant = await self._take(work, record_id, Step.APPROVE)
        self.kind.require_approvable(applicant)
        if missing := requirements.missing(row.role, row.category, work.today):
            raise missing_requirements(missing)
        valid_until = await self.kind.term(work, row, work.today)
        row.requirements, row.note, row.valid_until = asdict(requirements), note, valid_until
        _sign(work, row)
        work.journal(self.kind.aggregate, row.id, self.kind.tags.approve)
        await self.kind.approved(work, context, row, applicant, valid_until)
        return Decided(status=row.status, valid_until=valid_until)

    async def send_back(self, work: Work, context: CommandContext, record_id: UUID, items: Sequence[Item]) -> Decided:
        """Return it with the things to correct (差戻し)."""
        row, applicant = await self._take(work, record_id, Step.RETURN)
        row.returned_items = json.dumps([asdict(item) for item in items], ensure_ascii=False)
        requested = tuple(RequestedItem(code=item.code, sealed_text=work.seal(item.message)) for item in items)
        event = await self.kind.returned(work, context, row, applicant, requested)
        work.journal(self.kind.aggregate, row.id, self.kind.tags.send_back, {"codes": [item.code for item in items]})
        work.emit(event)
        return Decided(status=row.status)

    async def reject(
        self, work: Work, context: CommandContext, record_id: UUID, reason_code: str, reason: str
    ) -> Decided:
        """Reject it, with the reason (不承認)."""
        row, applicant = await self._take(work, record_id, Step.REJECT)
        row.reason_code, row.reason = reason_code, reason
        _sign(work, row)
        event = await self.kind.rejected(work, context, row, applicant, reason)
        work.journal(self.kind.aggregate, row.id, self.kind.tags.reject)
        work.emit(event)
        return Decided(status=row.status)

    async def _take(self, work: Work, record_id: UUID, step: Step) -> tuple[R, Account]:
        """The row, locked and set to where `step` leads, and the applicant's account.

        Raises `NotFound`, `OwnRegistration`, or `Conflict` where the step is not possible.
        """
        row = await self.kind.locked(work, record_id)
        if row is None or not sees(work.actor, self.kind.record, row.office):
            raise NotFound()
        applicant, origin = await self.kind.applicant(work, row)
        await _forbid_self_decision(work, origin)
        advance(row, step)
        return row, applicant


def advance(row: Submitted, step: Step) -> None:
    """Set a locked row to where `step` leads. Raises `Conflict` where it leads nowhere."""
    try:
        row.status = after(Status(row.status), step).value
    except StepNotPossible as error:
        raise step_not_possible(error) from error
    row.revision += 1


async def _forbid_self_decision(work: Work, origin: Origin) -> None:
    """Raise `OwnRegistration` where the officer would decide what is their own."""
    officer = await accounts.account(work.session, work.actor_id)
    if is_own(origin, work.actor_id, officer.email if officer else None):
        raise OwnRegistration()


def _sign(work: Work, row: Submitted) -> None:
    """Record who decided, and when."""
    row.decided_at, row.decided_by = work.now, work.actor.id
