"""Opens a workbook (.xlsx) as sheets of texts."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any
from xml.etree import ElementTree  # in the confined process, of parts that are bounded

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from services.application.sheets.archive import Archive, Part, looked_into
from services.application.sheets.grid import Broken, Grid, Opened, Position, problem
from services.application.sheets.portions import frame_of, is_large, portions
from services.application.sheets.sheet_writer import LISTS, RESULTS
from shared.errors import FieldProblem, Text

_MOST_MERGED = 100_000
_DAMAGED = problem(
    "damaged",
    Text(
        "ファイルが壊れているため読み込めません。Excelで開き、「名前を付けて保存」で保存し直してから送信してください。",
        "The file is damaged. Open it in Excel, save it again under another name, and send that.",
    ),
)


def opened_workbook(content: bytes) -> Opened:
    """The visible sheets of a workbook, or why it is not read."""
    archive = looked_into(content)
    if isinstance(archive, Opened):
        return archive
    try:
        return _sheets(content, archive)
    except (CalamineError, ValueError, KeyError, OSError, ElementTree.ParseError):
        return Opened(problems=(_DAMAGED,))


def _sheets(content: bytes, archive: Archive) -> Opened:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    paths = _paths_of_sheets(content)
    grids: list[Grid] = []
    notices: list[FieldProblem] = []
    if archive.has_links:
        notices.append(
            problem(
                "external-links",
                Text(
                    "他のファイルへのリンクは参照しません。値だけを読み込みました。",
                    "Links to other files are not followed; the values were read.",
                ),
            )
        )
    for sheet in book.sheets_metadata:
        if sheet.typ is not SheetTypeEnum.WorkSheet or sheet.name in (LISTS, RESULTS):
            continue
        if sheet.visible is not SheetVisibleEnum.Visible:
            notices.append(
                problem(
                    "hidden-sheet",
                    Text(
                        "非表示のシート「{sheet}」は読み込みません。読み込むときは、再表示して保存してください。",
                        "The hidden sheet “{sheet}” is not read. Show it and save the file to have it read.",
                    ).with_values(sheet=sheet.name),
                    sheet.name,
                )
            )
            continue
        part = archive.sheets.get(paths.get(sheet.name, ""))
        formulas = part.formulas if part else frozenset()
        if part and part.can_be_cut and is_large(part.rows, part.columns):
            frame = _opened(frame_of(content, part.name), sheet.name)
            grids.append(Grid(sheet.name, _CutRows(content, sheet.name, part), formulas, _merged(frame)))
        else:
            read = book.get_sheet_by_name(sheet.name)
            grids.append(Grid(sheet.name, _Rows(read), formulas, _merged(read)))
    return Opened(tuple(grids), notices=tuple(notices))


def _opened(content: bytes, sheet: str) -> CalamineSheet:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(sheet)


class _CutRows:
    """The rows of a large sheet, from the first at each call, of which some are in memory."""

    def __init__(self, content: bytes, sheet: str, part: Part) -> None:
        self._content = content
        self._sheet = sheet
        self._part = part

    def __call__(self) -> Iterator[Sequence[str]]:
        given = 0
        try:
            for portion in portions(self._content, self._part.name, self._part.columns):
                sheet = _opened(portion, self._sheet)
                if sheet.start is None:
                    continue
                first, left = sheet.start
                if first < given:
                    raise ValueError("rows are not in their order")
                yield from repeat((), first - given)
                rows = sheet.to_python(skip_empty_area=True)
                given = first + len(rows)
                yield from (_texts(left, row) for row in rows)
        except (CalamineError, ValueError, KeyError, OSError) as error:
            raise Broken(_DAMAGED) from error


class _Rows:
    """The rows of a sheet, from the first at each call."""

    def __init__(self, sheet: CalamineSheet) -> None:
        self._sheet = sheet

    def __call__(self) -> Iterator[Sequence[str]]:
        # Rows above the first one that has content are given, columns left of it are not.
        left = self._sheet.start[1] if self._sheet.start else 0
        for row in self._sheet.iter_rows():
            yield _texts(left, row)


def _texts(left: int, row: Sequence[Any]) -> Sequence[str]:
    """The texts of a row that begins `left` columns further on."""
    return [""] * left + [value if type(value) is str else _text(value) for value in row]


def _merged(sheet: CalamineSheet) -> frozenset[Position]:
    found: set[Position] = set()
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if (bottom - top + 1) * (right - left + 1) + len(found) > _MOST_MERGED:
            right, bottom = left, min(bottom, top + 1)
        found.update((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))
    return frozenset(found)


def _text(value: Any) -> str:
    """A value as people would type it: days as YYYY-MM-DD, whole numbers without a point."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    return "" if value is None else str(value)


_NAMESPACE = re.compile(r"^\{[^}]*\}")


def _paths_of_sheets(content: bytes) -> Mapping[str, str]:
    """The file name of each sheet's part, by the name of the sheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        targets = {
            _attribute(each, "Id"): _attribute(each, "Target").rpartition("/")[2]
            for each in ElementTree.fromstring(parts.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
        }
        sheets = ElementTree.fromstring(parts.read("xl/workbook.xml")).iter()  # noqa: S314
        return {
            _attribute(each, "name"): targets.get(_attribute(each, "id"), "")
            for each in sheets
            if _NAMESPACE.sub("", each.tag) == "sheet"
        }


def _attribute(element: ElementTree.Element, name: str) -> str:
    return next((value for key, value in element.attrib.items() if _NAMESPACE.sub("", key) == name), "")
