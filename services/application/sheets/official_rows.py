"""Reads the official bulk file: recognised by the names in its first line, a row for each application."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import islice
from typing import Any

from services.application.forms.catalogue import current_form, form_of
from services.application.forms.field import Field, Rows, pointer_of
from services.application.forms.form import put_value
from services.application.forms.options import tool_codes
from services.application.sheets.book import RowRead
from services.application.sheets.grid import Grid, cell_name, problem
from services.application.sheets.official_file import BLOCKS, part_of
from services.application.sheets.official_layout import LEADING, Layout, known_headers, layout_of, split_code
from services.application.sheets.official_types import Kind, kind_in
from services.application.sheets.official_values import read_back
from services.application.sheets.tables import put_in_row
from services.application.sheets.typed_cells import misread
from shared.errors import FieldProblem, Text
from shared.text import is_blank

# A first line with fewer of the tools' names is that of another file.
_KNOWN = 20
_DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class OfficialSheet:
    """A sheet in the official layout: the place of each column by its name."""

    grid: Grid
    places: Mapping[str, int]
    width: int
    today: date
    notices: tuple[FieldProblem, ...] = ()


def official_sheet(grid: Grid, today: date) -> OfficialSheet | None:
    """The sheet as an official file; None where it is none."""
    first = next(iter(islice(grid.rows(), 1)), ())
    names = [name.strip() for name in first]
    known = known_headers()
    if sum(name in known for name in names) < _KNOWN:
        return None
    places = {name: place for place, name in enumerate(names) if place >= LEADING and name in known}
    unknown = [name for place, name in enumerate(names) if place >= LEADING and name and name not in known]
    notices: tuple[FieldProblem, ...] = ()
    if unknown:
        notices = (
            problem(
                "unknown-column",
                Text(
                    "次の列は一括登録用ファイルの項目にないため読み込みません：{columns}",
                    "The official bulk file has no such columns, and they are not read: {columns}",
                ).with_values(columns=unknown[:5]),
                grid.name,
            ),
        )
    return OfficialSheet(grid, places, max(places.values(), default=0) + 1, today, notices)


def official_rows(sheet: OfficialSheet, keys: set[str]) -> Iterator[RowRead]:
    """The applications of an official file. `keys` are those of the book so far, and grow.

    The key of a row is the number with which the tool begins it.
    """
    for number, cells in enumerate(sheet.grid.rows()):
        if number and any(cell and not is_blank(cell) for cell in cells):
            key = cells[0].strip() if cells else ""
            if not key or key in keys or len(key) > 10:
                key = f"{sheet.grid.name}:{number + 1}"
            keys.add(key)
            yield _Row(sheet, number, cells, key).read()


class _Row:
    """One row while it is read."""

    def __init__(self, sheet: OfficialSheet, number: int, cells: Sequence[str], key: str) -> None:
        self._sheet = sheet
        self._number = number
        self._cells = cells
        self._key = key
        self._problems: list[FieldProblem] = []
        self._notices: list[FieldProblem] = []
        self._references: dict[str, str] = {}
        self._form: dict[str, Any] = {}

    def read(self) -> RowRead:
        """The row, with what cannot be read of it."""
        type_code = self._at(LEADING - 1).strip().upper()
        layout = layout_of(type_code)
        if layout is None:
            return self._refused(
                "type-code",
                Text(
                    "申請種別コード「{type_code}」を判別できません。一括登録用Excelツールで作成し直してください。",
                    "The type code “{type_code}” is not known. Make the file again with the official tool.",
                ).with_values(type_code=type_code[:10]),
            )
        if len(self._cells) < self._sheet.width:
            return self._refused(
                "field-count",
                Text(
                    "この行の項目数が見出しと合いません。値の中に改行やタブがないか確認してください。",
                    "This row has fewer fields than the first line. Look for line breaks and tabs inside of a value.",
                ),
            )
        kind = self._kind(layout)
        if kind is None:
            return self._refused(
                "status-unknown",
                Text(
                    "在留資格又は活動の内容を、この行から判別できません。当システムの様式で申請してください。",
                    "The row does not tell the status of residence or the activity. Use the template of this system.",
                ),
            )
        form = current_form(layout.procedure, kind.status, self._sheet.today, kind.activity)
        if form is None:
            return self._refused(
                "not-offered",
                Text(
                    "この手続・在留資格・活動の申請は受け付けていません。",
                    "This procedure is not offered for this status of residence and activity.",
                ),
            )
        combined = tuple(added for added in BLOCKS.values() if self._text(layout, f"@with.{added}") == "1")
        fields = _fields(form.version, combined, kind.status)
        self._take(layout, fields)
        self._stated_otherwise(fields, combined, kind)
        return RowRead(
            sheet=self._sheet.grid.name,
            number=self._number + 1,
            key=self._key,
            version=form.version,
            procedure=layout.procedure,
            status_of_residence=kind.status,
            activity=kind.activity,
            combined_with=combined,
            form=self._form,
            cells=self._references,
            numbered=True,
            notify_email=self._text(layout, "@notify_email") or self._text(layout, "@email") or None,
            problems=tuple(self._problems),
            notices=tuple(self._notices),
        )

    def _refused(self, code: str, text: Text) -> RowRead:
        wrong = FieldProblem("", code, text)
        return RowRead(self._sheet.grid.name, self._number + 1, self._key, None, None, None, problems=(wrong,))

    def _at(self, place: int | None) -> str:
        return self._cells[place] if place is not None and place < len(self._cells) else ""

    def _text(self, layout: Layout, code: str) -> str:
        """The text of the column for that place; empty where the layout or the file has none."""
        header = _headers(layout.type_code).get(code)
        return self._at(self._sheet.places.get(header or "")).strip()

    def _kind(self, layout: Layout) -> Kind | None:
        named = {"COE": "@purpose", "CHANGE": "@requested_status", "EXTEND": "current_status"}[layout.procedure]
        activity = self._text(layout, "designated.kind") or None
        supervised = self._text(layout, "supervisor.used") == "1"
        return kind_in(layout.type_code, self._text(layout, named), activity, supervised=supervised)

    def _take(self, layout: Layout, fields: Mapping[str, Field]) -> None:
        """Take every cell of the layout; a table of the form keeps the order of its rows, without the empty ones."""
        parts: dict[str, dict[str, str]] = {}
        first: dict[str, int] = {}
        for column in layout.columns:
            place = self._sheet.places.get(column.header)
            text = self._at(place).strip()
            if place is None or not text or column.code.startswith("@"):
                continue
            if not column.code:
                self._not_kept(column.label, place)
            elif not column.part.startswith(("copy", "unless", "flag")):
                parts.setdefault(column.code, {})[part_of(column)] = text
                first.setdefault(column.code, place)
        moved = _closed_up(parts)
        for code, texts in parts.items():
            field = fields.get(_in_any_row(code))
            if field is None:
                self._not_kept(code, first[code])
            else:
                self._put(moved[code], field, texts, cell_name(self._number, first[code]))

    def _put(self, code: str, field: Field, texts: Mapping[str, str], reference: str) -> None:
        pointer = pointer_of(code)
        self._references[pointer] = reference
        wrong = next((found for text in texts.values() if (found := misread(text))), None)
        if wrong is not None:
            self._problems.append(FieldProblem(pointer, wrong[0], wrong[1]))
            return
        try:
            value = read_back(field, texts)
        except KeyError:
            typed = next(iter(texts.values()))[:20]
            message = Text(
                "「{field}」コード「{typed}」は一覧にありません。一括登録用Excelツールで選択し直してください。",
                "{field}: the code “{typed}” is none of the list. Choose it again in the official tool.",
            ).with_values(field=field.label, typed=typed)
            self._problems.append(FieldProblem(pointer, "not-in-list", message))
            return
        table, row, column = split_code(code)
        if value is not None and column:
            put_in_row(self._form, table, row, column, value)
        elif value is not None:
            put_value(self._form, code, value)

    def _stated_otherwise(self, fields: Mapping[str, Field], combined: tuple[str, ...], kind: Kind) -> None:
        """Fill in what the file says without a cell: by its type code, by other cells, or by an empty one."""
        if "hsp.type" in fields and kind.status == "HSP2":
            put_value(self._form, "hsp.type", kind.table)
        if "dispatch.used" in fields:
            used = any(pointer.startswith("/form/dispatch") for pointer in self._references)
            put_value(self._form, "dispatch.used", "true" if used else "false")
        for code, field in fields.items():
            asked = BLOCKS.get(code.partition(".")[0]) in combined
            if asked and field.listed == _DECIDED and pointer_of(code) not in self._references:
                put_value(self._form, code, next(option for option, tool in tool_codes(_DECIDED).items() if not tool))

    def _not_kept(self, what: str, place: int) -> None:
        reference = cell_name(self._number, place)
        message = Text(
            "セル{reference}（{what}）は、この申請の様式にない項目のため読み込みません。",
            "Cell {reference} ({what}) is not read: the form of this application does not ask it.",
        ).with_values(reference=reference, what=what)
        self._notices.append(FieldProblem("", "not-kept", message))


@cache
def _headers(type_code: str) -> Mapping[str, str]:
    """The name of the column that has a whole field, by the code of the field."""
    layout = layout_of(type_code)
    return {} if layout is None else {each.code: each.header for each in layout.columns if not each.part}


@cache
def _fields(version: str, combined: tuple[str, ...], status: str) -> Mapping[str, Field]:
    """The fields that are asked, by code; in a table with `N` for the row."""
    found: dict[str, Field] = {}
    for item in form_of(version, combined).items_for(status):
        if isinstance(item, Rows):
            found.update({f"{item.code}.N.{field.code}": field for field in item.fields})
        else:
            found[item.code] = item
    return found


def _in_any_row(code: str) -> str:
    return ".".join("N" if part.isdigit() else part for part in code.split("."))


def _closed_up(codes: Iterable[str]) -> Mapping[str, str]:
    """Each code with the number that its row has without the empty ones before it."""
    rows: dict[str, set[int]] = {}
    split = {code: split_code(code) for code in codes}
    for table, row, column in split.values():
        if column:
            rows.setdefault(table, set()).add(row)
    places = {table: sorted(numbers) for table, numbers in rows.items()}
    return {
        code: f"{table}.{places[table].index(row)}.{column}" if column else code
        for code, (table, row, column) in split.items()
    }
