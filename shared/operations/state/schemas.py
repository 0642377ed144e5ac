"""Answers about the state of a service."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field


class CheckState(BaseModel):
    """One readiness check of a process: a part of it, or something that it needs."""

    name: str = Field(examples=["consumer"])
    is_good: bool
    reason: str | None = Field(description="the type of the error", examples=["PartNotRunning"])
    for_seconds: float | None = Field(description="since it was first seen to fail")


class MovingState(BaseModel):
    """The relay or the consumer of a process."""

    phase: str = Field(examples=["running"])
    since: datetime
    reason: str | None


class TopicState(BaseModel):
    """The group's position in the partitions of one topic that a process works through."""

    topic: str = Field(examples=["application.events"])
    partitions: int
    end: int = Field(description="messages that these partitions have ever had")
    lag: int = Field(description="messages that are not taken yet")
    oldest_seconds: float | None = Field(None, description="time for which the oldest of them has waited, at least")
    arrived: float | None = Field(None, description="messages that came in the last minute; null: not known yet")
    taken: float | None = Field(None, description="messages that the group took in the last minute")


class ConsumerState(MovingState):
    """The consumer: its share of the group, and what the group has still to take."""

    partitions: int = Field(description="those that this process works through")
    lag: int = Field(description="messages that are not taken yet, in the partitions of this process")
    topics: list[TopicState] = []


class WorkState(BaseModel):
    """A timer that a process works through."""

    kind: str = Field(examples=["job:reconcile"])
    seconds: float = Field(description="time for which it does, when it reported")


class RouteState(BaseModel):
    """The requests of one route."""

    method: str = Field(examples=["GET"])
    route: str = Field(description="its template", examples=["/v1/review/cases/{case_id}"])
    requests: int
    errors: int = Field(description="answers that are an error of ours")
    by_duration: list[int] = Field(description="number of requests in each class of duration")


class SlowRequest(BaseModel):
    """A request that took longer than a second."""

    at: datetime
    method: str
    route: str = Field(description="its template")
    status: int
    seconds: float
    trace_id: str | None = Field(description="under which logs and traces have it")


class RequestsState(BaseModel):
    """The requests that a process has answered: in the last minute, the slowest routes of an hour, the slow ones."""

    requests: int = Field(description="in the last minute, as the two that follow")
    errors: int
    by_duration: list[int]
    routes: list[RouteState]
    slow: list[SlowRequest]


class ProcessReport(BaseModel):
    """A process of the service, by its own account."""

    host: str = Field(max_length=300, examples=["gateway-7d9f"])
    pid: int = Field(ge=0, le=2**31 - 1, examples=[1])
    version: str = Field(examples=["1.4.2"])
    parts: list[str] = Field(description="the parts that it runs", examples=[["api", "relay"]])
    checks: list[CheckState]
    notices: list[str] = Field([], description="codes of what its watches found", examples=[["clock-differs"]])
    relay: MovingState | None = Field(description="null: another process has it")
    consumer: ConsumerState | None = Field(description="null: another process has it")
    working_on: list[WorkState] = []
    requests: RequestsState | None = Field(None, description="null: a process of the release before")
    memory_bytes: int | None = Field(description="null where the system does not say")
    open_files: int | None = Field(description="null where the system does not say")


class ProcessState(ProcessReport):
    """The last report of a process; it is there for two minutes."""

    started_at: datetime = Field(description="when it reported for the first time")
    at: datetime
    silent_seconds: float = Field(description="time since the report, by the clock of the database")
    is_silent: bool = Field(description="whether reports are missing")


class OutboxState(BaseModel):
    """Events that are recorded and not sent yet."""

    rows: int = Field(description="at most 10,000 are counted")
    oldest_at: datetime | None


class JobRun(BaseModel):
    """The last run of a recurring job."""

    started_at: datetime
    milliseconds: int
    error: str | None = Field(description="the type of the error, where it failed", examples=["TimeoutError"])
    succeeded_at: datetime | None = Field(description="begin of the last run that did not fail")
    found: dict[str, float] | None = Field(None, description="by that run, by name", examples=[{"missing": 0}])


