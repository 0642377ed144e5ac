"""Templates of forms as XLSX and CSV, empty or filled.

A sheet has its marker in the first cell, then a row of topics, one of labels, one of codes by which it is read, an
example, and from `FIRST_ROW` on a row for each application.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from tempfile import TemporaryDirectory
from typing import Any

from services.application.forms.catalogue import current_form
from services.application.sheets import columns as at
from services.application.sheets.columns import Column, Plan, columns_of, form_for, shown, value_at
from services.application.sheets.marker import marker_of
from services.application.sheets.sheet_writer import SheetWriter
from services.application.sheets.spelling import quoted
from shared.errors import Text
from shared.languages import OfficialLang
from shared.reference.procedures import PROCEDURES
from shared.reference.statuses import STATUSES

EXAMPLE = Text("（記入例）", "(example)")
# Rows of a template, from 0: marker, topics, labels, codes, example; then the applications.
MARKER_ROW, TOPIC_ROW, LABEL_ROW, CODE_ROW, EXAMPLE_ROW, FIRST_ROW = range(6)
_GUIDE = Text(
    "1行に1人ずつ、6行目から入力してください。＊は必ず入力する項目です。5行目は記入例で、読み込まれません。1行目から4行目は"
    "変更しないでください。項目の説明は、見出しのセルのメモにあります。",
    "One person a row, from row 6. Columns with ＊ are always required. Row 5 is an example and is not read. Leave "
    "rows 1 to 4 as they are. The notes of the headings explain each column.",
)


@dataclass(frozen=True, slots=True)
class FilledRow:
    """A row that stands in a template already: normalised `form` values as an application has them."""

    key: str
    form: Mapping[str, Any]
    same_as_last: bool = False
    notify_email: str | None = None
    notify_language: str | None = None


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """A sheet of a template: its plan, and the rows that stand there already."""

    plan: Plan
    rows: Sequence[FilledRow] = field(default_factory=tuple)


def plan_for(procedure: str, status: str, today: date, activity: str | None = None) -> Plan | None:
    """The plan with the form that is offered today; None where none is."""
    form = current_form(procedure, status, today, activity)
    return None if form is None else Plan(form.version, status, activity)


def template_xlsx(sheets: Sequence[SheetPlan], language: OfficialLang) -> bytes:
    """A workbook with a sheet for each plan. Raises LookupError where there is no such form."""
    with TemporaryDirectory() as folder:
        writer = SheetWriter(folder, language)
        names = sheet_names([each.plan for each in sheets], language)
        for name, each in zip(names, sheets, strict=True):
            lines = _lines(each, language)
            sheet = writer.template_sheet(name, columns_of(each.plan), [next(lines) for _ in range(FIRST_ROW)])
            for number, values in zip(count(FIRST_ROW), lines, strict=False):
                sheet.row(number, values)
        return writer.finished()


def template_csv(sheet: SheetPlan, language: OfficialLang) -> bytes:
    """The same sheet as CSV: UTF-8 with byte order mark, commas, CRLF. Raises LookupError as above."""
    written = io.StringIO()
    lines = csv.writer(written)
    for values in _lines(sheet, language):
        lines.writerow([quoted(value) for value in values])
    return written.getvalue().encode("utf-8-sig")


def sheet_names(plans: Sequence[Plan], language: OfficialLang) -> list[str]:
    """Names of sheets that tell procedure and status, each once, in the 31 characters that Excel allows."""
    names: list[str] = []
    for plan in plans:
        form = form_for(plan)
        procedure = next(row.name for row in PROCEDURES.rows if row.code == form.procedure)
        status = next((row.name for row in STATUSES.rows if row.code == plan.status), Text(plan.status, plan.status))
        name = f"{form.procedure} {status.ja if language == 'ja' else plan.status}"
        if language == "ja":
            name = f"{procedure.ja} {status.ja}"
        name = name.replace("/", " ")[:28]
        again = next(number for number in count(1) if (name if number == 1 else f"{name} {number}") not in names)
        names.append(name if again == 1 else f"{name} {again}")
    return names


def example_values(plan: Plan, language: OfficialLang) -> list[str]:
    """The example row: the complete form of an invented person, as far as it is asked for the plan's status."""
    form = form_for(plan)
    given = {
        at.KEY: getattr(EXAMPLE, language),
        at.SAME: "いいえ" if language == "ja" else "no",
        at.EMAIL: "hanako@example.jp",
        at.LANGUAGE: language,
    }
    return [
        given.get(column.code, "") if column.field is None else _value(column, form.example, language)
        for column in columns_of(plan)
    ]


def _lines(sheet: SheetPlan, language: OfficialLang) -> Iterator[list[str]]:
    """Every row of a sheet, from the first."""
    columns = columns_of(sheet.plan)
    yield [marker_of(sheet.plan), getattr(_GUIDE, language)]
    topics = [getattr(column.topic, language) for column in columns]
    yield [topic if not number or topics[number - 1] != topic else "" for number, topic in enumerate(topics)]
    yield [getattr(column.label, language) + ("＊" if column.always_required else "") for column in columns]
    yield [column.code for column in columns]
    yield example_values(sheet.plan, language)
    for row in sheet.rows:
        own = {
            at.KEY: row.key,
            at.SAME: ("はい" if language == "ja" else "yes") if row.same_as_last else "",
            at.EMAIL: row.notify_email or "",
            at.LANGUAGE: row.notify_language or "",
        }
        yield [
            own.get(column.code, "") if column.field is None else _value(column, row.form, language)
            for column in columns
        ]


def _value(column: Column, form: Mapping[str, Any], language: OfficialLang) -> str:
    value = value_at(form, column)
    if value is None:
        return ""
    assert column.field is not None
    return shown(column.field, value, language)
