"""Reads foreign files in a process with limits: what a hostile file breaks is that process alone.

Every file has a process of its own, so that nothing of one can reach another.
"""

import asyncio
import io
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.application.sheets.book import Book, RowRead
from services.application.sheets.grid import problem
from shared.confined.child import Child, Limits
from shared.errors import FieldProblem, Text
from shared.reference.files import MOST_CHARACTERS_OF_A_CELL

_MODULE = "services.application.sheets.worker"
# Those of the pipes: the process opens neither file nor connection.
_DESCRIPTORS = 3


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """Limits of reading one file: seconds of CPU, seconds by the clock without an answer, MB of address space."""

    cpu_seconds: int = 60
    wall_seconds: float = 90
    memory_mb: int = 512


@dataclass(frozen=True, slots=True)
class SheetCells:
    """Cells of a row of a sheet, from column `first` on; row and column count from 0. A row may come in parts."""

    sheet: str
    row: int
    first: int
    cells: tuple[str, ...]


class BookReader:
    """Reads books, each in a process of its own, `size` at a time; one for the whole service."""

    def __init__(self, size: int = 1, limits: ReadingLimits | None = None) -> None:
        self._limits = limits or ReadingLimits()
        self._places = asyncio.Semaphore(size)

    async def read(self, content: bytes, name: str, today: date) -> AsyncGenerator[Book | RowRead, None]:
        """First the `Book`, then its rows, as fast as they are taken.

        A file that breaks the process, or takes more than the limits, ends in a `Book` with a problem; where rows were
        read before, they count for nothing then.
        """
        try:
            async with aclosing(self._pieces(content, {"name": name, "today": today.isoformat()})) as pieces:
                async for piece in pieces:
                    if "book" in piece:
                        yield Book.of(piece["book"])
                    for row in piece.get("rows", ()):
                        yield RowRead.of(row)
        except _Ended as ended:
            yield Book("template-xlsx", (), (ended.problem,))

    async def cells(self, content: bytes, name: str) -> AsyncGenerator[SheetCells, None]:
        """Every cell of the sheets that can be read, as texts that Excel takes; nothing of a file that cannot."""
        sheet = ""
        try:
            async with aclosing(self._pieces(content, {"name": name, "cells": True})) as pieces:
                async for piece in pieces:
                    sheet = piece.get("sheet", sheet)
                    for row, first, cells in piece.get("cells", ()):
                        yield SheetCells(sheet, row, first, tuple(cell[:MOST_CHARACTERS_OF_A_CELL] for cell in cells))
        except _Ended:
            return

    async def _pieces(self, content: bytes, job: dict[str, Any]) -> AsyncGenerator[dict[str, Any], None]:
        async with self._places:
            limits = Limits(self._limits.cpu_seconds, self._limits.memory_mb, _DESCRIPTORS)
            child = await Child.start(_MODULE, limits)
            try:
                async with aclosing(child.ask(job, io.BytesIO(content), len(content))) as answers:
                    while True:
                        async with asyncio.timeout(self._limits.wall_seconds):
                            answer = await anext(answers, None)
                        if answer is None:
                            return
                        yield answer[0]
            except TimeoutError as error:
                raise _Ended(_too_long()) from error
            except (EOFError, ConnectionError, ValueError) as error:
                raise _Ended(_too_much()) from error
            finally:
                await child.end()


class _Ended(Exception):
    def __init__(self, wrong: FieldProblem) -> None:
        super().__init__(wrong.code)
        self.problem = wrong


def _too_long() -> FieldProblem:
    return problem(
        "takes-too-long",
        Text(
            "読み込みに時間がかかりすぎるため中止しました。ファイルを分けて送信してください。",
            "Reading took too long and was stopped. Send the file in parts.",
        ),
    )


def _too_much() -> FieldProblem:
    return problem(
        "not-readable",
        Text(
            "このファイルは読み込めません。様式をダウンロードし、値だけを貼り付けて送信してください。大きいファイルは分けてください。",
            "This file cannot be read. Download the template, and paste the values alone. Send a large file in parts.",
        ),
    )
