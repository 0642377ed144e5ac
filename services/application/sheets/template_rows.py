"""Reads the applications of a template, a row each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from services.application.forms.field import pointer_of
from services.application.forms.form import put_value
from services.application.sheets import columns as at
from services.application.sheets.book import RowRead
from services.application.sheets.columns import Column, columns_of
from services.application.sheets.grid import Position, cell_name
from services.application.sheets.spelling import unquoted
from services.application.sheets.tables import put_in_row
from services.application.sheets.template_sheet import TemplateSheet
from services.application.sheets.templates import EXAMPLE, example_values
from services.application.sheets.typed_cells import misread
from shared.errors import FieldProblem, Text
from shared.languages import LANGUAGES, OFFICIAL
from shared.reference.files import MOST_CHARACTERS_OF_A_ROW
from shared.text import half_width, is_blank, yes_or_no

_MOST_KEY = 100
# Fewer cells that repeat their own heading are answers.
_HEADING_CELLS = 3
_LOOKED_AT = 10
_OUTPUTS = frozenset({at.RESULT, at.RECEIPT})
# What may be typed for a language: its code, its own name, and some names of the official ones.
_LANGUAGES = {word.lower(): row.code for row in LANGUAGES.values() for word in (row.code, row.name)}
_LANGUAGES |= {"japanese": "ja", "英語": "en"}
# Where problems of the row's own columns are.
_POINTERS = {at.KEY: "/key", at.SAME: "/same_as_last", at.EMAIL: "/notify/email", at.LANGUAGE: "/notify/language"}


def rows_of(sheet: TemplateSheet, keys: set[str]) -> Iterator[RowRead]:
    """The applications of a sheet, in order. `keys` are those of the book so far, and grow.

    Empty rows are none, and neither is the example as long as nobody has changed it.
    """
    formulas, merged = _by_row(sheet.grid.formulas), _by_row(sheet.grid.merged)
    examples = [_by_code(sheet, example_values(sheet.plan, language)) for language in OFFICIAL]
    spots = {
        place: _Spot.of(place, column)
        for place, column in enumerate(sheet.columns)
        if column is not None and column.code not in _OUTPUTS
    }
    for number, cells in enumerate(sheet.grid.rows()):
        if number <= sheet.codes:
            continue
        width = len(cells)
        given = {place: cells[place] for place in spots if place < width and _is_filled(cells[place])}
        calculated = formulas.get(number, frozenset()).intersection(spots)
        beyond = any(_is_filled(cell) for cell in cells[len(sheet.columns) :])
        if not (given or calculated or beyond) or _is_example(sheet, given, examples):
            continue
        row = _Row(sheet, spots, number)
        if beyond:
            row.refuse(
                "",
                "too-many-cells",
                Text(
                    "この行は見出しより列が多くなっています。値の中の区切り文字（コンマなど）を確認してください。",
                    "This row has more cells than the headings. Look for commas inside of a value.",
                ),
            )
        row.take(given, calculated, merged.get(number, frozenset()).intersection(spots))
        yield row.finished(keys)


def _is_filled(cell: str) -> bool:
    """Whether something can be seen in it; the first character decides for almost every cell."""
    return bool(cell) and (cell[0].isalnum() or not is_blank(cell))


def _by_row(positions: AbstractSet[Position]) -> Mapping[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    for row, column in positions:
        found.setdefault(row, set()).add(column)
    return {row: frozenset(columns) for row, columns in found.items()}


def _by_code(sheet: TemplateSheet, values: Sequence[str]) -> Mapping[str, str]:
    return {column.code: value for column, value in zip(columns_of(sheet.plan), values, strict=True)}


def _is_example(sheet: TemplateSheet, given: Mapping[int, str], examples: Sequence[Mapping[str, str]]) -> bool:
    if not any(_is_example_key(text) for text in islice(given.values(), _LOOKED_AT)):
        return False
    codes = {column.code: unquoted(text) for place, text in given.items() if (column := sheet.columns[place])}
    return any(all(example.get(code) == text for code, text in codes.items()) for example in examples)


def _is_example_key(key: str) -> bool:
    return key.strip() in (EXAMPLE.ja, EXAMPLE.en)


@dataclass(frozen=True, slots=True)
class _Spot:
    """A column as rows are read by it: its letters in Excel, its field, and the names that its heading has.

    `pointer` is empty in a table of the form, where it depends on the row. `own` columns are none of the form.
    """

    letters: str
    code: str
    table: str
    row: int
    own: bool
    pointer: str
    names: frozenset[str]

    @classmethod
    def of(cls, place: int, column: Column) -> "_Spot":
        names = frozenset((column.code, column.label.ja, column.label.en))
        letters = cell_name(0, place)[:-1]
        if column.field is None:
            return cls(letters, column.code, "", 0, True, _POINTERS[column.code], names)
        pointer = "" if column.table else column.field.pointer
        return cls(letters, column.field.code, column.table, column.row, False, pointer, names)

    def pointer_in(self, row: int) -> str:
        """The JSON pointer of the field in row number `row` of its table."""
        return pointer_of(f"{self.table}.{row}.{self.code}")


@dataclass(slots=True)
class _Row:
    """One row while it is read."""

    sheet: TemplateSheet
    spots: Mapping[int, _Spot]
    number: int
    form: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)
    problems: list[FieldProblem] = field(default_factory=list)

    def refuse(self, pointer: str, code: str, text: Text) -> None:
        """Record a problem."""
        self.problems.append(FieldProblem(pointer, code, text))

    def take(self, given: Mapping[int, str], calculated: AbstractSet[int], merged: AbstractSet[int]) -> None:
        """Take the cells of the row; a table of the form keeps the order of its rows, without the empty ones."""
        if self._is_heading(given):
            self.refuse(
                "",
                "second-heading",
                Text(
                    "見出しの行がもう一度あります。この行を削除してください。",
                    "The headings stand here again. Delete this row.",
                ),
            )
            return
        together = "".join(given.values())
        if len(together) > MOST_CHARACTERS_OF_A_ROW:
            self.refuse(
                "",
                "row-too-long",
                Text(
                    "この行は長すぎます。1行は合わせて{most_characters_of_a_row}文字までです。",
                    "This row is too long. All its cells together can have {most_characters_of_a_row} characters.",
                ).with_values(most_characters_of_a_row=MOST_CHARACTERS_OF_A_ROW),
            )
            given = {place: text for place, text in given.items() if len(text) <= _MOST_KEY}
        # Cells that are in order together are in order each: a look at every one of a million costs seconds.
        suspicious = misread(together) is not None
        filled = sorted({*given, *calculated, *merged}) if calculated or merged else list(given)
        tables = self._rows_of_tables(filled)
        for place in filled:
            spot = self.spots[place]
            pointer = spot.pointer or spot.pointer_in(tables[spot.table, spot.row])
            self.cells[pointer] = f"{spot.letters}{self.number + 1}"
            if place in calculated:
                self.refuse(
                    pointer,
                    "formula",
                    Text(
                        "計算式のセルは読み込みません。値として貼り付けてください。",
                        "This cell is a formula. Paste its value instead.",
                    ),
                )
            elif place in merged:
                self.refuse(
                    pointer,
                    "merged-cell",
                    Text(
                        "結合されたセルです。結合を解除し、行ごとに入力してください。",
                        "This cell is merged with others. Unmerge it, and fill in each row.",
                    ),
                )
            elif suspicious and (wrong := misread(given[place])) is not None:
                self.problems.append(FieldProblem(pointer, wrong[0], wrong[1]))
            elif spot.own:
                self.own[spot.code] = unquoted(given[place]).strip()
            elif spot.table:
                put_in_row(self.form, spot.table, tables[spot.table, spot.row], spot.code, unquoted(given[place]))
            else:
                put_value(self.form, spot.code, unquoted(given[place]))

    def _is_heading(self, given: Mapping[int, str]) -> bool:
        first = islice(given.items(), _LOOKED_AT)
        repeated = sum(unquoted(text).strip().rstrip("＊") in self.spots[place].names for place, text in first)
        return repeated >= _HEADING_CELLS

    def _rows_of_tables(self, filled: Iterable[int]) -> Mapping[tuple[str, int], int]:
        """The place, from 0, that each filled row of a table gets: empty rows between are left out."""
        spots = [self.spots[place] for place in filled]
        places: dict[tuple[str, int], int] = {}
        count: dict[str, int] = {}
        for table, row in sorted({(spot.table, spot.row) for spot in spots if spot.table}):
            places[table, row] = count.setdefault(table, 0)
            count[table] += 1
        return places

    def _places(self) -> dict[str, str]:
        """The cell of each field outside of tables, filled or not: an answer that is missing is marked there."""
        return {spot.pointer: f"{spot.letters}{self.number + 1}" for spot in self.spots.values() if spot.pointer}

    def finished(self, keys: set[str]) -> RowRead:
        """The row as it was read."""
        return RowRead(
            sheet=self.sheet.grid.name,
            number=self.number + 1,
            key=self._key(keys),
            version=self.sheet.plan.version,
            procedure=self.sheet.procedure,
            status_of_residence=self.sheet.plan.status,
            activity=self.sheet.plan.activity,
            combined_with=self.sheet.plan.combined_with,
            form=self.form,
            cells=self._places() | self.cells,
            same_as_last=self._same(),
            notify_email=self.own.get(at.EMAIL),
            notify_language=self._language(),
            problems=tuple(self.problems),
        )

    def _key(self, keys: set[str]) -> str:
        key, usual = self.own.get(at.KEY, ""), f"{self.sheet.grid.name}:{self.number + 1}"
        if _is_example_key(key):
            self.refuse(
                "/key",
                "example-row",
                Text(
                    "記入例の行が書き換えられています。申請する行であれば、キーを書き換えてください。",
                    "This is the example, changed. If it is to be filed, give it a key of its own.",
                ),
            )
        elif len(key) > _MOST_KEY:
            self.refuse(
                "/key",
                "too-long",
                Text(
                    "キーは{most_key}文字以内にしてください。", "A key has at most {most_key} characters."
                ).with_values(most_key=_MOST_KEY),
            )
        elif key in keys:
            self.refuse(
                "/key",
                "key-twice",
                Text(
                    "キー「{key}」は他の行でも使われています。行ごとに異なるキーにしてください。",
                    "Another row has the key “{key}”. Give each row its own.",
                ).with_values(key=key),
            )
        elif key:
            usual = key
        while usual in keys:
            usual += "'"
        keys.add(usual)
        return usual

    def _same(self) -> bool:
        word = self.own.get(at.SAME, "")
        meant = yes_or_no(word)
        if meant is None and not is_blank(word):
            self.refuse(
                "/same_as_last",
                "not-yes-or-no",
                Text("「はい」か「いいえ」を入力してください。", "Enter yes or no."),
            )
        return meant is True

    def _language(self) -> str | None:
        word = half_width(self.own.get(at.LANGUAGE, "")).lower()
        if word and word not in _LANGUAGES:
            self.refuse(
                "/notify/language",
                "not-in-list",
                Text(
                    "ja（日本語）か en（英語）など、言語のコードを入力してください。",
                    "Enter the code of a language, such as ja for Japanese or en for English.",
                ),
            )
        return _LANGUAGES.get(word)
