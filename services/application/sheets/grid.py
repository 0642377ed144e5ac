"""A sheet as rows of texts, whatever file it came from."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from shared.errors import FieldProblem, Text

Position = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet. `rows` reads its rows from the first at each call; rows and columns count from 0.

    `formulas` are the cells that are calculated, `merged` those that belong to a merged cell (its first one included).
    """

    name: str
    rows: Callable[[], Iterator[Sequence[str]]]
    formulas: frozenset[Position] = frozenset()
    merged: frozenset[Position] = frozenset()


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that was opened: its sheets, or the problems why it cannot be read, and notices about what is left out."""

    grids: tuple[Grid, ...] = ()
    problems: tuple[FieldProblem, ...] = ()
    notices: tuple[FieldProblem, ...] = ()
    separated: bool = field(default=False)  # a CSV, not a workbook

    @classmethod
    def refused(cls, code: str, text: Text, sheet: str = "") -> "Opened":
        return cls(problems=(problem(code, text, sheet),))


class Broken(Exception):
    """Reading stopped in the middle of a file; nothing of it counts."""

    def __init__(self, problem: FieldProblem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def problem(code: str, text: Text, sheet: str = "") -> FieldProblem:
    """A problem of the whole file, or of one of its sheets."""
    escaped = sheet.replace("~", "~0").replace("/", "~1")
    return FieldProblem(f"/sheets/{escaped}" if sheet else "", code, text)


def cell_name(row: int, column: int) -> str:
    """The reference of a cell as Excel shows it; row and column count from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def column_number(letters: str) -> int:
    """The number, from 0, of the column with these letters."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
