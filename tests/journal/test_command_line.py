"""`python -m shared.journal` reports to an operator whether the journal is unaltered."""

import asyncio
import sys

from sqlalchemy import text

from tests.support.folder import clerk, open_folder, request_identity
from tests.support.folder_service import FolderService


async def _verify(service: FolderService) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "shared.journal", "--url", service.db.url, "verify"), stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()
    return process.returncode or 0, printed.decode()


async def test_an_untouched_journal_is_called_so(service: FolderService) -> None:
    await service.commands.run(clerk(), request_identity(), lambda work: open_folder(work, "A"))
    assert await _verify(service) == (0, "no contradiction found\n")


async def test_an_altered_row_is_named_with_status_1(service: FolderService) -> None:
    opened = await service.commands.run(clerk(), request_identity(), lambda work: open_folder(work, "A"))
    async with service.owner.transaction() as session:
        await session.execute(text("UPDATE journal SET request_id = 'forged'"))
    status, printed = await _verify(service)
    assert status == 1
    assert str(opened.id) in printed
