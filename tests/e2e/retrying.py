"""Requests to a system whose services die meanwhile: repeated until they are answered."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import httpx

from deploy.demo.problems import StepFailed
from tests.support.waiting import eventually

T = TypeVar("T")


async def until_it_works(step: Callable[..., Awaitable[T]], *sent: Any, timeout: float = 90) -> T:
    """The answer of the first attempt that is not refused and does not break off; the last refusal is raised."""

    async def attempt() -> list[T]:
        try:
            return [await step(*sent)]
        except (StepFailed, httpx.TransportError) as error:
            raise AssertionError(f"still {error!r}") from error

    return (await eventually(attempt, timeout))[0]
