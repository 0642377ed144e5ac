"""A process of a service seen from inside, with its relay, its consumer and the timer that it works on."""

from collections.abc import Iterable, Mapping

from fastapi import FastAPI

from shared.messaging import Consumer, Relay
from shared.messaging.message import Partition
from shared.messaging.ports import Progress
from shared.operations.state import own
from shared.operations.state.schemas import (
    ConsumerState,
    MovingState,
    ProcessReport,
    TopicState,
    WorkState,
)
from shared.timers import TimerWorker


async def observe(app: FastAPI) -> ProcessReport:
    """The report of this process now."""
    found = await own.observe(app, app.state.runtime.settings.part_set)
    return found.model_copy(update={"relay": relay(app), "consumer": consumer(app), "working_on": _working_on(app)})


def relay(app: FastAPI) -> MovingState | None:
    """The relay of this process, with its phase."""
    running: Relay | None = app.state.relay
    return MovingState.model_validate(running.state, from_attributes=True) if running else None


def consumer(app: FastAPI) -> ConsumerState | None:
    """The consumer of this process, with the messages that it has still to take."""
    running: Consumer | None = app.state.consumer
    if running is None:
        return None
    progress, state = running.progress, running.state
    topics = [
        _topic(name, {place: at for place, at in progress.items() if place.topic == name}, running)
        for name in sorted({place.topic for place in progress})
    ]
    return ConsumerState(
        phase=state.phase,
        since=state.since,
        reason=state.reason,
        partitions=state.partitions,
        lag=sum(topic.lag for topic in topics),
        topics=topics,
    )


def _topic(name: str, found: Mapping[Partition, Progress], running: Consumer) -> TopicState:
    ages = [age for place in found if (age := running.age(place)) is not None]
    rates = [rate for place in found if (rate := running.rate(place)) is not None]
    return TopicState(
        topic=name,
        partitions=len(found),
        end=sum(at.end for at in found.values()),
        lag=sum(at.lag for at in found.values()),
        oldest_seconds=round(max(ages), 1) if ages else None,
        arrived=round(sum(rate.arrived for rate in rates), 1) if rates else None,
        taken=round(sum(rate.taken for rate in rates), 1) if rates else None,
    )


def _working_on(app: FastAPI) -> list[WorkState]:
    workers: Iterable[TimerWorker] = app.state.timer_workers
    found = [work for worker in workers if (work := worker.working_on())]
    return [WorkState(kind=kind, seconds=round(seconds, 1)) for kind, seconds in found]
