"""The answer to a file: the same workbook, wrong cells coloured and explained, with state and receipt numbers."""

from collections.abc import AsyncIterator, Mapping
from typing import Literal

from services.application.sheets.book import RowOutcome
from services.application.sheets.confined import BookReader


def marked_book(
    reader: BookReader,
    content: bytes,
    name: str,
    outcomes: Mapping[tuple[str, int], RowOutcome],
    language: Literal["ja", "en"],
) -> AsyncIterator[bytes]:
    """The workbook as XLSX in pieces, in memory that does not grow with its rows.

    `outcomes` by sheet and row number. Rows and columns stay where they are, so that the answer can be corrected
    and sent again; a CSV and an official file are answered as a workbook too. The first sheet has the counts and the
    problems.
    """
    raise NotImplementedError
