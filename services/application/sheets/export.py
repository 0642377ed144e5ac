"""Writes tables as CSV and XLSX in constant memory, safe against formulas that a value would become in Excel.

Rows come a batch at a time, and what is written leaves or stands in a temporary file, so that no number of rows needs
more memory than a batch.
"""

import asyncio
import csv
import io
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from services.application.sheets.columns import Language
from services.application.sheets.sheet_writer import SheetWriter, WrittenSheet
from services.application.sheets.spelling import quoted

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
    columns: Sequence[Column], rows: AsyncIterator[Sequence[Value]], sheet: str, language: Language
) -> AsyncGenerator[bytes, None]:
    """A workbook with one sheet and a frozen heading; texts are texts, whole numbers numbers, nothing is a formula."""
    with TemporaryDirectory() as folder:
        writer = SheetWriter(folder, language)
        written = writer.sheet(sheet)
        written.inner.freeze_panes(1, 0)
        for number, column in enumerate(columns):
            written.inner.set_column(number, number, column.width)
        written.row(0, [column.heading for column in columns], usual="label")
        count = 1
        async for batch in _batches(rows):
            await asyncio.to_thread(_write, written, count, batch)
            count += len(batch)
        await asyncio.to_thread(writer.close)
        async for piece in pieces_of(writer.path):
            yield piece


async def pieces_of(path: Path) -> AsyncGenerator[bytes, None]:
    """The content of a file, piece by piece."""
    with await asyncio.to_thread(path.open, "rb") as file:
        while piece := await asyncio.to_thread(file.read, _CHUNK):
            yield piece


def _write(sheet: WrittenSheet, first: int, batch: Sequence[Sequence[Value]]) -> None:
    for number, values in enumerate(batch, start=first):
        for column, value in enumerate(values):
            if isinstance(value, int):
                sheet.number(number, column, value)
            elif value:
                sheet.text(number, column, value)


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
