"""Writes tables as CSV and XLSX in constant memory, safe against formulas that a value would become in Excel.

Rows come a batch at a time, and what is written of it leaves at once: no number of rows needs more memory than a batch,
and nobody waits for the first byte.
"""

import asyncio
import csv
import io
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from services.application.sheets.spelling import quoted
from services.application.sheets.streamed_book import StreamedBook

ExportKind = Literal["csv", "xlsx"]
Value = str | int | None
_TOGETHER = 500
_CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an export: its heading in the reader's language, and its width in characters."""

    heading: str
    width: int = 16


async def csv_export(columns: Sequence[Column], rows: AsyncIterator[Sequence[Value]]) -> AsyncGenerator[bytes, None]:
    """UTF-8 with byte order mark, commas, CRLF, every field in quotation marks."""
    yield "\ufeff".encode() + _lines([[column.heading for column in columns]])
    async for batch in _batches(rows):
        yield _lines(batch)


async def xlsx_export(
    columns: Sequence[Column], rows: AsyncIterator[Sequence[Value]], sheet: str
) -> AsyncGenerator[bytes, None]:
    """A workbook with one sheet and a frozen heading; texts are texts, whole numbers numbers, nothing is a formula."""
    book = StreamedBook(sheet, [(column.heading, column.width) for column in columns])
    yield book.begun()
    async for batch in _batches(rows):
        # Empty while rows are still being compressed.
        if piece := await asyncio.to_thread(book.written, batch):
            yield piece
    yield book.ended()


async def pieces_of(path: Path) -> AsyncGenerator[bytes, None]:
    """The content of a file, piece by piece."""
    with await asyncio.to_thread(path.open, "rb") as file:
        while piece := await asyncio.to_thread(file.read, _CHUNK):
            yield piece


def _lines(rows: Sequence[Sequence[Value]]) -> bytes:
    written = io.StringIO()
    lines = csv.writer(written, quoting=csv.QUOTE_ALL)
    for row in rows:
        lines.writerow([quoted(value) if isinstance(value, str) else value for value in row])
    return written.getvalue().encode("utf-8", "replace")


async def _batches(rows: AsyncIterator[Sequence[Value]]) -> AsyncGenerator[list[Sequence[Value]], None]:
    batch: list[Sequence[Value]] = []
    async for row in rows:
        batch.append(row)
        if len(batch) >= _TOGETHER:
            yield batch
            batch = []
    if batch:
        yield batch
