"""States of an import and of its rows."""

from collections.abc import Iterable
from enum import StrEnum

from shared.errors import FieldProblem


class ImportState(StrEnum):
    """`reading`, `checking` and `filing` are work in progress; after a filing it is `finished`, and may be filed again
    where rows were left."""

    READING = "reading"
    REFUSED = "refused"
    CHECKING = "checking"
    CHECKED = "checked"
    FILING = "filing"
    FINISHED = "finished"


IN_PROGRESS = frozenset({ImportState.READING, ImportState.CHECKING, ImportState.FILING})
AT_REST = frozenset({ImportState.CHECKED, ImportState.FINISHED})


class RowState(StrEnum):
    """`read` is not checked yet; `files-missing` lacks nothing but photo or documents."""

    READ = "read"
    WRONG = "wrong"
    FILES_MISSING = "files-missing"
    READY = "ready"
    FILED = "filed"


# Problems that a file solves, or a moment of patience while it is checked.
_SOLVED_BY_FILES = frozenset({"required", "document-missing", "document-unknown"})
_OF_FILES = ("/photo_id", "/documents")


def state_of(problems: Iterable[FieldProblem]) -> RowState:
    """The state of a row that is not filed, by everything that hinders its filing."""
    found = list(problems)
    if not found:
        return RowState.READY
    lacking = (p.code in _SOLVED_BY_FILES and p.pointer.startswith(_OF_FILES) for p in found)
    return RowState.FILES_MISSING if all(lacking) else RowState.WRONG
