"""A service's parts put into one process: HTTP, relay, consumer, jobs; all of them, or those named in ZAIRYU_PARTS."""

from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, FastAPI, Request

from shared import logging, tracing
from shared.auth.keys import KeySet
from shared.auth.revocations import Revocations
from shared.auth.tokens import TokenVerifier
from shared.clock import Clock, SystemClock
from shared.counting import Facts, all_seen, count_job
from shared.db import Database
from shared.events.base import Event
from shared.events.counted import EventsCounted
from shared.following import Part as FollowedPart
from shared.following import following_router
from shared.http import create_app as create_http_app
from shared.http import server
from shared.http.audit import audit_router
from shared.invariants import COMMON, Invariant, invariant_job, invariants_router
from shared.journal import JournalledSession
from shared.journal.jobs import sealing_jobs
from shared.journal.rounds import verifying_job
from shared.messaging import (
    BatchHandler,
    Consumer,
    DeadLetters,
    EventKeys,
    Handler,
    KafkaProducer,
    KafkaSettings,
    KafkaSource,
    Relay,
    inbox,
    outbox,
    partitions_of,
)
from shared.operations.copies.api import copies_router
from shared.operations.letters import orders as letter_orders
from shared.operations.letters.api import letters_router
from shared.operations.rounds import rounds_router
from shared.operations.samples.api import samples_router
from shared.operations.samples.taking import sampling_job
from shared.operations.state.api import state_router
from shared.operations.state.processes import reporting
from shared.operations.state.queues import Numbers, Queue
from shared.operations.state.watches import Ask, DatabaseWatch, Watches, watch_away
from shared.partitions.upkeep import upkeep_job
from shared.parts import Part, keep_running
from shared.rebuilding import Projection, Source, rebuilds, snapshots
from shared.sealing import BadKey, Sealer
from shared.settings import ALL_PARTS, ProcessSettings, SealingSettings, ServiceSettings
from shared.timers import Due, Job, TimerHandler, TimerWorker
from shared.work import Commands, Work

Check = Callable[[], Awaitable[None]]
# Of every service: its journal, its dead letters, its state now and over time, what must hold in it.
_SHARED_ROUTERS = (
    *(audit_router, letters_router, state_router, samples_router, rounds_router, invariants_router),
    copies_router,
)
_STALE_JOBS = timedelta(minutes=2)
_Settings = TypeVar("_Settings", bound=ProcessSettings)


class Runtime:
    """Shared resources of a service's own code. Nothing here connects before it is used."""

    def __init__(
        self,
        name: str,
        settings: ServiceSettings,
        clock: Clock | None = None,
        *,
        verifier: TokenVerifier | None = None,
    ) -> None:
        self.name = name
        self.settings = settings
        self.clock: Clock = clock or SystemClock()
        self.db = Database(
            settings.database_url.get_secret_value(),
            pool_size=settings.database_pool_size,
            name=f"zairyu-{name}",
            session_class=JournalledSession,
        )
        self.event_keys = EventKeys.parse(name, settings.event_key.get_secret_value(), settings.event_public_keys)
        key = settings.sealing_key if isinstance(settings, SealingSettings) else None
        sealer = Sealer(key.get_secret_value()) if key else None
        self.commands = Commands(self.db, self.clock, self.event_keys, sealer)
        self.verifier = verifier or TokenVerifier(
            settings.token_issuer,
            KeySet.at(settings.registration_url),
            self.clock,
            revocations=Revocations.at(settings.registration_url),
        )

    @property
    def sealer(self) -> Sealer:
        """The sealer of this service's commands. Not for a service without a sealing key."""
        assert self.commands.sealer is not None, f"{self.name} has no sealing key"
        return self.commands.sealer

    @property
    def kafka(self) -> KafkaSettings:
        """Connection settings of the broker, and the form of its topics."""
        settings = self.settings
        return KafkaSettings(
            bootstrap=settings.kafka_bootstrap,
            username=settings.kafka_username,
            password=settings.kafka_password.get_secret_value() if settings.kafka_password else None,
            mechanism=settings.kafka_mechanism,
            tls=settings.kafka_tls,
            ca_file=settings.kafka_ca_file,
            idempotence=settings.kafka_idempotence,
            partitions=settings.kafka_partitions,
            replication=settings.kafka_replication,
            retention_hours=settings.kafka_retention_hours,
        )


