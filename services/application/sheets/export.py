"""Writes tables as CSV and XLSX in constant memory, safe against formulas that a value would become in Excel."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an export: its heading in the reader's language, and its width in characters."""

    heading: str
    width: int = 16


def csv_export(columns: Sequence[Column], rows: AsyncIterator[Sequence[str | int | None]]) -> AsyncIterator[bytes]:
    """UTF-8 with byte order mark, commas, CRLF, every field quoted."""
    raise NotImplementedError


def xlsx_export(
    columns: Sequence[Column], rows: AsyncIterator[Sequence[str | int | None]], sheet: str
) -> AsyncIterator[bytes]:
    """A workbook with one sheet; texts are texts, whole numbers numbers, and nothing is a formula."""
    raise NotImplementedError


ExportKind = Literal["csv", "xlsx"]
