"""Counter visits: the hours of each office as data, the times that can be booked, and who has them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.review.cases.domain.refusal import NotNow, Wrong
from services.review.cases.domain.states import State
from shared.errors import Text
from shared.reference.holidays import is_agency_holiday

JAPAN = ZoneInfo("Asia/Tokyo")
# Times are offered from tomorrow on, for so many days on which the office is open.
DAYS_AHEAD = 15


@dataclass(frozen=True, slots=True)
class Counter:
    """The counter of an office: its hours, the length of a visit, and how many it serves at a time.

    The hours are those of the reception windows; the number of places is a working figure of this project.
    """

    hours: tuple[tuple[time, time], ...] = ((time(9), time(12)), (time(13), time(16)))
    minutes: int = 30
    places: int = 2

    def times(self) -> Iterator[time]:
        """The times of a day at which visits begin."""
        for opens, closes in self.hours:
            at = datetime.combine(date.min, opens)
            while at + timedelta(minutes=self.minutes) <= datetime.combine(date.min, closes):
                yield at.time()
                at += timedelta(minutes=self.minutes)


_USUAL = Counter()
COUNTERS: Mapping[str, Counter] = {
    "TYO": Counter(minutes=15, places=6),
    "OSA": Counter(minutes=15, places=4),
    "NGY": Counter(minutes=15, places=3),
    "YOK": Counter(minutes=30, places=3),
}


def counter_of(office: str) -> Counter:
    """The counter of an office."""
    return COUNTERS.get(office, _USUAL)


def days_offered(today: date, last: date | None) -> list[date]:
    """The days on which visits can be booked: from tomorrow on, while the office is open, to the last day for it."""
    found: list[date] = []
    day = today
    while len(found) < DAYS_AHEAD:
        day += timedelta(days=1)
        if last is not None and day > last:
            break
        if not is_agency_holiday(day):
            found.append(day)
    return found


def times_offered(office: str, today: date, last: date | None) -> list[datetime]:
    """The moments at which visits can begin."""
    times = list(counter_of(office).times())
    return [datetime.combine(day, at, JAPAN) for day in days_offered(today, last) for at in times]


def check_time(starts_at: datetime, office: str, today: date, last: date | None) -> None:
    """Raise `Wrong` for a moment that is not offered."""
    if starts_at not in times_offered(office, today, last):
        raise Wrong(
            "time-not-offered",
            Text(
                "この日時は予約できません。一覧から選択してください。",
                "This time is not offered. Choose one of the list.",
            ),
            "/starts_at",
        )


def check_waits(case: State) -> None:
    """Raise `NotNow` where no visit is needed."""
    if case is not State.COUNTER_VISIT:
        raise NotNow(
            "no-visit-needed",
            Text("この申請では、窓口への来庁は必要ありません", "No visit to a counter is needed for this application"),
        )


def free_place(taken: set[int], office: str) -> int:
    """The lowest place that is free at a time; raises `NotNow` where all are taken."""
    for place in range(1, counter_of(office).places + 1):
        if place not in taken:
            return place
    raise NotNow(
        "time-full",
        Text(
            "この時間の予約は埋まりました。別の時間を選択してください。", "This time is full now. Choose another one."
        ),
    )
