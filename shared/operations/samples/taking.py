"""The job that takes the samples of a service."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from shared.http.recent import BOUNDS, quantile
from shared.operations.samples.store import keep
from shared.operations.state.queues import Numbers, Queue
from shared.operations.state.schemas import RequestsState, Stored
from shared.operations.state.store import stored
from shared.timers import Due, Job
from shared.work import Work


def sampling_job(group: str, queues: Sequence[Queue], parts: Collection[str], numbers: Sequence[Numbers] = ()) -> Job:
    """The job of every minute. What the processes of the service reported is in it."""

    async def take(work: Work, _: Due) -> None:
        state = await stored(work.session, group, queues, parts, work.now, numbers)
        await keep(work.session, work.now, values_of(state, work.now))

    return Job("samples", timedelta(minutes=1), take)


def values_of(state: Stored, now: datetime) -> dict[str, float]:
    """The samples that follow from the state of a service, by name."""
    reporting = [process for process in state.processes if not process.is_silent]
    answered = [process.requests for process in reporting if process.requests]
    consumers = [process.consumer for process in reporting if process.consumer]
    values: dict[str, float] = {
        "outbox": state.outbox.rows,
        "outbox-oldest": _age(state.outbox.oldest_at, now),
        "lag": sum(consumer.lag for consumer in consumers),
        "unread-oldest": max(
            (topic.oldest_seconds or 0 for consumer in consumers for topic in consumer.topics), default=0
        ),
        "letters": sum(state.letters.get(status, 0) for status in ("parked", "refused")),
        "timers-late": max((_age(timer.oldest_due_at, now) for timer in state.timers), default=0),
        "unsealed": _age(state.journal.unsealed_since, now),
        "connections": state.database.connections,
    }
    queues = {f"queue:{queue.name}": queue.rows for queue in state.queues}
    return values | values_of_requests(answered) | queues | state.numbers


def values_of_requests(answered: Sequence[RequestsState]) -> dict[str, float]:
    """The samples that follow from the requests that several processes answered in a minute."""
    values: dict[str, float] = {
        "requests": sum(each.requests for each in answered),
        "errors": sum(each.errors for each in answered),
    }
    by_duration = [sum(each.by_duration[at] for each in answered) for at in range(len(BOUNDS) + 1)]
    # A minute without requests has no duration: a gap in the chart.
    if (slow := quantile(by_duration, 0.95)) is not None:
        values["slow"] = round(slow * 1000, 1)
    return values


def _age(moment: datetime | None, now: datetime) -> float:
    return max((now - moment).total_seconds(), 0) if moment else 0
