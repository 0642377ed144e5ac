"""`reached` waits while a number grows."""

import pytest

from tests.support.waiting import reached


async def test_a_number_that_grows_is_waited_for_however_slowly() -> None:
    numbers = iter(range(100))

    async def count() -> int:
        return next(numbers)

    await reached(count, 4, patience=60)


async def test_a_number_that_stands_still_fails_and_is_named() -> None:
    async def count() -> int:
        return 3

    with pytest.raises(AssertionError, match="still 3 of 4 after 0 s"):
        await reached(count, 4, patience=0)
