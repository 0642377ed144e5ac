"""The file of the government's own bulk tools (一括登録用Excelツール), written for every type code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.errors import FieldProblem


@dataclass(frozen=True, slots=True)
class OfficialRow:
    """An application as the official file takes it: normalised `form` values."""

    procedure: str
    status: str
    form: Mapping[str, Any]
    activity: str | None = None
    combined_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OfficialFile:
    """The file, its name, and for each row (by its index) what the official layout cannot hold."""

    name: str
    content: bytes
    problems: Mapping[int, tuple[FieldProblem, ...]] = field(default_factory=dict)


def write_official(rows: Sequence[OfficialRow]) -> tuple[OfficialFile, ...]:
    """One file for each type code (procedure, status, activity) and each 300 rows of it."""
    raise NotImplementedError
