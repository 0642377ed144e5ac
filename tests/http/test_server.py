"""The server of every process."""

import asyncio

import pytest
import uvloop
from fastapi import FastAPI

from shared.http import server
from shared.http.server import Server, config


def test_a_server_runs_on_uvloop() -> None:
    """uvicorn takes it where it is installed: without it a request costs more, and nothing else would say so."""
    assert config(FastAPI()).get_loop_factory() is uvloop.new_event_loop


async def test_a_server_that_is_to_end_looks_once_more_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_TICK_SECONDS", 0)
    made = Server(config(FastAPI()))
    looks = 0

    async def looked(counter: int) -> bool:
        nonlocal looks
        looks += 1
        made.should_exit = looks == 3
        return await Server.on_tick(made, counter)

    monkeypatch.setattr(made, "on_tick", looked)
    async with asyncio.timeout(60):
        await made.main_loop()
    assert looks == 3
    assert made.server_state.default_headers[0][0] == b"date"
