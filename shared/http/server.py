"""The HTTP server of every process: uvicorn with the bounded protocol, the same in production and in tests."""

import asyncio
import gc
import resource
import socket
import sys
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from dataclasses import replace
from functools import partial
from typing import Any, cast

import uvicorn
from fastapi import FastAPI
from uvicorn.config import STARTUP_FAILURE

from shared.http.connections import Connections
from shared.http.limits import ServerLimits
from shared.http.protocol import BoundedProtocol, PortState
from shared.outgoing import KEPT_SECONDS

# In which clients leave the connections of a port that ends, and how often is looked.
_LEAVING_SECONDS = KEPT_SECONDS + 1
_LOOK_SECONDS = 0.05
# Files of the process that are no callers' connections: databases, brokers, services behind the gateway, modules.
_OTHER_FILES = 1024
# Between two looks at whether to end, and at the time of day.
_TICK_SECONDS = 0.5


Beside = Callable[[], AbstractAsyncContextManager[None]]


class Server(uvicorn.Server):
    """uvicorn's, which closes no connection under a request when it ends, and sleeps while nobody asks anything."""

    server_state: PortState

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.server_state = PortState()

    async def main_loop(self) -> None:
        """Go on until it is to end. uvicorn wakes up ten times a second for that."""
        while not await self.on_tick(0):  # noqa: ASYNC110 - a signal sets an attribute, and no event
            await asyncio.sleep(_TICK_SECONDS)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End in good order.

        From here on each answer says that its connection closes, and idle ones are left until their clients no longer
        use them. Only then does uvicorn close what is idle: a request that was on its way would be lost.
        """
        connections: set[BoundedProtocol] = self.server_state.connections  # type: ignore[assignment]
        self.server_state.is_ending = True
        for connection in connections:
            connection.close_after_answer()
        for _ in range(int(_LEAVING_SECONDS / _LOOK_SECONDS)):
            if self.force_exit or not any(each.waiting for each in connections):
                break
            await asyncio.sleep(_LOOK_SECONDS)
        await super().shutdown(sockets)


def config(app: FastAPI, *, exempt: Collection[str] = (), **options: Any) -> uvicorn.Config:
    """uvicorn's configuration for `app`, with the limits that `create_app` gave it.

    `exempt` are the addresses of proxies, whose connections are those of many callers.
    """
    limits: ServerLimits = getattr(app.state, "limits", ServerLimits())
    protocol = partial(BoundedProtocol, limits=limits, register=Connections(limits, exempt))
    return uvicorn.Config(
        app,
        http=cast(Any, protocol),
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=cast(int, limits.idle_seconds),
        **{"proxy_headers": False, **options},
    )


def run(app: FastAPI, beside: Beside = nullcontext, **options: Any) -> None:
    """Serve `app` until SIGTERM. What `beside` opens stays open until then. `options` go to `config`."""
    app.state.limits = replace(app.state.limits, connections=_affordable(app.state.limits.connections))
    server = Server(config(app, **options))
    exempt_what_stays()

    async def serve() -> None:
        async with beside():
            await server.serve()

    with suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=server.config.get_loop_factory()) as runner:
        runner.run(serve())
    if not server.started:
        sys.exit(STARTUP_FAILURE)


def exempt_what_stays() -> None:
    """Let the garbage collector pass over everything that the process has made so far: it stays to the end.

    Else each full collection looks at some 300,000 objects of modules, routes and forms: a fifth of the time of filing
    many at once. From here on it collects: `shared.importing` has turned it off.
    """
    gc.collect()
    gc.freeze()
    gc.enable()


@asynccontextmanager
async def listening(app: FastAPI, host: str, port: int) -> AsyncIterator[None]:
    """A further port of a running process, which has signals and lifespan of its own; open until the block ends."""
    made = config(app, host=host, port=port, lifespan="off", date_header=False)
    made.load()
    server = Server(made)
    server.lifespan = made.lifespan_class(made)
    await server.startup()
    try:
        yield
    finally:
        await server.shutdown()  # cleanup: the process ends


def _affordable(connections: int) -> int:
    """`connections`, or as many as the process may open files; its soft limit is raised towards the hard one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + _OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        return max(min(connections, soft - _OTHER_FILES), soft // 2)
    return connections
