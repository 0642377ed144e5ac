"""Files that came in, as they are read: those on disk in a thread, so that nothing else waits for the disk."""

import asyncio
from collections.abc import AsyncGenerator
from io import BytesIO
from typing import BinaryIO


async def pieces(source: BinaryIO, size: int) -> AsyncGenerator[bytes, None]:
    """Pieces of at most `size` bytes of a file, from its start."""
    if isinstance(source, BytesIO):
        # It lies in memory: a thread would only cost.
        source.seek(0)
        while piece := source.read(size):
            yield piece
        return
    await asyncio.to_thread(source.seek, 0)
    while piece := await asyncio.to_thread(source.read, size):
        yield piece
