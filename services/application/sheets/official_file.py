"""Writes the file of the government's own bulk tools (一括登録用Excelツール), for every type code.

UTF-16LE with byte order mark, TAB between fields, one empty field more at the end of each line, CRLF between lines and
none after the last one, no quoting.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.application.forms.catalogue import form_of
from services.application.forms.field import Field, Form, pointer_of
from services.application.forms.form import entered_fields
from services.application.forms.official import export_form
from services.application.sheets.official_layout import Layout, OfficialColumn, layout_of, status_codes
from services.application.sheets.official_types import Kind, kinds_of, purpose_of, type_code_of
from services.application.sheets.official_values import written
from shared.errors import FieldProblem, Text

MOST_ROWS = 300
# The leading columns, whose names in the tools' own files are not known.
LEADING_HEADERS = ("行番号", "申請種別区分", "申請種別コード")
_NAMES = {"COE": "SA_03_001", "CHANGE": "SA_03_002", "EXTEND": "SA_03_003"}
BLOCKS = {"reentry": "REENTRY", "extra": "EXTRA_ACT", "workcert": "WORKCERT"}
# Answers that the file has in another way: the type code, or other columns that are filled in.
_STATED_OTHERWISE = frozenset({"hsp.type", "dispatch.used"})


@dataclass(frozen=True, slots=True)
class OfficialRow:
    """An application as the official file takes it: normalised `form` values in a version."""

    version: str
    status: str
    form: Mapping[str, Any]
    activity: str | None = None
    combined_with: tuple[str, ...] = ()
    notify_email: str | None = None


@dataclass(frozen=True, slots=True)
class OfficialFile:
    """A file, its name, and for each application in it (by its number among all) what the layout cannot hold."""

    name: str
    type_code: str
    content: bytes
    problems: Mapping[int, tuple[FieldProblem, ...]] = field(default_factory=dict)


def write_official(rows: Sequence[OfficialRow]) -> tuple[tuple[OfficialFile, ...], tuple[int, ...]]:
    """One file for each type code and each 300 applications of it, and the numbers of those that the tools have none
    for."""
    by_type: dict[str, list[tuple[int, OfficialRow]]] = {}
    left: list[int] = []
    for number, row in enumerate(rows):
        type_code = type_code_of(form_of(row.version).procedure, _kind(row))
        if type_code is None or layout_of(type_code) is None:
            left.append(number)
        else:
            by_type.setdefault(type_code, []).append((number, row))
    files = []
    for type_code, numbered in by_type.items():
        layout = layout_of(type_code)
        assert layout is not None
        for part, first in enumerate(range(0, len(numbered), MOST_ROWS), start=1):
            files.append(_file(layout, part, numbered[first : first + MOST_ROWS]))
    return tuple(files), tuple(left)


def _kind(row: OfficialRow) -> Kind:
    table = Form(row.form)["hsp.type"] if row.status == "HSP2" else ""
    return Kind(row.status, row.activity, table or "")


def _file(layout: Layout, part: int, rows: Sequence[tuple[int, OfficialRow]]) -> OfficialFile:
    problems: dict[int, tuple[FieldProblem, ...]] = {}
    lines = [[*LEADING_HEADERS, *layout.headers]]
    for place, (number, row) in enumerate(rows, start=1):
        line = _Line(layout, row)
        lines.append([str(place), layout.type_code[:3], layout.type_code, *line.cells()])
        if line.problems:
            problems[number] = tuple(line.problems)
    text = "\r\n".join("\t".join([*line, ""]) for line in lines)
    version = form_of(rows[0][1].version).valid_from
    name = f"{_NAMES[layout.procedure]}__ver{version:%Y%m%d}_{layout.type_code}_{part}.csv"
    return OfficialFile(name, layout.type_code, b"\xff\xfe" + text.encode("utf-16-le"), problems)


class _Line:
    """One application while it is written."""

    def __init__(self, layout: Layout, row: OfficialRow) -> None:
        self._layout = layout
        self._row = row
        self._version = form_of(row.version, row.combined_with)
        self._form = Form(row.form)
        self._flagged = {column.code for column in layout.columns if column.part == "bare-year"}
        self._entered = {entry.code: (entry.field, entry.value) for entry in entered_fields(self._version, self._form)}
        self.problems = list(export_form(self._version, self._form).problems)

    def cells(self) -> list[str]:
        """The cells of the layout, in order; `problems` then has what they do not say."""
        used: set[str] = set()
        if _is_ambiguous(self._layout.type_code, _kind(self._row)):
            self.problems.append(_no_activity())
        cells = [self._cell(column, used) for column in self._layout.columns]
        for code, (item, _) in self._entered.items():
            if code not in used and code not in _STATED_OTHERWISE:
                self.problems.append(_no_column(code, item))
        return cells

    def _cell(self, column: OfficialColumn, used: set[str]) -> str:
        if not column.code:
            return ""
        if column.code.startswith("@"):
            return self._beside_the_form(column.code)
        if column.part.startswith("copy") and not self._row.combined_with:
            return ""
        if column.part == "unless":
            block = BLOCKS[column.code.partition(".")[0]]
            return "1" if block in self._row.combined_with and column.code not in self._entered else ""
        if column.code not in self._entered or not self._is_the_column(column):
            return ""
        item, value = self._entered[column.code]
        used.add(column.code)
        try:
            return written(item, value, part_of(column), self._row.status, flagged=column.code in self._flagged)
        except KeyError:
            if not column.part.startswith("copy"):
                self.problems.append(_no_code(column.code, item))
            return ""

    def _is_the_column(self, column: OfficialColumn) -> bool:
        """Whether this is the one of two columns that the value belongs to."""
        what, _, which = column.part.partition(":")
        if what == "kind":
            return _table(self._layout.type_code) in which
        if what == "beside":
            other = "major.university" if which == "major.vocational" else "major.vocational"
            return which in self._entered or (other not in self._entered and which == "major.university")
        return True

    def _beside_the_form(self, place: str) -> str:
        kind = _kind(self._row)
        match place:
            case "@purpose":
                return purpose_of(kind)
            case "@requested_status":
                return status_codes().get(self._row.status, "")
            case "@confirm":
                return "1"
            case "@notify_email":
                return self._row.notify_email or ""
            case _ if place.startswith("@with."):
                return "1" if place.removeprefix("@with.") in self._row.combined_with else "0"
        return ""


def part_of(column: OfficialColumn) -> str:
    """The part of the field that stands in a column, whichever of two columns it is."""
    return "" if column.part.startswith(("kind:", "beside:")) else column.part


def _table(type_code: str) -> str:
    """The point table of a type code of 高度専門職."""
    return "ABC"[(ord(type_code[3]) - ord("A")) % 3]


def _is_ambiguous(type_code: str, kind: Kind) -> bool:
    """Whether the file has nothing that tells this activity from another one of the same status."""
    if type_code.startswith("01"):
        return kind.status == "DESIGNATED" and purpose_of(kind) == "U4" and type_code[2:] != "U4"
    same = [each for each in kinds_of(type_code) if each.status == kind.status]
    return len(same) > 1


def _no_activity() -> FieldProblem:
    message = Text(
        "一括登録用ファイルには、この活動の内容を示す欄がありません。",
        "The official bulk file has no column that tells this activity.",
    )
    return FieldProblem("/activity", "no-column", message)


def _no_column(code: str, item: Field) -> FieldProblem:
    message = Text(
        "「{item}」は一括登録用ファイルに欄がないため、書き出していません。",
        "{item}: the official bulk file has no column for it, so it is not written.",
    ).with_values(item=item.label)
    return FieldProblem(pointer_of(code), "no-column", message)


def _no_code(code: str, item: Field) -> FieldProblem:
    message = Text(
        "「{item}」の値は一括登録用ファイルのコードにないため、書き出していません。",
        "{item}: the official bulk file has no code for this value, so it is not written.",
    ).with_values(item=item.label)
    return FieldProblem(pointer_of(code), "no-code", message)
