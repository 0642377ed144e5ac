"""Requests beside what they cannot do without: the same statements, or the same password, with nothing around them."""

import asyncio
import os
import socket
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import asyncpg
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy import event

from deploy.local.ports import Ports
from deploy.local.stack import LocalStack
from shared.clock import ManualClock
from tests.bench import search, signing, submit
from tests.bench.crowd import DAY
from tests.bench.processor import Processor
from tests.infra.databases import Databases, TestDatabase
from tests.support.service import running
from tests.support.tokens import bearer

_FILINGS = 400
_FOUND = 60
_APPLICATIONS = 200_000
_Statements = Sequence[tuple[str, Sequence[Any]]]


@dataclass(frozen=True, slots=True)
class Spent:
    """Milliseconds a request, by the clock and of all processors."""

    clock: float
    cpu: float


@dataclass(slots=True)
class Pair:
    """A request as it is, and bare; round by round."""

    what: str
    ours: list[Spent] = field(default_factory=list)
    bare: list[Spent] = field(default_factory=list)


def filings(rounds: int) -> list[Pair]:
    """Submitting an application beside a FastAPI handler that runs the same statements and knows no rule."""
    pair, each = Pair("submit : FastAPI and asyncpg, same statements"), _FILINGS + submit.WARM_UP
    with _postgres("application") as (database, processor):
        actor, recorded = asyncio.run(submit.prepared(database, rounds * each))
        headers = bearer(actor)["Authorization"]
        sides = [(pair.ours, None), (pair.bare, partial(_serve_bare, recorded=recorded))]
        free = iter(range(2 * rounds * each))
        for number in range(rounds):
            for spent, serve in sides if number % 2 == 0 else reversed(sides):
                with submit.served(database.url, 1, serve) as (ports, pids):
                    asyncio.run(submit.load(ports, headers, _next(free, submit.WARM_UP)))
                    with processor.counting(pids) as cost:
                        rate = asyncio.run(submit.load(ports, headers, _next(free, _FILINGS)))
                spent.append(Spent(1000 / rate, cost.seconds / _FILINGS * 1000))
    return [pair]


def _next(free: Iterator[int], count: int) -> range:
    first = next(free)
    for _ in range(count - 1):
        next(free)
    return range(first, first + count)


def _serve_bare(listening: socket.socket, url: str, recorded: dict[str, Any]) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    uvicorn.Server(uvicorn.Config(_bare(url, recorded), log_config=None, access_log=False)).run(sockets=[listening])


class _Declared(BaseModel):
    declarations: dict[str, bool]


def _bare(url: str, recorded: dict[str, Any]) -> FastAPI:
    statements = [(statement.replace("%%", "%"), parameters) for statement, parameters in recorded["statements"]]

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with asyncpg.create_pool(url.replace("+asyncpg", ""), min_size=10, max_size=10) as app.state.pool:
            yield

    app = FastAPI(lifespan=lifespan)

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.post("/v1/applications/{application_id}/submit")
    async def file(application_id: UUID, body: _Declared) -> dict[str, str]:
        key = f"bare-{application_id}"
        given = {recorded["id"]: application_id, recorded["key"]: key, recorded["receipt_number"]: key}
        async with app.state.pool.acquire() as connection, connection.transaction():
            for statement, parameters in statements:
                await connection.fetch(statement, *(_given(value, given) for value in parameters))
        return {"receipt_number": key}

    return app


def _given(value: Any, given: dict[Any, Any]) -> Any:
    """The value of this request in the place of the recorded one."""
    if isinstance(value, list):
        return [_given(each, given) for each in value]
    if isinstance(value, str) and value.endswith(":recorded-key"):
        return value.removesuffix("recorded-key") + given["recorded-key"]
    return given.get(value, value) if isinstance(value, str | UUID) else value


def sign_ins(rounds: int) -> list[Pair]:
    """Signing in beside Argon2id alone."""
    pair = Pair("sign-in : Argon2id of its password")
    for _ in range(rounds):
        rate, cpu = signing.sign_ins()
        pair.ours.append(Spent(1000 / rate, cpu))
        alone = asyncio.run(signing.compared())
        pair.bare.append(Spent(alone, alone))
    return [pair]


def searches(rounds: int) -> list[Pair]:
    """Each kind of question beside its statements alone."""
    with search.served(_APPLICATIONS) as (database, crowd, processor):
        return asyncio.run(_searches(database, crowd.owners[0][0], processor, rounds))


async def _searches(database: TestDatabase, owner: UUID, processor: Processor, rounds: int) -> list[Pair]:
    clock = ManualClock(search.moment(DAY))
    pairs = [Pair(f"{what} : its statements") for what in search.ASKED]
    alone = await asyncpg.connect(database.url.replace("+asyncpg", ""))
    async with running("application", database, clock=clock) as service:
        engine, asked = service.app.state.runtime.db.engine.sync_engine, list[_Statements]()

        def note(_c: Any, _u: Any, statement: str, parameters: Any, _x: Any, _m: bool) -> None:
            asked[-1] = [*asked[-1], (statement.replace("%%", "%"), parameters)]

        event.listen(engine, "before_cursor_execute", note)
        filer = search.filer_of(service, owner)

        async def request(path: str) -> None:
            asked.append([])
            answer = await filer.request("GET", path)
            assert answer.status_code == 200, answer.text

        async def repeat(statements: _Statements) -> None:
            async with alone.transaction():
                for statement, parameters in statements:
                    await alone.fetch(statement, *parameters)

        for pair, paths in zip(pairs, search.ASKED.values(), strict=True):
            for number in range(-1, rounds):
                drawn = Random(number)
                wanted = [search.path_of(drawn, paths[each % len(paths)]) for each in range(_FOUND)]
                asked.clear()
                ours = await _spent(processor, [request(path) for path in wanted])
                bare = await _spent(processor, [repeat(statements) for statements in asked[:]])
                if number >= 0:  # before that, statements are prepared and pages are read
                    pair.ours.append(ours)
                    pair.bare.append(bare)
    await alone.close()
    return pairs


async def _spent(processor: Processor, work: Sequence[Any]) -> Spent:
    began, own = time.perf_counter(), time.process_time()
    with processor.counting([]) as cost:
        for each in work:
            await each
    cpu = time.process_time() - own + cost.seconds
    return Spent((time.perf_counter() - began) / len(work) * 1000, cpu / len(work) * 1000)


@contextmanager
def _postgres(service: str) -> Iterator[tuple[TestDatabase, Processor]]:
    with tempfile.TemporaryDirectory(prefix="zairyu-peers-") as folder:
        Path(folder).chmod(0o755)
        stack = LocalStack(Path(folder), Ports.free(), services=(service,))
        stack.lock()
        stack.postgres.start()
        try:
            pids = Path(folder) / "postgres" / "postmaster.pid"
            yield Databases(stack.postgres).create(service), Processor(pids)
        finally:
            stack.stop()
