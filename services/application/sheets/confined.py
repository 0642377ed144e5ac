"""Reads foreign files in a process with limits: what a hostile file breaks is that process alone."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date

from services.application.sheets.book import Book, RowRead


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """Limits of reading one file: seconds of CPU, seconds by the clock without a row, MB of address space."""

    cpu_seconds: int = 60
    wall_seconds: float = 60
    memory_mb: int = 512


class BookReader:
    """Reads books in confined processes, `size` at a time; one for the whole service, closed at its end."""

    def __init__(self, size: int = 1, limits: ReadingLimits | None = None) -> None:
        raise NotImplementedError

    def read(self, content: bytes, name: str, today: date) -> AsyncIterator[Book | RowRead]:
        """First the `Book`, then its rows, as fast as they are taken. Leaving early ends the process.

        A file that breaks the process, or takes more than the limits, ends in a `Book` with a problem; where rows were
        read before, the last item is such a `Book` too, and the rows before it count for nothing.
        """
        raise NotImplementedError

    async def close(self) -> None:
        """End all processes."""
        raise NotImplementedError
