"""The duration of a decision: what is published, and what this system measured from its own decisions."""

from datetime import date, timedelta

from services.application.changes import store
from services.application.changes.domain.expectation import (
    FEWEST_DECISIONS,
    MEASURED_OVER,
    Published,
    published_times,
)
from services.application.changes.schemas import Expectation, OwnMedian, PublishedAverage, StandardPeriod
from services.application.progress.domain import State
from services.application.progress.schemas import words
from services.application.tables import Application, MeasuredTime
from shared.db import ReadSession
from shared.errors import Text
from shared.work import Work

_STANDARD = Text("標準処理期間（出入国在留管理庁が定めた期間）", "Standard processing period set by the agency")
_AVERAGE = Text(
    "公表されている平均日数（受理から許可の告知まで。不許可等を除く）",
    "Average that the agency published: from receipt to notice of permission, refusals left out",
)
_MEDIAN = Text(
    "このシステムで最近1年間に決定した申請の中央値（受付から決定まで）",
    "Median of the applications decided in this system in the last year: from receipt to decision",
)


async def measure_decision_times(work: Work) -> int:
    """Measure how long decisions of the last year took, and keep it; returns of how many kinds."""
    rows = await store.decision_times(work.session, work.now - MEASURED_OVER, FEWEST_DECISIONS)
    await store.replace_measured_times(work.session, rows, work.now)
    return len(rows)


async def expectation_of(session: ReadSession, application: Application, today: date) -> Expectation:
    """The expectation for one application, by each source that says something."""
    received = application.legal_date
    day = received or today
    published = published_times(application.procedure, application.status_of_residence, day)
    measured = await store.measured_time(session, application.procedure, application.status_of_residence)
    waits = received is not None and application.state == State.RECEIVED
    return Expectation(
        received_on=received,
        waiting_days=(today - received).days if waits and received else None,
        decided=application.state == State.DECIDED,
        standard=_standard(published, received),
        published=_average(published),
        measured=_measured(measured),
    )


def _standard(published: Published, received: date | None) -> StandardPeriod | None:
    row = published.standard
    if row is None:
        return None
    return StandardPeriod(
        label=words(_STANDARD),
        text=words(row.text),
        shortest_days=row.shortest_days,
        longest_days=row.longest_days,
        until=received + timedelta(days=row.longest_days) if received and row.from_receipt else None,
    )


def _average(published: Published) -> PublishedAverage | None:
    row = published.average
    return PublishedAverage(label=words(_AVERAGE), days=row.days, month=row.month) if row else None


def _measured(row: MeasuredTime | None) -> OwnMedian | None:
    if row is None:
        return None
    return OwnMedian(
        label=words(_MEDIAN),
        days=round(row.median_days, 1),
        decisions=row.decisions,
        measured_at=row.measured_at,
    )
