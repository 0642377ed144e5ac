"""Encryption at rest: what readiness and the log say where the store does not encrypt."""

import asyncio

import httpx
import pytest
from fastapi import FastAPI

from services.document.files.commands.encryption import NOT_ENCRYPTED, Encryption
from services.document.objects import MemoryObjects, NotEncrypted, StoreUnavailable
from shared.http import create_app


def readiness(encryption: Encryption) -> tuple[FastAPI, httpx.AsyncClient]:
    app = create_app("t", "1", [], checks={"encryption": encryption.check})
    encryption.notices = app.state.readiness.notices
    return app, httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://t")


@pytest.mark.parametrize("required", [False, True])
async def test_store_that_encrypts_is_asked_once(required: bool) -> None:
    objects = MemoryObjects()
    encryption = Encryption(objects, required)
    await encryption.check()
    objects.down = True
    await encryption.check()
    assert encryption.notices == set()


async def test_store_that_does_not_encrypt_is_a_notice(capsys: pytest.CaptureFixture[str]) -> None:
    objects = MemoryObjects()
    objects.encrypts = False
    _, client = readiness(Encryption(objects, required=False))
    async with client:
        for _ in range(2):
            answer = await client.get("/readyz")
            assert (answer.status_code, answer.json()["notices"]) == (200, [NOT_ENCRYPTED])


async def test_store_that_has_to_encrypt_keeps_the_service_from_being_ready_until_it_does() -> None:
    objects = MemoryObjects()
    objects.encrypts = False
    _, client = readiness(Encryption(objects, required=True))
    async with client:
        answer = await client.get("/readyz")
        assert answer.status_code == 503
        assert [(each["check"], each["reason"]) for each in answer.json()["failing"]] == [
            ("encryption", NotEncrypted.__name__)
        ]
        objects.encrypts = True
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.json()) == (200, {"status": "ready", "checks": ["encryption"]})


async def test_store_that_is_away_or_slow_is_asked_again() -> None:
    objects = MemoryObjects()
    encryption = Encryption(objects, required=True)
    objects.down = True
    with pytest.raises(StoreUnavailable):
        await encryption.check()
    objects.down = False
    answered, encrypt = asyncio.Event(), objects.encrypt

    async def slow() -> bool:
        await answered.wait()
        return await encrypt()

    objects.encrypt = slow  # type: ignore[method-assign]
    waiting = asyncio.ensure_future(encryption.check())
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    answered.set()
    await encryption.check()
