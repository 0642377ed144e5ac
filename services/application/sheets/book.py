"""A workbook or CSV with many applications, as it is read: the book, its rows, and what became of each row.

All of it is frozen and travels as JSON out of the process that reads foreign files (`described`, `of`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from shared.errors import FieldProblem, Text

BookKind = Literal["template-xlsx", "template-csv", "official"]
State = Literal["ready", "wrong", "filed", "draft", "left-out"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a sheet: `ref` as Excel shows it (`C7`), `text` as it stands there."""

    ref: str
    text: str


@dataclass(frozen=True, slots=True)
class Book:
    """A file as a whole: its sheets, its problems, its notices.

    `problems` say why nothing of it is read: then there are no rows. `notices` name what of it was not read (a hidden
    sheet, a sheet that is not a template, a column that the form does not have); the rest is. The pointer of both is
    `/sheets/NAME` or empty for the whole file.
    """

    kind: BookKind
    sheets: tuple[str, ...]
    problems: tuple[FieldProblem, ...] = ()
    notices: tuple[FieldProblem, ...] = ()

    def described(self) -> dict[str, Any]:
        """The book in JSON's types."""
        return {
            "kind": self.kind,
            "sheets": list(self.sheets),
            "problems": described_problems(self.problems),
            "notices": described_problems(self.notices),
        }

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> "Book":
        """The opposite of `described`."""
        return cls(
            fields["kind"],
            tuple(fields["sheets"]),
            read_problems(fields["problems"]),
            read_problems(fields["notices"]),
        )


@dataclass(frozen=True, slots=True)
class RowRead:
    """A row of a sheet that stands for one application.

    `number` is the row's own number in the sheet, from 1, as Excel shows it. `key` is unique within a book: the row's
    own one, else `SHEET:number`. `version` is None where a problem says why the form is not known. `form` has raw texts
    by nested code, as `PATCH /v1/applications` takes them; `cells` the reference of the cell for each JSON pointer of
    the form. `same_as_last`: what is empty comes from the last application of this person. `problems` are those of
    reading alone: their pointer is one of `cells`, or the place of another column (`/key`, `/notify/email`), or empty.
    `numbered`: the key is the running number of an official file. Files are matched to the row by it, but the next
    file has the same numbers for other people. `notices` name what of an official file the form does not ask and is
    not kept; they stop nothing.
    """

    sheet: str
    number: int
    key: str
    version: str | None
    procedure: str | None
    status_of_residence: str | None
    activity: str | None = None
    combined_with: tuple[str, ...] = ()
    form: Mapping[str, Any] = field(default_factory=dict)
    cells: Mapping[str, str] = field(default_factory=dict)
    same_as_last: bool = False
    numbered: bool = False
    notify_email: str | None = None
    notify_language: str | None = None
    problems: tuple[FieldProblem, ...] = ()
    notices: tuple[FieldProblem, ...] = ()

    def described(self) -> dict[str, Any]:
        """The row in JSON's types."""
        return {
            "sheet": self.sheet,
            "number": self.number,
            "key": self.key,
            "version": self.version,
            "procedure": self.procedure,
            "status_of_residence": self.status_of_residence,
            "activity": self.activity,
            "combined_with": list(self.combined_with),
            "form": self.form,
            "cells": self.cells,
            "same_as_last": self.same_as_last,
            "numbered": self.numbered,
            "notify_email": self.notify_email,
            "notify_language": self.notify_language,
            "problems": described_problems(self.problems),
            "notices": described_problems(self.notices),
        }

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> "RowRead":
        """The opposite of `described`."""
        return cls(
            **{
                **fields,
                "combined_with": tuple(fields["combined_with"]),
                "problems": read_problems(fields["problems"]),
                "notices": read_problems(fields.get("notices", [])),
            }
        )


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """The outcome of a row: its state, its receipt number once it is filed, and what is wrong with it.

    A problem has the reference of its cell (`RowRead.cells`), or None where it belongs to the row as a whole.
    """

    state: State
    receipt_number: str | None = None
    problems: tuple[tuple[str | None, Text], ...] = ()


def described_problems(problems: tuple[FieldProblem, ...]) -> list[dict[str, str]]:
    """Problems in JSON's types."""
    return [{"pointer": each.pointer, "code": each.code} | each.message.stored() for each in problems]


def read_problems(described: list[dict[str, str]]) -> tuple[FieldProblem, ...]:
    """The opposite of `described_problems`."""
    return tuple(FieldProblem(each["pointer"], each["code"], Text.read(each)) for each in described)
