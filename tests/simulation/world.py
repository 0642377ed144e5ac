"""One simulated run: a small service with relays, consumers and timers, and faults drawn from a seed."""

import asyncio
import random
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import blake2b
from types import SimpleNamespace
from typing import Any, ClassVar
from unittest.mock import patch
from uuid import UUID

import structlog
from sqlalchemy import insert, select, update
from sqlalchemy.exc import DBAPIError

import shared.ids
from shared.events.base import Event
from shared.messaging import (
    Consumer,
    DeadLetterLimit,
    DeadLetters,
    Envelope,
    NotYet,
    Relay,
    Retry,
    encode,
    outbox,
    watchdog,
)
from shared.messaging.replay import NoSuchLetter
from shared.timers import Job, TimerWorker, worker
from shared.timers import table as timer_table
from tests.simulation import checks
from tests.simulation.broker import SimulatedBroker, SimulatedProducer, SimulatedSource, expire
from tests.simulation.database import ModelDatabase, aggregates, effects, server, submissions
from tests.simulation.loop import SimulatedLoop, run
from tests.simulation.process import CURRENT, Clock, Process
from tests.simulation.storage import Backend, failure
from tests.support.keys import event_keys

KEYS = event_keys()
TOPIC = "test.simulation"
GROUP = "simulation"
TROUBLE_SECONDS = 6.0
SETTLE_SECONDS = 60.0


class Numbered(Event):
    """Number `number` of `aggregate`."""

    topic: ClassVar[str] = TOPIC
    key_fields: ClassVar[tuple[str, ...]] = ("aggregate",)

    aggregate: UUID
    number: int


@dataclass(frozen=True)
class Plan:
    """The parts of a run."""

    writers: int = 2
    events: int = 4  # of each writer
    keys: int = 2
    relays: int = 1
    consumers: int = 1
    workers: int = 0
    timers: int = 0
    batch: int = 3
    faults: Mapping[str, float] = field(default_factory=dict)  # chance of each fault at each opportunity
    blows: int = 0  # processes killed, paused, stopped; rebalances; clock jumps
    breaks: int = 0  # times at which the handler fails for a while
    kill: tuple[str, int] | None = None  # kill this process at its call of that number

    @classmethod
    def drawn(cls, chance: random.Random) -> "Plan":
        rough = chance.random() < 0.6
        return cls(
            writers=chance.randint(1, 3),
            events=chance.randint(2, 4),
            keys=chance.randint(1, 3),
            relays=chance.randint(1, 2),
            consumers=chance.randint(1, 2),
            workers=chance.choice([0, 0, 1, 2]),
            timers=chance.randint(1, 3),
            batch=chance.randint(1, 4),
            faults={name: chance.choice([0.0, 0.02, 0.1]) for name in FAULTS} if rough else {},
            blows=chance.randint(0, 5),
            breaks=chance.randint(0, 3),
        )


FAULTS = (
    "statement fails",
    "connection lost",
    "commit fails",
    "answer to commit lost",
    "slow",
    "send cut off",
    "acknowledgement lost",
    "offsets refused",
)


