"""`python -m shared.journal` reports to an operator whether the journal is unaltered."""

import asyncio
import sys

from sqlalchemy import text

from tests.support.folder import clerk, mark, open_folder
from tests.support.house import House


async def _verify(house: House) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "shared.journal", "--url", house.db.url, "verify"), stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()
    return process.returncode or 0, printed.decode()


async def test_an_untouched_journal_is_called_so(house: House) -> None:
    await house.commands.run(clerk(), mark(), lambda work: open_folder(work, "A"))
    assert await _verify(house) == (0, "no contradiction found\n")


async def test_an_altered_row_is_named_with_status_1(house: House) -> None:
    opened = await house.commands.run(clerk(), mark(), lambda work: open_folder(work, "A"))
    async with house.owner.transaction() as session:
        await session.execute(text("UPDATE journal SET request_id = 'forged'"))
    status, printed = await _verify(house)
    assert status == 1
    assert str(opened.id) in printed
