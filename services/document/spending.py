"""The cost of an owner's checks in this hour: costly and refused files are counted, in the database.

So it holds after a restart and for all processes together. The hour is that of the clock; a limit that is used up is
whole again at the next.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.document.domain import Allowance, hour_of
from services.document.store import CheckSpending
from shared.clock import Clock
from shared.db import Database
from shared.errors import Text, TooMany


class ChecksUsedUp(TooMany):
    """The checks of this hour are used up: too many files were refused, or their checks took too long."""

    code = "checks-used-up"
    title = Text("1時間に確認できるファイルの上限に達しました", "Your file checks for this hour are used up")

    def __init__(self, wait: timedelta) -> None:
        seconds = max(int(wait.total_seconds()), 1)
        self.headers: Mapping[str, str] = {"Retry-After": str(seconds)}
        minutes = -(-seconds // 60)
        super().__init__(
            Text(
                f"使用できないファイル、または確認に時間のかかるファイルが多く送信されました。約{minutes}分後に"
                "再度お試しください。PDF は「印刷」→「PDF に保存」で作り直すと、確認が早く終わります。",
                f"Many of the files sent could not be used or took long to check. Try again in about {minutes} "
                f"{'minute' if minutes == 1 else 'minutes'}. A PDF made again with Print > Save as PDF is checked "
                "faster.",
            )
        )


@dataclass(frozen=True, slots=True)
class Charged:
    """The owner or address that a check is charged to, and what is allowed in an hour."""

    key: str
    allowance: Allowance


class Spending:
    """Adds up what checks cost."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def admit(self, charged: Sequence[Charged]) -> None:
        """Raises `ChecksUsedUp` where one of `charged` has nothing left in this hour."""
        now = self._clock.now()
        allowances = {each.key: each.allowance for each in charged}
        query = select(CheckSpending).where(
            CheckSpending.hour == hour_of(now), CheckSpending.spender.in_(list(allowances))
        )
        async with self._db.read() as session:
            spent = (await session.scalars(query)).all()
        if any(allowances[row.spender].used_up(row.seconds, row.refused) for row in spent):
            raise ChecksUsedUp(hour_of(now) + timedelta(hours=1) - now)

    async def add(self, charged: Sequence[Charged], seconds: float, refused: bool) -> None:
        """Charge one check."""
        if not seconds and not refused:
            return
        hour = hour_of(self._clock.now())
        rows = [
            {"spender": key, "hour": hour, "seconds": seconds, "refused": int(refused)}
            # In one order for all, so that two checks never wait for each other.
            for key in sorted({each.key for each in charged})
        ]
        new = insert(CheckSpending).values(rows)
        statement = new.on_conflict_do_update(
            index_elements=["spender", "hour"],
            set_={
                "seconds": CheckSpending.seconds + new.excluded.seconds,
                "refused": CheckSpending.refused + new.excluded.refused,
            },
        )
        async with self._db.transaction() as session:
            await session.execute(statement)