class World:
    """The servers, the processes, and the chance that decides."""

    def __init__(self, seed: int, plan: Plan | None = None) -> None:
        self.seed = seed
        self.random = random.Random(seed)
        self.plan = plan or Plan.drawn(self.random)
        self.calm = False
        self.clock = Clock()
        self.server = server(self._now)
        self.broker = SimulatedBroker(partitions=2)
        self.processes: list[Process] = []
        self.broken: dict[UUID, type[Exception]] = {}
        self.keys = [UUID(int=self.random.getrandbits(128)) for _ in range(self.plan.keys)]
        self.steps: deque[str] = deque(maxlen=400)
        self.hash = blake2b(digest_size=16)
        self.mistake: Exception | None = None

    # The wire to both servers.

    def note(self, step: str) -> None:
        """A step of the run, for its hash and for a person who looks for the cause of a failure."""
        process = CURRENT.get()
        line = f"{asyncio.get_running_loop().time():9.4f} {process.name if process else '-':12} {step}"
        self.hash.update(line.encode())
        self.steps.append(line)

    def chance(self, name: str) -> bool:
        if self.calm or CURRENT.get() is None:
            return False
        happens = self.random.random() < self.plan.faults.get(name, 0.0)
        if happens:
            self.note(f"fault: {name}")
        return happens

    def draw(self, below: int) -> int:
        return self.random.randrange(below)

    async def travel(self, label: str) -> None:
        drawn = self.random.random()
        delay = 0.0 if drawn < 0.5 else drawn * 0.02
        if self.chance("slow"):
            delay = self.random.uniform(0.1, 2)
        await asyncio.sleep(delay)
        process = CURRENT.get()
        if process is not None:
            await process.gate()
        self.note(label)

    async def call(self, label: str, work: Callable[[], Any], backend: Backend) -> Any:
        """A statement, or a commit, as a process sends it to the database."""
        commit = label == "COMMIT"
        await self.travel(label)
        if self.chance("connection lost"):
            backend.end()
        if self.chance("commit fails" if commit else "statement fails"):
            backend.roll_back() if commit else self._fail(backend)
            raise failure("40001")
        try:
            done = work()
            if asyncio.iscoroutine(done):
                done = await done
        except DBAPIError:
            await self.travel(f"{label} fails")
            raise
        except Exception as error:  # of the model: the code under test would take it for an outage
            self.mistake = self.mistake or error
            raise
        await self.travel(f"{label} done")
        if commit and self.chance("answer to commit lost"):
            backend.end()
            raise failure("57P01", gone=True)
        return done

    @staticmethod
    def _fail(backend: Backend) -> None:
        if backend.transaction is not None:
            backend.transaction.failed = True

    def _now(self) -> Any:
        return Process.now(self._outside)

    _outside: Process

    # The small service.

    def begin(self, kind: str) -> Process:
        """A new process of that kind."""
        number = sum(process.name.startswith(kind) for process in self.processes)
        process = Process(f"{kind}{number}")
        if self.plan.kill and self.plan.kill[0] == process.name:
            process.kill_at = self.plan.kill[1]
        self.processes.append(process)
        db: Any = ModelDatabase(self.server, self)
        process.main = process.begin(getattr(self, f"_{kind}")(db))
        return process

    async def _relay(self, db: Any) -> None:
        producer = SimulatedProducer(self.broker, self)
        await Relay(db, producer, batch_size=self.plan.batch, clock=self.clock).run()

    async def _consumer(self, db: Any) -> None:
        source = SimulatedSource.making(self.broker, GROUP, [TOPIC], self)
        limit = DeadLetterLimit(consecutive=10_000, share=1.0, window=10_000)
        await Consumer(
            db,
            source,
            GROUP,
            {Numbered: self._handle},
            keys=KEYS,
            limit=limit,
            not_yet_for=timedelta(seconds=2),
            batch_size=self.plan.batch,
            clock=self.clock,
        ).run()

    async def _worker(self, db: Any) -> None:
        commands: Any = SimpleNamespace(
            db=db,
            clock=self.clock,
            keys=KEYS,
            begin=lambda session, actor, mark: SimpleNamespace(session=session, finish=_nothing),
        )
        job = Job("sweep", timedelta(seconds=2), _swept)
        await TimerWorker(commands, {"remind": self._remind}, [job], pause=1.0).run()

    async def _writer(self, db: Any) -> None:
        """Writes one event after the other, as a client with an idempotency key does."""
        for _ in range(self.plan.events):
            submission = UUID(int=self.random.getrandbits(128))
            key = self.random.choice(self.keys)
            while True:
                try:
                    await self._submit(db, submission, key)
                    break
                except DBAPIError as error:
                    if getattr(error.orig, "sqlstate", None) == "23505":
                        break
                await asyncio.sleep(0.05)
            await asyncio.sleep(self.random.uniform(0, 0.5))

    async def _submit(self, db: Any, submission: UUID, key: UUID) -> None:
        async with db.transaction() as session:
            query = select(aggregates).where(aggregates.c.id == key).with_for_update()
            row = (await session.execute(query)).first()
            await session.execute(insert(submissions).values(id=submission, key=key))
            number = row.number + 1
            await session.execute(update(aggregates).where(aggregates.c.id == key).values(number=number))
            event = Numbered(aggregate=key, number=number)
            envelope = Envelope.of(event, id=submission, source="/zairyu/test", time=self._now())
            await outbox.put(session, [KEYS.sign(encode(event, envelope))])

    async def _handle(self, session: Any, envelope: Envelope, event: Event) -> None:
        assert isinstance(event, Numbered)
        values = {"kind": "event", "id": envelope.id, "aggregate": event.aggregate, "number": event.number}
        await session.execute(insert(effects).values(**values))
        if event.aggregate in self.broken:
            raise self.broken[event.aggregate]("on command")

    async def _remind(self, work: Any, due: Any) -> None:
        values = {"kind": "timer", "id": due.subject_id, "aggregate": due.subject_id, "number": 0}
        await work.session.execute(insert(effects).values(**values))
        if due.subject_id in self.broken:
            raise ValueError("on command")

    # A run.

    async def play(self) -> None:
        """All of it: work under faults, then peace, and what must hold then."""
        self._outside = Process("outside")
        calm: Any = ModelDatabase(self.server)
        async with calm.transaction() as session:
            for key in self.keys:
                await session.execute(insert(aggregates).values(id=key, number=0))
            if self.plan.workers:
                for number in range(self.plan.timers):
                    due = self._now() + timedelta(seconds=self.random.uniform(0, 4))
                    await timer_table.at(session, "remind", UUID(int=number + 1), due)
        for kind, count in (
            ("relay", self.plan.relays),
            ("consumer", self.plan.consumers),
            ("worker", self.plan.workers),
            ("writer", self.plan.writers),
        ):
            for _ in range(count):
                self.begin(kind)
        outside = asyncio.get_running_loop().create_task(self._trouble())
        await asyncio.sleep(TROUBLE_SECONDS)
        await outside
        if self.mistake:
            raise self.mistake
        await self._settle(calm)
        checks.check(self)

    async def _trouble(self) -> None:
        """Blows and broken handlers, at drawn moments; then all is well again."""
        plan = [(self.random.uniform(0, TROUBLE_SECONDS * 0.8), self._blow) for _ in range(self.plan.blows)]
        plan += [(self.random.uniform(0, TROUBLE_SECONDS * 0.5), self._break) for _ in range(self.plan.breaks)]
        plan += [(self.random.uniform(1, TROUBLE_SECONDS), self._operate) for _ in range(self.plan.breaks * 4)]
        for at, what in sorted(plan, key=lambda each: each[0]):
            await asyncio.sleep(max(0.0, at - asyncio.get_running_loop().time()))
            what()

    def _later(self, seconds: float, call: Callable[..., Any], *args: Any) -> None:
        asyncio.get_running_loop().call_later(seconds, call, *args)

    def _blow(self) -> None:
        running = [p for p in self.processes if p.running and not p.name.startswith("writer")]
        if not running:
            return
        process = self.random.choice(running)
        kind = self.random.choice(["kill", "kill", "pause", "stop", "rebalance", "clock", "broker down"])
        self.note(f"{kind} {process.name}")
        match kind:
            case "kill":
                self._bury(process)
            case "pause":
                process.pause()
                if self.random.random() < 0.5:  # by the server's limit for idle transactions, or a firewall
                    self._later(self.random.uniform(0, 1.5), self._cut, process)
                if process.name.startswith("consumer") and self.random.random() < 0.5:
                    self._later(self.random.uniform(0, 1.5), self._expire, process)
                self._later(self.random.uniform(0.2, 4), process.resume)
            case "stop":
                assert process.main is not None
                process.main.cancel()
                process.main.add_done_callback(lambda _: self._bury(process))  # it may not get to say goodbye
            case "rebalance":
                asyncio.get_running_loop().create_task(self.broker.rebalance(GROUP))
            case "clock":
                process.offset += timedelta(seconds=self.random.uniform(-5, 5))
            case "broker down":
                self.broker.down = True
                self._later(self.random.uniform(0.1, 2), setattr, self.broker, "down", False)

    def _bury(self, process: Process) -> None:
        """Have others see that a process has ended, and begin its successor."""
        process.kill()
        self._later(self.random.uniform(0, 1), self._cut, process)
        self._later(self.random.uniform(0, 2), self._expire, process)
        self._later(self.random.uniform(0, 1), self.begin, process.name.rstrip("0123456789"))

    def _cut(self, process: Process) -> None:
        for backend in list(self.server.backends):
            if backend.owner is process:
                backend.end()

    def _expire(self, process: Process) -> None:
        expire(self.broker, GROUP, process)

    def _break(self) -> None:
        broken = self.random.choice([*self.keys, *(UUID(int=n + 1) for n in range(self.plan.timers))])
        self.broken[broken] = self.random.choice([ValueError, ValueError, NotYet, Retry])
        self.note(f"break {self.broken[broken].__name__}")
        self._later(self.random.uniform(0.2, 3), self.broken.pop, broken, None)

    def _operate(self) -> None:
        """An operator replays everything, or drops one letter."""
        process = Process(f"operator{len(self.processes)}")
        db: Any = ModelDatabase(self.server, self)
        process.main = process.begin(self._operator(db, self.random.random() < 0.25))

    async def _operator(self, db: Any, drop: bool) -> None:
        letters = self.letters(db)
        try:
            if not drop:
                await letters.replay(by="operator")
                return
            for row in self.server.rows("dead_letters"):
                if row["status"] == "parked":
                    await letters.drop(row["id"], by="operator", reason="a test")
                    return
        except (DBAPIError, NoSuchLetter) as error:
            self.note(f"operator: {type(error).__name__}")

    def letters(self, db: Any) -> DeadLetters:
        return DeadLetters(db, GROUP, {Numbered: self._handle}, keys=KEYS, clock=self.clock)

    async def _settle(self, calm: Any) -> None:
        """Peace: nothing fails any more, and what was killed by itself comes back. Everything must come to an end."""
        self.calm = True
        self.broken.clear()
        self.broker.down = False
        for process in [p for p in self.processes if p.kill_at is not None and not p.alive]:
            self._bury(process)
        await asyncio.sleep(2)
        until = asyncio.get_running_loop().time() + SETTLE_SECONDS
        while True:
            if self.server.rows("dead_letters"):
                await self.letters(calm).replay(by="operator")
            missing = checks.unsettled(self)
            if not missing:
                return
            if asyncio.get_running_loop().time() > until:
                raise checks.Violation(f"stuck: {', '.join(missing)}")
            await asyncio.sleep(0.5)


