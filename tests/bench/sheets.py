"""Files with many applications: 10,000 rows of 230 columns read and marked, 100,000 rows exported.

`python -m tests.bench.sheets` measures in a process of its own, whose memory is nobody else's, and prints JSON.
"""

import asyncio
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from datetime import date
from pathlib import Path

from services.application.forms.catalogue import form_of
from services.application.sheets.book import Book, RowOutcome
from services.application.sheets.columns import Plan, columns_of
from services.application.sheets.confined import BookReader
from services.application.sheets.export import Column, Value, xlsx_export
from services.application.sheets.marker import marker_of
from services.application.sheets.marking import marked_book
from services.application.sheets.sheet_writer import SheetWriter
from services.application.sheets.templates import example_values
from shared.errors import Text
from tests.bench.line import Line

_ROWS, _COLUMNS, _EXPORTED = 10_000, 230, 100_000
_DAY = date(2026, 11, 29)
_PLAN = Plan("extend-v-2026-02-27", "SSW1")
_WRONG = Text("誤りがあります", "This is wrong")


def measure() -> list[Line]:
    """Memory of the service and of the process that reads, rows in a second of computing, and memory of an export."""
    printed = subprocess.run([sys.executable, "-m", "tests.bench.sheets"], check=True, capture_output=True).stdout
    found: dict[str, float] = json.loads(printed)
    what = f"{_ROWS:,} rows of {_COLUMNS} columns"
    return [
        Line(f"{what} read: both processes", found["reading_mb"], "MB", 400, at_most=True),
        Line(f"{what} read", found["read_per_second"], "rows/s CPU", 500),
        Line(f"{what} marked: the service", found["marking_mb"], "MB", 400, at_most=True),
        Line(f"{what} marked", found["marked_per_second"], "rows/s CPU", 200),
        Line(f"{_EXPORTED:,} rows exported as XLSX", found["export_mb"], "MB more", 30, at_most=True),
    ]


async def _measured() -> dict[str, float]:
    found: dict[str, float] = {}
    content = await asyncio.to_thread(_workbook)
    reader = BookReader()
    outcomes: dict[tuple[str, int], RowOutcome] = {}
    began = _cpu()
    async for row in reader.read(content, "a.xlsx", _DAY):
        if not isinstance(row, Book):
            wrong = row.number % 3 == 0
            problems = ((row.cells["/form/name_roman"], _WRONG),) if wrong else ()
            outcomes[row.sheet, row.number] = RowOutcome("wrong" if wrong else "ready", None, problems)
    assert len(outcomes) == _ROWS, "every row is read"
    found["read_per_second"] = _ROWS / (_cpu() - began)
    found["reading_mb"] = _mb() + _reader_mb()
    began = _cpu()
    async for _ in marked_book(reader, content, "a.xlsx", outcomes, "ja"):
        pass
    found["marked_per_second"] = _ROWS / (_cpu() - began)
    found["marking_mb"] = _mb()
    before = _mb()
    columns = [Column(str(number)) for number in range(20)]
    async for _ in xlsx_export(columns, _people(len(columns)), "一覧"):
        pass
    found["export_mb"] = _mb() - before
    return found


def _mb() -> float:
    """The most memory that this process had; what getrusage says begins with that of the process before it."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _reader_mb() -> float:
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def _cpu() -> float:
    """Seconds of computing so far, here and in the processes that have ended."""
    each = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in each)


async def _people(columns: int) -> AsyncIterator[Sequence[Value]]:
    for number in range(_EXPORTED):
        yield [number, *(f"東京都千代田区霞が関 {number}" for _ in range(columns - 1))]


def _workbook() -> bytes:
    """A template with every one of its first columns filled in, in 10,000 rows."""
    codes = [column.code for column in columns_of(_PLAN)][:_COLUMNS]
    example = [value or "値" for value in example_values(_PLAN, "ja")][:_COLUMNS]
    with tempfile.TemporaryDirectory() as folder:
        writer = SheetWriter(Path(folder), "ja")
        sheet = writer.sheet(form_of(_PLAN.version).version)
        sheet.row(0, [marker_of(_PLAN)])
        sheet.row(1, codes)
        for number in range(_ROWS):
            sheet.row(number + 2, [f"K-{number}", *example[1:3], "", f"{number}@example.jp", "ja", *example[6:]])
        return writer.finished()


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(_measured())))
