"""Figures and counts of the queue worked out once more, from the journal alone: each case is followed line by line."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from services.review.allocation.domain.waits import WAITS
from services.review.cases.domain.clock import Dates, holding
from services.review.cases.domain.states import CLOSED, UNDECIDED, WITH_APPLICANT, State
from services.review.cases.domain.urgency import standard_end
from services.review.figures.domain import AGES
from shared.clock import legal_date
from shared.db import Database

_LINES = text("SELECT at, action, changes FROM journal WHERE aggregate = 'case' ORDER BY position")
# The states in which a case is left without a decision of its own kind; every other end is a grant. A case that was
# terminated with its fee known was granted before.
_NOT_GRANTED = {State.DECIDED_REFUSE, State.NOT_ACCEPTED, State.WITHDRAWN, State.TERMINATED}
_NEEDS_NO_OLD_CARD = {"COE", "WORKCERT"}


@dataclass
class Followed:
    """A case as its lines of the journal leave it, with each state that it was in, and since when."""

    row: dict[str, Any] = field(default_factory=dict)
    states: list[tuple[State, datetime]] = field(default_factory=list)

    def take(self, at: datetime, values: Mapping[str, Any]) -> None:
        """One change of the row."""
        self.row |= values
        if "state" in values and (not self.states or self.states[-1][0] != values["state"]):
            self.states.append((State(values["state"]), at))

    @property
    def state(self) -> State:
        return self.states[-1][0]

    @property
    def submitted_at(self) -> datetime:
        return datetime.fromisoformat(self.row["submitted_at"])

    @property
    def decided_at(self) -> datetime | None:
        """The moment at which it was first neither undecided nor waiting for its decision to take effect."""
        return next((at for state, at in self.states if state not in UNDECIDED), None)

    def spans(self) -> Iterator[tuple[State, datetime, datetime]]:
        """The states that it left, with the moments of coming and leaving."""
        for (state, since), (_, until) in zip(self.states, self.states[1:], strict=False):
            yield state, since, until

    @property
    def waited(self) -> timedelta:
        """The time that it waited for the applicant, as far as that is over."""
        spans = (until - since for state, since, until in self.spans() if state in WITH_APPLICANT)
        return sum(spans, timedelta())

    def as_counted(self) -> dict[str, Any]:
        """The case as the figures are worked out from it one by one."""
        decided_at = self.decided_at
        ended_grant = self.state is State.TERMINATED and self.row.get("fee_yen") is not None
        granted = decided_at is not None and (ended_grant or self.state not in _NOT_GRANTED)
        return {
            **{name: self.row[name] for name in ("office", "procedure", "status_of_residence")},
            "submitted_at": self.submitted_at.isoformat(),
            "decided_at": decided_at.isoformat() if decided_at else None,
            "state": "DELIVERED" if granted else self.state.value,
            "waited_seconds": int(self.waited.total_seconds()),
        }

    def dates(self) -> Dates:
        """The days that its clock counts from; that of the standard period follows from others, and is in no line."""

        def moment(name: str) -> datetime | None:
            value = self.row.get(name)
            return datetime.fromisoformat(value) if value else None

        def day(name: str) -> date | None:
            value = self.row.get(name)
            return date.fromisoformat(value) if value else None

        seconds = int(self.waited.total_seconds())
        received_on = date.fromisoformat(self.row["legal_date"])
        end = standard_end(self.row["procedure"], received_on, seconds)
        return Dates(end, moment("special_period_end"), day("documents_due"), self.states[-1][1])


async def followed(db: Database) -> list[Followed]:
    """Every case, by the journal."""
    found: dict[UUID, Followed] = {}
    async with db.read() as session:
        lines: Sequence[Any] = (await session.execute(_LINES)).all()
    for line in lines:
        for change in line.changes:
            if change["table"] == "cases":
                case = found.setdefault(change["key"]["id"], Followed())
                if line.action == "case:approve":
                    # Its row is written once, with the effect where that comes at once.
                    case.take(line.at, {"state": State.DECIDED})
                case.take(line.at, change["set"])
    return list(found.values())


def steps(cases: Sequence[Followed]) -> dict[str, list[int]]:
    """The whole days that cases had been in each state that they left."""
    found: dict[str, list[int]] = {}
    for case in cases:
        for state, since, until in case.spans():
            found.setdefault(state.value, []).append((until - since) // timedelta(days=1))
    return found


def queues(cases: Sequence[Followed], now: datetime) -> dict[tuple[str, str], tuple[int, int, list[int]]]:
    """By office and procedure the undecided cases: how many, those that wait for the applicant, and by age."""
    found: dict[tuple[str, str], tuple[int, int, list[int]]] = {}
    for case in cases:
        if case.state in UNDECIDED:
            key = (case.row["office"], case.row["procedure"])
            open_, waiting, ages = found.get(key, (0, 0, [0] * (len(AGES) + 1)))
            ages[sum((now - case.submitted_at) // timedelta(days=1) >= age for age in AGES)] += 1
            found[key] = (open_ + 1, waiting + (case.state in WITH_APPLICANT), ages)
    return found


def counts(cases: Sequence[Followed], office: str, now: datetime) -> Mapping[str, Counter[str]]:
    """The open cases of an office by state, by what they wait for, those that are late with it, and by concern."""
    found: dict[str, Counter[str]] = {name: Counter() for name in ("states", "waits", "late", "concerns")}
    today = legal_date(now)
    for case in cases:
        if case.row["office"] != office or case.state in CLOSED:
            continue
        found["states"][case.state.value] += 1
        dates = case.dates()
        found["concerns"].update(concern.name for concern in holding(case.state, dates, now))
        for wait in WAITS:
            if case.state not in wait.states or not _waits(wait.name, case.row):
                continue
            found["waits"][wait.name] += 1
            if wait.name == "documents":
                is_late = dates.documents_due is not None and dates.documents_due < today
            else:
                since = dates.state_since
                if wait.name == "unassigned":
                    since = datetime.fromisoformat(case.row["examiner_since"])
                is_late = since < now - timedelta(days=wait.late_after(today))
            found["late"][wait.name] += is_late
    return {name: +counter for name, counter in found.items()}


def _waits(wait: str, row: Mapping[str, Any]) -> bool:
    if wait == "unassigned":
        return row["examiner_id"] is None
    if wait == "fee":
        return not row["fee_paid"]
    if wait == "card_materials":
        return not row["materials_received"] and row["procedure"] not in _NEEDS_NO_OLD_CARD
    return True