async def current_runtime(request: Request) -> Any:
    """The runtime of the service that a request reached."""
    return request.app.state.runtime


CurrentRuntime = Annotated[Runtime, Depends(current_runtime)]


def assemble(
    runtime: Runtime,
    *,
    title: str,
    version: str,
    routers: Sequence[APIRouter],
    handlers: Mapping[type[Event], Handler | BatchHandler] | None = None,
    timers: Mapping[str, TimerHandler] | None = None,
    jobs: Sequence[Job] = (),
    checks: Mapping[str, Check] | None = None,
    background: Mapping[str, Callable[[], Coroutine[Any, Any, None]]] | None = None,
    on_start: Sequence[Callable[[], Awaitable[None]]] = (),
    on_stop: Sequence[Callable[[], Awaitable[None]]] = (),
    description: str = "",
    larger_bodies: Mapping[str, int] | None = None,
    following: FollowedPart | None = None,
    invariants: Sequence[Invariant] = (),
    queues: Sequence[Queue] = (),
    counted: type[EventsCounted] | None = None,
    facts: Facts | None = None,
    projections: Sequence[Projection] = (),
    snapshot_sources: Sequence[Source] = (),
    workers: Sequence[TimerWorker] = (),
    numbers: Sequence[Numbers] = (),
    watches: Mapping[str, Ask] | None = None,
) -> FastAPI:
    """The application of a service.

    `background` are further parts by name; they run where the part `jobs` does. `on_start` runs before the first
    request and must not need another server (a service waits for PostgreSQL and Kafka, it does not die of them).
    `larger_bodies` gives path prefixes a limit of their own, in bytes. `following` is what operators see of one
    application here; `invariants` is what must always hold in this service beside what must hold in all.
    `queues` are what operators see waiting. `counted` is the event by which others learn how many events, and `facts`,
    there were in an hour. `projections` are facts of other services that this one can rebuild, `snapshot_sources` those
    of its own that it can send again. `workers` are those among `background` whose timers operators see being worked
    through. `numbers` are further ones that operators see, now and over time.
    `watches` are what the process asks every ten seconds and can work without, by the notice that it does not answer.
    """
    between = [all_seen(runtime.name, handlers)] if handlers else []
    invariants = [*COMMON, *between, *invariants]
    needed = frozenset(ALL_PARTS) - (frozenset() if handlers else {"consumer"})
    jobs = [*jobs, invariant_job(runtime.db, invariants), sampling_job(runtime.name, queues, needed, numbers)]
    if counted is not None:
        jobs = [*jobs, count_job(counted, facts or {})]
    letters = DeadLetters(runtime.db, runtime.name, handlers or {}, keys=runtime.event_keys, clock=runtime.clock)
    sources = {source.kind: source for source in snapshot_sources}
    shared_timers = {
        letter_orders.STEP: letter_orders.step(letters),
        snapshots.STEP: snapshots.step(sources, partial(partitions_of, runtime.kafka)),
        rebuilds.STEP: rebuilds.step({projection.name: projection for projection in projections}),
    }
    running = _Parts(runtime, handlers or {}, {**(timers or {}), **shared_timers}, jobs, background or {})

    @asynccontextmanager
    async def living(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(runtime.db.close)
            runtime.db.measure()
            for stop in on_stop:
                stack.push_async_callback(stop)
            for start in on_start:
                await start()
            await stack.enter_async_context(running.running())
            await stack.enter_async_context(reporting(app))
            yield

    subscriptions = [event.event_type() for event in handlers or ()]
    operating = [
        *(made(runtime.name) for made in _SHARED_ROUTERS),
        following_router(runtime.name, following, subscriptions),
    ]
    app = create_http_app(
        title,
        version,
        [*routers, *operating] if "api" in runtime.settings.part_set else [],
        living,
        {"database": runtime.db.ping, **running.checks(), **(checks or {})},
        verifier=runtime.verifier,
        description=description,
        larger_bodies=larger_bodies,
    )
    app.state.runtime = runtime
    app.state.service = runtime.name
    app.state.handlers = dict(handlers or {})
    app.state.letters = letters
    app.state.snapshot_sources = sources
    app.state.projections = tuple(projections)
    app.state.queues = tuple(queues)
    app.state.numbers = tuple(numbers)
    app.state.parts_needed = needed
    app.state.invariants = tuple(invariants)
    app.state.relay, app.state.consumer = running.relay, running.consumer
    app.state.timer_workers = (*running.workers, *workers)
    database = DatabaseWatch(runtime.db, runtime.clock)
    away = {frozenset({notice}): watch_away(notice, ask) for notice, ask in (watches or {}).items()}
    app.state.watches = Watches({database.notices: database.look, **away}, app.state.readiness.notices)
    return app


class _Parts:
    """The parts that are not HTTP, as tasks of this process."""

    def __init__(
        self,
        runtime: Runtime,
        handlers: Mapping[type[Event], Handler | BatchHandler],
        timers: Mapping[str, TimerHandler],
        jobs: Sequence[Job],
        background: Mapping[str, Callable[[], Coroutine[Any, Any, None]]],
    ) -> None:
        wanted = runtime.settings.part_set
        self._producer = KafkaProducer(runtime.kafka)
        self._parts: list[Part] = []
        self.relay: Relay | None = None
        self.consumer: Consumer | None = None
        self.workers: list[TimerWorker] = []
        if "relay" in wanted:
            self.relay = relay = Relay(runtime.db, self._producer, clock=runtime.clock)
            self._parts.append(Part("relay", relay.run, healthy=lambda: relay.state.ready))
        if "consumer" in wanted and handlers:
            topics = sorted({event.topic for event in handlers})
            source = KafkaSource.maker(runtime.kafka, runtime.name, topics)
            self.consumer = consumer = Consumer(
                runtime.db,
                source,
                runtime.name,
                handlers,
                keys=runtime.event_keys,
                max_age=runtime.settings.inbox_remembers,
                clock=runtime.clock,
            )
            self._parts.append(Part("consumer", consumer.run, healthy=lambda: consumer.ready))
        if "jobs" in wanted:
            every = [
                *jobs,
                *sealing_jobs(runtime.settings.timestamp_url),
                verifying_job(runtime.db),
                _inbox_job(runtime.settings),
                upkeep_job(runtime.settings.inbox_remembers),
            ]
            worker = TimerWorker(runtime.commands, timers, every)
            self.workers.append(worker)
            self._parts.append(Part("jobs", worker.run, healthy=lambda: worker.failing_for() <= _STALE_JOBS))
            self._parts += [Part(name, run) for name, run in background.items()]

    def checks(self) -> dict[str, Check]:
        """Readiness of each part: its task runs, and it reports itself healthy."""
        return {part.name: part.check for part in self._parts}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run the parts until the block ends."""
        try:
            async with keep_running(*self._parts):
                yield
        finally:
            await self._producer.stop()


def _inbox_job(settings: ServiceSettings) -> Job:
    keep = settings.inbox_remembers

    async def forget(work: Work, _: Due) -> None:
        await inbox.forget(work.session, work.now - keep)
        await outbox.forget(work.session, work.now, keep)

    return Job("forget_inbox", timedelta(days=1), forget)


def serve(name: str, settings: _Settings, create_app: Callable[[_Settings], FastAPI]) -> None:
    """Run the application that `create_app` makes of `settings`, with uvicorn, until SIGTERM.

    `name` is the service's name in logs and traces. Exits with one line where a key among the settings is unusable.
    """
    logging.configure(name, settings.log_level)
    traces = tracing.configure(name, settings.otlp_endpoint)
    try:
        app = create_app(settings)
    except BadKey as error:
        raise SystemExit(str(error)) from None
    try:
        # The gateway says who the caller really is; registration alone asks, and believes the gateway alone.
        server.run(app, host=settings.host, port=settings.port, timeout_graceful_shutdown=10)
    finally:
        if traces is not None:
            traces.shutdown()
