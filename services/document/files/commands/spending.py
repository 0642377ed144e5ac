"""The cost of an owner's checks in this hour: costly and refused files are counted, in the database.

So it holds after a restart and for all processes together. The hour is that of the clock; a limit that is used up is
whole again at the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from services.document.files.domain import Allowance, hour_of
from services.document.files.problems import ChecksUsedUp
from services.document.files.store import spending
from shared.clock import Clock
from shared.db import Database, ReadSession


@dataclass(frozen=True, slots=True)
class Charged:
    """The owner or address that a check is charged to, and what is allowed in an hour."""

    key: str
    allowance: Allowance


@dataclass(slots=True)
class Bill:
    """The cost of some checks: seconds of CPU, and files that turned out unusable."""

    seconds: float = 0
    refused: int = 0


class Spending:
    """Adds up what checks cost."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def admit(self, session: ReadSession, charged: Sequence[Charged]) -> None:
        """Raises `ChecksUsedUp` where one of `charged` has nothing left in this hour."""
        now = self._clock.now()
        allowances = {each.key: each.allowance for each in charged}
        spent = await spending.spent_in(session, hour_of(now), list(allowances))
        if any(allowances[row.spender].used_up(row.seconds, row.refused) for row in spent):
            raise ChecksUsedUp(hour_of(now) + timedelta(hours=1) - now)

    async def add(self, charged: Sequence[Charged], bill: Bill) -> None:
        """Charge some checks."""
        if not bill.seconds and not bill.refused:
            return
        hour = hour_of(self._clock.now())
        async with self._db.transaction() as session:
            await spending.charge(session, {each.key for each in charged}, hour, bill.seconds, bill.refused)
