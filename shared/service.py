"""A service's parts put into one process: HTTP, relay, consumer, jobs; all of them, or those named in ZAIRYU_PARTS."""

import asyncio
import importlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Depends, FastAPI, Request

from shared import logging, tracing
from shared.auth.keys import KeySet
from shared.auth.revocations import Revocations
from shared.auth.tokens import TokenVerifier
from shared.clock import Clock, SystemClock
from shared.db import Database
from shared.errors import Unavailable
from shared.events import Event
from shared.http import create_app, server
from shared.http.audit import audit_router
from shared.journal import JournalledSession
from shared.journal.jobs import sealing_jobs
from shared.messaging import BatchHandler, Consumer, Handler, KafkaProducer, KafkaSettings, KafkaSource, Relay, inbox
from shared.sealing import Sealer
from shared.settings import ProcessSettings, ServiceSettings
from shared.timers import Due, Job, TimerHandler, TimerWorker
from shared.work import Commands, Work

log = structlog.get_logger(__name__)
Check = Callable[[], Awaitable[None]]
_STALE_JOBS = timedelta(minutes=2)


class Runtime:
    """What a service's own code works with. Nothing here connects before it is used."""

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
        self.source = f"/zairyu/{name}"
        self.commands = Commands(self.db, self.clock, self.source)
        self.sealer = Sealer(settings.sealing_key.get_secret_value())
        self.verifier = verifier or TokenVerifier(
            settings.token_issuer,
            KeySet.at(settings.registration_url),
            self.clock,
            revocations=Revocations.at(settings.registration_url),
        )

    @property
    def kafka(self) -> KafkaSettings:
        """How this service reaches the broker and what its topics look like."""
        settings = self.settings
        return KafkaSettings(
            bootstrap=settings.kafka_bootstrap,
            idempotence=settings.kafka_idempotence,
            partitions=settings.kafka_partitions,
            replication=settings.kafka_replication,
            retention_hours=settings.kafka_retention_hours,
        )


def current_runtime(request: Request) -> Any:
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
    background: Sequence[Callable[[], Coroutine[Any, Any, None]]] = (),
    on_start: Sequence[Callable[[], Awaitable[None]]] = (),
    on_stop: Sequence[Callable[[], Awaitable[None]]] = (),
    **http: Any,
) -> FastAPI:
    """The application of a service.

    `background` coroutines run as long as the process does, with the part `jobs`. `on_start` runs before the first
    request and must not need another server (a service waits for PostgreSQL and Kafka, it does not die of them).
    `http` goes to `shared.http.create_app`.
    """
    running = _Parts(runtime, handlers or {}, timers or {}, jobs, background)

    @asynccontextmanager
    async def living(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(runtime.db.close)
            for stop in on_stop:
                stack.push_async_callback(stop)
            for start in on_start:
                await start()
            await stack.enter_async_context(running.running())
            yield

    app = create_app(
        title,
        version,
        [*routers, audit_router(runtime.name)] if "api" in runtime.settings.part_set else [],
        living,
        {"database": runtime.db.ping, **running.checks(), **(checks or {})},
        verifier=runtime.verifier,
        **http,
    )
    app.state.runtime = runtime
    app.state.service = runtime.name
    app.state.handlers = dict(handlers or {})
    return app


class _Parts:
    """The parts that are not HTTP, as tasks of this process."""

    def __init__(
        self,
        runtime: Runtime,
        handlers: Mapping[type[Event], Handler | BatchHandler],
        timers: Mapping[str, TimerHandler],
        jobs: Sequence[Job],
        background: Sequence[Callable[[], Coroutine[Any, Any, None]]],
    ) -> None:
        parts = runtime.settings.part_set
        self._clock = runtime.clock
        self._producer = KafkaProducer(runtime.kafka)
        self.relay = Relay(runtime.db, self._producer, clock=runtime.clock) if "relay" in parts else None
        self.consumer: Consumer | None = None
        if "consumer" in parts and handlers:
            topics = sorted({event.topic for event in handlers})
            source = KafkaSource.maker(runtime.kafka, runtime.name, topics)
            self.consumer = Consumer(runtime.db, source, runtime.name, handlers, clock=runtime.clock)
        self.worker: TimerWorker | None = None
        if "jobs" in parts:
            every = [*jobs, *sealing_jobs(runtime.settings.timestamp_url), _inbox_job(runtime.settings)]
            self.worker = TimerWorker(runtime.db, runtime.clock, runtime.source, timers, every)
        self._background = background if "jobs" in parts else ()

    def checks(self) -> dict[str, Check]:
        """Readiness of each part that runs."""
        checks: dict[str, Check] = {}
        if self.relay:
            checks["relay"] = self._relay_ready
        if self.consumer:
            checks["consumer"] = self._consumer_ready
        if self.worker:
            checks["jobs"] = self._jobs_ready
        return checks

    async def _relay_ready(self) -> None:
        assert self.relay
        if not self.relay.state.ready:
            raise Unavailable(code="relay-not-running")

    async def _consumer_ready(self) -> None:
        assert self.consumer
        if not self.consumer.state.ready:
            raise Unavailable(code="consumer-not-running")

    async def _jobs_ready(self) -> None:
        assert self.worker
        since = self.worker.failing_since
        if since is not None and self._clock.now() - since > _STALE_JOBS:
            raise Unavailable(code="jobs-not-running")

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run the parts until the block ends; a part that ends by itself is a bug and is said so."""
        loops = [part.run for part in (self.relay, self.consumer, self.worker) if part]
        tasks = [asyncio.create_task(run(), name=getattr(run, "__qualname__", "part")) for run in loops]
        tasks += [asyncio.create_task(run(), name="background") for run in self._background]
        for task in tasks:
            task.add_done_callback(_say_if_ended)
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            for task in tasks:
                with suppress(asyncio.CancelledError, Exception):
                    await task
            await self._producer.stop()


def _inbox_job(settings: ServiceSettings) -> Job:
    # Twice as long as topics keep events: an event that comes again after that would have a second effect.
    keep = timedelta(hours=2 * settings.kafka_retention_hours)

    async def forget(work: Work, _: Due) -> None:
        await inbox.forget(work.session, work.now - keep)

    return Job("forget_inbox", timedelta(days=1), forget)


def _say_if_ended(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        log.error("service.part_ended", part=task.get_name(), error_type=type(error).__name__, exc_info=error)


def serve(name: str, settings: ProcessSettings) -> None:
    """Run `services.NAME.app:create_app` with uvicorn until SIGTERM; what `python -m services.NAME` does."""
    logging.configure(name, settings.log_level)
    traces = tracing.configure(name, settings.otlp_endpoint)
    app = importlib.import_module(f"services.{name}.app").create_app(settings)
    try:
        # Who the caller really is, the gateway says; registration alone asks, and believes the gateway alone.
        server.run(app, host=settings.host, port=settings.port, timeout_graceful_shutdown=10)
    finally:
        if traces is not None:
            traces.shutdown()
