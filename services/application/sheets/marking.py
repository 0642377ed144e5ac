"""The answer to a file: the same workbook, wrong cells coloured and explained, with state and receipt numbers."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from tempfile import TemporaryDirectory

from services.application.sheets import columns as at
from services.application.sheets.book import RowOutcome, State
from services.application.sheets.columns import Column, columns_of
from services.application.sheets.confined import BookReader, SheetCells
from services.application.sheets.export import pieces_of
from services.application.sheets.grid import column_number
from services.application.sheets.marker import plan_at
from services.application.sheets.sheet_writer import RESULTS, SheetWriter, WrittenSheet
from shared.errors import Text
from shared.languages import OfficialLang

Outcomes = Mapping[tuple[str, int], RowOutcome]
_STATES: Mapping[State, Text] = {
    "filed": Text("申請済", "Filed"),
    "draft": Text("下書き", "Draft"),
    "ready": Text("申請できます", "Ready"),
    "wrong": Text("誤りあり", "Wrong"),
    "left-out": Text("対象外", "Left out"),
}
_FORMATS: Mapping[State, str] = {"filed": "good", "ready": "good", "wrong": "wrong"}
_SUMMARY = Text("結果", "Result")
_HEADINGS = (
    Text("シート", "Sheet"),
    Text("行", "Row"),
    Text("状態", "State"),
    Text("受付番号", "Receipt number"),
    Text("セル", "Cell"),
    Text("説明", "What is wrong"),
)
# Rows above the applications of a template; a workbook of another kind has its heading alone.
_HEAD = 30
# Notes in a sheet take memory until its end; what is wrong stands on the first sheet in any case.
_MOST_NOTES = 20_000
_REF = re.compile("([A-Z]+)([0-9]+)")
_Line = tuple[int, list[str]]


async def marked_book(
    reader: BookReader, content: bytes, name: str, outcomes: Outcomes, language: OfficialLang
) -> AsyncGenerator[bytes, None]:
    """The workbook as XLSX in pieces, in memory that does not grow with its rows.

    `outcomes` by sheet and row number. Rows and columns stay where they are, so that the answer can be corrected and
    sent again; a CSV and an official file are answered as a workbook too. The first sheet has the counts and every
    problem with a link to its cell. Texts are those of the file: its own colours and widths are not kept.
    """
    with TemporaryDirectory() as folder:
        writer = SheetWriter(folder, language)
        await asyncio.to_thread(_summary, writer, outcomes)
        answer = _Answer(writer, outcomes)
        async with aclosing(reader.cells(content, name)) as cells:
            async for lines in _batches(cells):
                await asyncio.to_thread(answer.write, lines)
        await asyncio.to_thread(answer.finish)
        async with aclosing(pieces_of(writer.path)) as pieces:
            async for piece in pieces:
                yield piece


async def _batches(cells: AsyncIterator[SheetCells]) -> AsyncGenerator[list[SheetCells], None]:
    batch: list[SheetCells] = []
    async for part in cells:
        batch.append(part)
        if len(batch) >= 200:
            yield batch
            batch = []
    yield batch


def _summary(writer: SheetWriter, outcomes: Outcomes) -> None:
    """Write the first sheet: how many rows are in which state, then each problem of each row."""
    language = writer.language
    sheet = writer.sheet(RESULTS)
    sheet.inner.set_column(0, 4, 18)
    sheet.inner.set_column(5, 5, 90)
    sheet.row(0, [getattr(_SUMMARY, language)], usual="title")
    counts = Counter(outcome.state for outcome in outcomes.values())
    number = 1
    for state, words in _STATES.items():
        if counts[state]:
            sheet.row(number, [getattr(words, language)])
            sheet.number(number, 1, counts[state])
            number += 1
    number += 1
    sheet.row(number, [getattr(heading, language) for heading in _HEADINGS], usual="label")
    sheet.inner.autofilter(number, 0, number + max(sum(1 for _ in _findings(outcomes)), 1), len(_HEADINGS) - 1)
    for (name, row), outcome, ref, message in _findings(outcomes):
        number += 1
        state = getattr(_STATES[outcome.state], language)
        said = getattr(message, language) if message else ""
        sheet.row(number, [name, "", state, outcome.receipt_number or "", ref or "", said])
        sheet.number(number, 1, row)
        if ref and number < _MOST_NOTES:
            sheet.link(number, 4, name, ref)


def _findings(outcomes: Outcomes) -> Iterator[tuple[tuple[str, int], RowOutcome, str | None, Text | None]]:
    """Every problem, and every row that has none."""
    for place, outcome in outcomes.items():
        if not outcome.problems:
            yield place, outcome, None, None
        for ref, message in outcome.problems:
            yield place, outcome, ref, message


@dataclass(slots=True)
class _Answer:
    """The sheets after the first, while they are written."""

    writer: SheetWriter
    outcomes: Outcomes
    name: str | None = None
    row: tuple[int, list[str]] | None = None
    head: list[_Line] = field(default_factory=list)
    columns: Sequence[Column | None] = ()
    sheet: WrittenSheet | None = None
    notes: int = 0

    def write(self, parts: Sequence[SheetCells]) -> None:
        """Take these cells; a row is written when the next one begins."""
        for part in parts:
            if part.sheet != self.name:
                self._end_of_sheet()
                self.name = part.sheet
            if self.row is not None and self.row[0] == part.row:
                self.row[1].extend(part.cells)
            else:
                self._line()
                self.row = part.row, [""] * part.first + list(part.cells)

    def finish(self) -> None:
        """Write what is left, and close the workbook."""
        self._end_of_sheet()
        self.writer.close()

    def _line(self) -> None:
        if self.row is None:
            return
        line, self.row = self.row, None
        if self.sheet is not None:
            self._written(*line)
            return
        self.head.append(line)
        if at.KEY in line[1] or len(self.head) >= _HEAD:
            self._begin()

    def _end_of_sheet(self) -> None:
        self._line()
        if self.name is not None and self.sheet is None:
            self._begin()
        self.sheet, self.head, self.columns, self.notes = None, [], (), 0

    def _begin(self) -> None:
        """Begin the sheet in the shape of its template, where its first rows are those of one."""
        assert self.name is not None
        self.columns = self._columns_of_template()
        if self.columns:
            *above, (codes, values) = self.head
            lines = dict(above) | {codes: values}
            head = [lines.get(number, []) for number in range(codes + 1)]
            self.sheet = self.writer.shaped_sheet(self.name, self.columns, head, codes)
        else:
            self.sheet = self.writer.sheet(self.name)
            for line in self.head:
                self._written(*line)
        self.head = []

    def _columns_of_template(self) -> Sequence[Column | None]:
        plan = next((plan for _, values in self.head if values and (plan := plan_at(values[0]))), None)
        codes = self.head[-1][1] if self.head else []
        if plan is None or at.KEY not in codes:
            return ()
        try:
            known = {column.code: column for column in columns_of(plan)}
        except LookupError:
            return ()
        return tuple(known.get(code) for code in codes)

    def _written(self, number: int, values: list[str]) -> None:
        assert self.name is not None
        assert self.sheet is not None
        outcome = self.outcomes.get((self.name, number + 1))
        if outcome is None:
            self.sheet.row(number, values)
            return
        marks: dict[int, str] = {}
        notes: dict[int, str] = {}
        language = self.writer.language
        for ref, message in outcome.problems:
            if ref and (found := _REF.fullmatch(ref)) and int(found[2]) == number + 1:
                column = column_number(found[1])
                marks[column] = "wrong"
                said = getattr(message, language)
                notes[column] = f"{notes[column]}\n{said}" if column in notes else said
        for place, value in self._outputs(outcome, len(values)).items():
            values.extend([""] * (place + 1 - len(values)))
            values[place] = value
            if outcome.state in _FORMATS:
                marks.setdefault(place, _FORMATS[outcome.state])
        self.notes += len(notes)
        self.sheet.row(number, values, marks, notes if self.notes <= _MOST_NOTES else None)

    def _outputs(self, outcome: RowOutcome, width: int) -> Mapping[int, str]:
        """State and receipt number, in their columns; where a sheet has none they come last."""
        language = self.writer.language
        said = [getattr(message, language) for ref, message in outcome.problems if ref is None]
        state = "\n".join([getattr(_STATES[outcome.state], language), *said])
        places = {column.code: place for place, column in enumerate(self.columns) if column is not None}
        return {
            places.get(at.RESULT, width): state,
            places.get(at.RECEIPT, width + 1): outcome.receipt_number or "",
        }
