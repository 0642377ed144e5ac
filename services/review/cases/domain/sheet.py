"""CSV files from and to others: printers, carriers, the payment provider.

Reading says what is wrong; what is written is safe to open in a spreadsheet.
"""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.review.cases.domain.refusal import Wrong
from shared.errors import Text

# A batch of a day and its corrections; more come in several files.
MOST_ROWS = 20_000
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file: the number of its line, and its cells by column."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def read_rows(content: bytes, columns: Mapping[str, Sequence[str]], pointer: str = "") -> list[Row]:
    """The rows of a CSV whose first line names its columns, in any order; `columns` are the names that each may have.

    UTF-8, UTF-16 with its mark or CP932; commas, semicolons or tabs; empty rows are left out. Raises `Wrong`.
    """
    lines = _lines(_text(content, pointer))
    heads = [_plain(name) for name in next(lines, [])]
    places = {column: _place(heads, (column, *names)) for column, names in columns.items()}
    missing = [column for column, place in places.items() if place is None]
    if missing:
        listed = ", ".join(missing)
        raise Wrong(
            "columns-missing",
            Text("1行目に列名がありません: {listed}", "The first line has to name these columns: {listed}").with_values(
                listed=listed
            ),
            pointer,
        )
    rows: list[Row] = []
    for number, cells in enumerate(lines, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(rows) == MOST_ROWS:
            raise Wrong(
                "too-many-rows",
                Text(
                    "1つのファイルは{most_rows}行までです。分けて送信してください。",
                    "A file has at most {most_rows} rows. Send several.",
                ).with_values(most_rows=MOST_ROWS),
                pointer,
            )
        rows.append(
            Row(
                number,
                {column: cells[at].strip() for column, at in places.items() if at is not None and at < len(cells)},
            )
        )
    if not rows:
        raise Wrong("no-rows", Text("データの行がありません", "The file has no rows below its first line"), pointer)
    return rows


def write_rows(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV in UTF-8 with its mark, as spreadsheets open it; no cell begins a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _safe(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _text(content: bytes, pointer: str) -> str:
    for mark, encoding in (*_BOMS, (b"", "utf-8"), (b"", "cp932")):
        if content.startswith(mark):
            try:
                found = content.decode(encoding)
            except UnicodeError:
                continue
            if "\0" not in found:
                return found
    raise Wrong(
        "encoding",
        Text(
            "文字コードを判別できません。UTF-8のCSVとして保存し直してください。",
            "The character encoding is not known. Save the file as CSV in UTF-8.",
        ),
        pointer,
    )


def _lines(text: str) -> Iterator[list[str]]:
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            # A cell longer than any of ours: a row that no column can be read of.
            yield ["?"]


def _plain(name: str) -> str:
    return name.strip().strip("\ufeff").replace(" ", "_").lower()


def _place(heads: Sequence[str], names: Iterable[str]) -> int | None:
    return next((heads.index(name) for name in names if name in heads), None)