class TimerState(BaseModel):
    """The timers of one kind; a job that recurs is one timer, whose kind begins with `job:`."""

    kind: str = Field(examples=["job:seal_journal"])
    waiting: int = Field(description="those whose moment is still to come")
    due: int = Field(description="those whose moment has passed")
    oldest_due_at: datetime | None
    next_at: datetime | None
    failing: int = Field(description="those that failed and are tried again")
    last_error: str | None = Field(description="the type of the error", examples=["TimeoutError"])
    last_run: JobRun | None = Field(description="null for timers that do not recur, and before the first run")


class QueueState(BaseModel):
    """A queue of this service: mails, webhooks, scans and the like."""

    name: str = Field(examples=["mails"])
    rows: int = Field(description="at most 10,000 are counted")
    oldest_at: datetime | None
    is_late: bool = Field(description="whether the oldest waits longer than it should")


class RoundState(BaseModel):
    """A round in which the whole journal is verified."""

    begun_at: datetime
    ended_at: datetime | None = Field(description="null: it is under way")
    ordered_by: UUID | None = Field(description="the operator; null: it was time for it")
    reached: int = Field(description="number of the last seal that was verified")
    rows: int = Field(description="lines that were verified")
    contradictions: int
    found: list[dict[str, str]] = Field(
        description="the first twenty",
        examples=[[{"kind": "row-altered", "where": "case 01a2... version 3", "what": "content does not match"}]],
    )


class FactsState(BaseModel):
    """The copy of another service's facts: those events that are set aside are missing in it."""

    owner: str = Field(examples=["registration"])
    topic: str = Field(examples=["registration.events"])
    set_aside_since: datetime | None = Field(description="since when the oldest of its events is a dead letter")


class SnapshotState(BaseModel):
    """The last snapshot of a kind of records of this service."""

    id: UUID | None = Field(None, description="null: a process of the release before answers")
    kind: str = Field(examples=["applications"])
    reason: str = Field("", description="why it was ordered")
    state: str = Field(description="running, done or stopped", examples=["running"])
    sent: int
    expected: int
    started_at: datetime
    finished_at: datetime | None


class RebuildState(BaseModel):
    """The last rebuild of a projection."""

    id: UUID | None = Field(None, description="that of its snapshot")
    projection: str = Field(examples=["cases"])
    state: str = Field(
        description="filling, held (more differ than expected), switching, done or stopped",
        examples=["filling"],
    )
    received: int
    expected: int
    compared: int
    different: int
    missing: int
    unknown: int = Field(description="rows that the owner did not name")
    repaired: int
    overtaken: int = Field(0, description="changed by a live event while much differed, and left as they are")
    started_at: datetime
    measured_at: datetime = Field(description="as of when `received` is")
    finished_at: datetime | None


class JournalState(BaseModel):
    """The seals of the journal, and the last rounds of its verification."""

    seals: int
    sealed_at: datetime | None
    unsealed_since: datetime | None = Field(description="time of the oldest line that no seal covers")
    rounds: list[RoundState] = Field([], description="the last two, the newest first")


class DatabaseState(BaseModel):
    """The connections of this service's role."""

    connections: int
    longest_transaction_seconds: float
    bytes: int = Field(description="size of the whole database")


class Stored(BaseModel):
    """The state that the database holds."""

    processes: list[ProcessState]
    parts_missing: list[str] = Field(description="parts that no process runs", examples=[["consumer"]])
    outbox: OutboxState
    letters: dict[str, int] = Field(examples=[{"parked": 1, "deferred": 0, "waiting": 2, "refused": 0}])
    violated: list[str] = Field([], description="invariants that did not hold", examples=[["case-for-every-receipt"]])
    unchecked: list[str] = Field([], description="invariants whose last check failed")
    open_orders: int = Field(description="orders about letters that are under way or wait for approval")
    timers: list[TimerState]
    queues: list[QueueState]
    numbers: dict[str, float] = Field({}, description="further ones of this service", examples=[{"slowed-accounts": 2}])
    facts: list[FactsState] = []
    snapshots: list[SnapshotState] = []
    rebuilds: list[RebuildState] = []
    journal: JournalState
    database: DatabaseState


class ServiceState(BaseModel):
    """A service as the process that answers sees it."""

    service: str
    at: datetime
    checks: list[CheckState]
    notices: list[str] = Field(description="codes of what an operator should know although all is well")
    relay: MovingState | None = Field(description="null: another process has it")
    consumer: ConsumerState | None = Field(description="null: another process has it")
    stored: Stored | None = Field(description="null: the database does not answer")