async def _nothing() -> None:
    pass


async def _swept(work: Any, due: Any) -> None:
    values = {"kind": "job", "id": UUID(int=0), "aggregate": UUID(int=0), "number": 0}
    await work.session.execute(insert(effects).values(**values))


@contextmanager
def _drawn(seed: int, loop: SimulatedLoop) -> Iterator[None]:
    """Ids, jitter and monotonic time by the seed and the simulated time."""
    ids = random.Random(seed)

    def uuid7() -> Any:
        return SimpleNamespace(int=int((1e9 + loop.time()) * 1000) << 80 | ids.getrandbits(80))

    before = random.getstate()
    random.seed(seed)
    try:
        with (
            patch.object(shared.ids, "uuid_utils", SimpleNamespace(uuid7=uuid7)),
            patch.object(watchdog, "time", SimpleNamespace(monotonic=loop.time)),
            patch.object(worker, "time", SimpleNamespace(monotonic=loop.time)),
        ):
            yield
    finally:
        random.setstate(before)


def simulate(seed: int, plan: Plan | None = None) -> World:
    """Play the run of a seed; the world after it. Raises with a note that says how to repeat it."""
    world = World(seed, plan)
    loop = SimulatedLoop()
    with _drawn(seed, loop):
        try:
            run(world.play(), loop)
        except BaseException as error:
            error.add_note(f"repeat it with make simulate SEED={seed}")
            error.world = world  # type: ignore[attr-defined]
            raise
    return world


def quiet() -> None:
    """No log lines, and no pauses for the collector: what a run leaves goes away with it."""
    structlog.configure(processors=[_drop], cache_logger_on_first_use=False)


def _drop(*_: Any) -> Any:
    raise structlog.DropEvent
