"""Reads a workbook, a CSV of a template or an official bulk file. Runs inside the confined process (`confined.py`)."""

from collections.abc import Iterator
from datetime import date

from services.application.sheets.book import Book, RowRead


def read_book(content: bytes, name: str, today: date) -> tuple[Book, Iterator[RowRead]]:
    """The book, and its rows one after the other. Nothing raises: a file that cannot be read has problems.

    `name` is the name of the file, and only tells how a CSV is separated where its content does not.
    """
    raise NotImplementedError
