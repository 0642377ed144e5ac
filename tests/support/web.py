"""Real HTTP servers on free loopback ports, in the test's own event loop."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn.server
from fastapi import FastAPI

from shared.http import server as http_server
from tests.support.waiting import eventually


def bound_socket(port: int = 0) -> socket.socket:
    """A TCP socket on 127.0.0.1, bound as production binds its own.

    With the protocol named, asyncio switches off Nagle's delay, as it does for its own sockets. Without, an
    answer in two pieces on a kept connection waits 40 ms for an acknowledgement.
    """
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind(("127.0.0.1", port))
    return bound


@asynccontextmanager
async def serving(app: FastAPI, port: int = 0, **options: Any) -> AsyncIterator[str]:
    """Serve `app` as production does until the block ends; gives its base URL."""
    listening = bound_socket(port)
    config = http_server.config(app, **options)
    config.load()
    server = http_server.Server(config)
    # Started and stopped by hand: `serve` looks ten times a second whether it is to stop, and most tests would spend
    # more time in that than in anything else.
    server.lifespan = config.lifespan_class(config)
    try:
        await server.startup(sockets=[listening])
        assert server.started, "the server did not start"
        await server.on_tick(0)  # sets the headers that every answer has
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        for listener in getattr(server, "servers", ()):
            listener.close()
        listening.close()
        await _answered(server.server_state)
        await server.lifespan.shutdown()


async def _answered(state: uvicorn.server.ServerState) -> None:
    """Let go of all connections: idle ones at once, others after their answer, and after two seconds all the same."""
    for connection in list(state.connections):
        connection.shutdown()
    try:
        await eventually(lambda: not state.connections and not state.tasks, timeout=2)
    except AssertionError:
        for task in state.tasks:
            task.cancel()


def free_port() -> int:
    """A port on which nothing listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
