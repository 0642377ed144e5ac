"""The columns of a template: those of a row itself, and one for each field of the form.

A table of the form has its fields once for each of its rows: `family.1.name`, `family.2.name`, up to its limit.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from services.application.forms.catalogue import form_of
from services.application.forms.field import Field, Kind, Rows
from services.application.forms.form import FormVersion
from services.application.forms.topics import title_of
from shared.errors import Text
from shared.languages import OFFERED, OfficialLang
from shared.reference.periods import period_name
from shared.reference.permitted_periods import permitted_periods
from shared.reference.statuses import STATUSES
from shared.text import half_width

KEY, RESULT, RECEIPT, SAME, EMAIL, LANGUAGE = "#key", "#result", "#receipt", "#same", "#email", "#language"
YES = Text("有", "yes")
NO = Text("無", "no")


@dataclass(frozen=True, slots=True)
class Plan:
    """The purpose of a sheet: a form, and the status of residence for which it is filed."""

    version: str
    status: str
    activity: str | None = None
    combined_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `code` stands in the sheet's row of codes; `field` is None for those of the row itself.

    `table` is the code of the table and `row` the number of its row, from 1, where the field stands in one. `periods`
    are the periods of stay that can be asked for.
    """

    code: str
    label: Text
    topic: Text
    help: Text | None = None
    field: Field | None = None
    table: str = ""
    row: int = 0
    periods: tuple[str, ...] = ()

    @property
    def always_required(self) -> bool:
        """Whether every application needs it."""
        return self.field is not None and self.field.required and not self.field.when and not self.table


_ROW = Text("この行について", "About this row")
ROW_COLUMNS = (
    Column(
        KEY,
        Text("キー", "Key"),
        _ROW,
        Text(
            "この行の名前です（社員番号など）。同じファイルの中で重複しないようにしてください。写真や書類のファイル名と"
            "結び付けるときにも使います。空欄のときは、シート名と行番号になります。",
            "The name of this row, like a staff number. It is unique within the file, and links photos and documents. "
            "Empty: the name of the sheet and the number of the row.",
        ),
    ),
    Column(
        RESULT,
        Text("結果", "Result"),
        _ROW,
        Text("結果のファイルに記入されます。入力は不要です。", "Written in the answer. Leave it empty."),
    ),
    Column(
        RECEIPT,
        Text("受付番号", "Receipt number"),
        _ROW,
        Text("申請後に記入されます。入力は不要です。", "Written once it is filed. Leave it empty."),
    ),
    Column(
        SAME,
        Text("前回と同じ", "Same as last time"),
        _ROW,
        Text(
            "「はい」にすると、空欄の項目にはこの人の前回の申請の内容が入ります。",
            "With yes, what is empty is taken from this person's last application.",
        ),
    ),
    Column(
        EMAIL,
        Text("連絡用メールアドレス", "Email for notices"),
        _ROW,
        Text("申請についてのお知らせの送り先です。", "Where notices about the application go."),
    ),
    Column(
        LANGUAGE,
        Text("メールの言語", "Language of the email"),
        _ROW,
        Text(
            "言語のコードです（日本語は ja、英語は en）。", "The code of the language: ja for Japanese, en for English."
        ),
    ),
)


def form_for(plan: Plan) -> FormVersion:
    """The form of a plan with the parts of what is filed together. Raises LookupError."""
    return form_of(plan.version, plan.combined_with)


@cache
def columns_of(plan: Plan) -> tuple[Column, ...]:
    """All columns of the template of a plan, in order. Raises LookupError."""
    return (*ROW_COLUMNS, *_form_columns(form_for(plan), plan.status))


def _form_columns(form: FormVersion, status: str) -> Iterator[Column]:
    for item in form.items_for(status):
        topic = title_of(item.topic)
        if isinstance(item, Rows):
            for number in range(1, item.most + 1):
                for field in item.fields:
                    label = Text("{item}{number} {field}", "{item} {number}: {field}").with_values(
                        item=item.label, number=number, field=field.label
                    )
                    code = f"{item.code}.{number}.{field.code}"
                    yield Column(code, label, topic, field.help, field, item.code, number)
        else:
            asked_for = item.kind is Kind.PERIOD and item.code == form.facts.requested_period
            yield Column(
                item.code, item.label, topic, item.help, item, periods=_periods(form, status) if asked_for else ()
            )


def _periods(form: FormVersion, status: str) -> tuple[str, ...]:
    """The periods of stay for a status when the form began; later ones are no more than a warning in the sheet."""
    if form.valid_from is None:
        return ()
    try:
        return permitted_periods(status, form.valid_from, form.procedure).choices
    except LookupError:
        return ()


def options_of(column: Column, language: OfficialLang) -> tuple[str, ...]:
    """The entries of the column's drop-down; empty where it is written freely."""
    field = column.field
    if field is None:
        return OFFERED if column.code == LANGUAGE else _SAME_OPTIONS[language] if column.code == SAME else ()
    if field.kind is Kind.YES_NO:
        return (getattr(YES, language), getattr(NO, language))
    if field.kind is Kind.STATUS:
        return tuple(dict.fromkeys(_statuses(language).values()))
    return tuple(shown(field, code, language) for code in column.periods or field.options)


_SAME_OPTIONS = {"ja": ("はい", "いいえ"), "en": ("yes", "no")}


def shown(field: Field, value: Any, language: OfficialLang) -> str:
    """A normalised value as it stands in a cell: words that `read_value` takes back, else the value itself."""
    if field.kind is Kind.YES_NO:
        return str(getattr(YES if value else NO, language))
    if field.kind is Kind.CHOICE:
        return _words(field, language).get(value, value)
    if field.kind is Kind.STATUS:
        return _statuses(language).get(value, value)
    return str(getattr(period_name(value), language)) if field.kind is Kind.PERIOD else str(value)


@cache
def _words(field: Field, language: OfficialLang) -> Mapping[str, str]:
    """The label of each code, where no other code has it in any language."""
    meant: dict[str, set[str]] = {}
    for code, label in field.options.items():
        for typed in (code, label.ja, label.en):
            meant.setdefault(half_width(typed).casefold(), set()).add(code)
    labels = {code: str(getattr(label, language)) for code, label in field.options.items()}
    return {code: label for code, label in labels.items() if meant[half_width(label).casefold()] == {code}}


@cache
def _statuses(language: OfficialLang) -> Mapping[str, str]:
    return {row.code: getattr(row.name, language) for row in STATUSES.rows}


def value_at(form: Mapping[str, Any], column: Column) -> Any:
    """The value of a normalised form at a column of the form; None where it is empty."""
    assert column.field is not None
    at: Any = form
    if column.table:
        rows = _at(form, column.table) or []
        if len(rows) < column.row:
            return None
        at = rows[column.row - 1]
    return _at(at, column.field.code)


def _at(values: Any, code: str) -> Any:
    for part in code.split("."):
        if not isinstance(values, Mapping):
            return None
        values = values.get(part)
    return values
