"""A form in one version: its fields, its facts, its own checks; and what is read from and missing in it."""

from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from services.application.forms.field import Condition, Field, Filing, Form, Item, Rows, When, parts_of, pointer_of
from services.application.forms.hints import can_have_hints, hints_about
from services.application.forms.reading import read_value
from services.application.forms.topics import Topic, topics_of
from shared.errors import FieldProblem, Text
from shared.text import BadValue, is_blank


@dataclass(frozen=True, slots=True)
class Facts:
    """The fields that answer what rules ask about: their codes, empty where the form does not ask.

    `address` decides the office. `card_number`, `name`, `birth_date` and `nationality` find a person again.
    `unable`: the applicant cannot apply for illness or the like. `category`: the organisation's own word.
    `activity`: the activity of a status that has several; the draft's own is its answer until another is given.
    `cause_on`: the day of the birth or other cause of an acquisition. `support_entrusted`: whether the whole support of
    a specified skilled worker is entrusted.
    """

    address: str = "jp_address"
    nationality: str = "nationality"
    birth_date: str = "birth_date"
    name: str = "name_roman"
    card_number: str = ""
    present_status: str = ""
    present_period: str = ""
    stay_expiry: str = ""
    requested_period: str = ""
    receipt_method: str = ""
    unable: str = "applicant_unable"
    category: str = ""
    activity: str = ""
    cause_on: str = ""
    support_entrusted: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class FormVersion:
    """A form as it was offered from `valid_from` on (None: from the beginning), until a later version of it.

    It is one thing, compared by what it is and not by its fields, so that what is derived from it can be kept.

    An application keeps the version with which it was begun; after `accepted_until` nothing is filed in it any more
    (None: no such day is published). `activities` are those for which it is; empty where it is for all of its section.
    `offered` is False for a form that can be read and checked while the rest of its procedure is not ready. `advice`
    is like `checks`, but what it yields hinders nothing. `documents` are the conditional documents that an answer
    decides, by the code of the document or of its condition (`requirements.CONDITIONS`): it is asked for where the
    condition holds. `document_groups` are the options of the axis by which the documents differ
    (`document_groups.DOCUMENT_GROUPS`): the first whose condition holds decides. `example` is a complete form of an
    invented person.
    """

    version: str
    procedure: str
    statuses: tuple[str, ...]
    section: str
    items: tuple[Item, ...]
    facts: Facts
    valid_from: date | None = None
    accepted_until: date | None = None
    offered: bool = True
    activities: tuple[str, ...] = ()
    checks: "tuple[Check, ...]" = ()
    advice: "tuple[Check, ...]" = ()
    documents: Mapping[str, Condition] = field(default_factory=dict, hash=False)
    document_groups: Mapping[str, Condition] = field(default_factory=dict, hash=False)
    example: Mapping[str, Any] = field(default_factory=dict, hash=False)
    _asked: MutableMapping[str, tuple[Item, ...]] = field(default_factory=dict, init=False, compare=False, repr=False)
    _codes: MutableMapping[str | None, frozenset[str]] = field(default_factory=dict, init=False, repr=False)
    _conditional: MutableMapping[str | None, tuple[tuple[When, tuple[str, ...]], ...]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    _needable: MutableMapping[str | None, "_Needable"] = field(default_factory=dict, init=False, repr=False)

    def items_for(self, status: str | None) -> tuple[Item, ...]:
        """The items as they are asked for a status of residence; None stands for all items and options."""
        if status is None:
            return self.items
        if (asked := self._asked.get(status)) is None:
            asked = tuple(item.for_status(status) for item in self.items if status not in item.hidden_for)
            if status in self.statuses:
                self._asked[status] = asked
        return asked

    def codes_for(self, status: str | None) -> frozenset[str]:
        """The codes of the items that are asked for a status of residence."""
        if (codes := self._codes.get(status)) is None:
            codes = frozenset(item.code for item in self.items_for(status))
            if status is None or status in self.statuses:
                self._codes[status] = codes
        return codes

    def needable_for(self, status: str | None) -> "_Needable":
        """The items that can be missing in an application for a status of residence."""
        if (needable := self._needable.get(status)) is None:
            needable = _Needable.of(self.items_for(status))
            if status is None or status in self.statuses:
                self._needable[status] = needable
        return needable

    def conditional_for(self, status: str | None) -> "tuple[tuple[When, tuple[str, ...]], ...]":
        """The codes of the items that are asked under conditions for a status of residence, by these."""
        if (conditional := self._conditional.get(status)) is None:
            found: dict[When, tuple[str, ...]] = {}
            for item in self.items_for(status):
                if item.when:
                    found[item.when] = (*found.get(item.when, ()), item.code)
            conditional = tuple(found.items())
            if status is None or status in self.statuses:
                self._conditional[status] = conditional
        return conditional

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The pages of the form, in the order of their first item."""
        return self.topics_for(None)

    def topics_for(self, status: str | None) -> tuple[Topic, ...]:
        """The pages that are asked for a status of residence, with its items."""
        return topics_of(self.items_for(status))

    def asks(self, fact: str, status: str) -> bool:
        """Whether the form asks for a fact of somebody with that status of residence."""
        code: str = getattr(self.facts, fact)
        return any(item.code == code for item in self.items_for(status))

    def label_beside(self, entry: "Entry", code: str) -> Text:
        """The label of the field with that code: of the same row as `entry`, else of the form."""
        return next(item.label for item in (*entry.beside, *self.items) if item.code == code)

    def answers_of(self, activity: str | None, status: str) -> dict[str, str | None]:
        """The answers, by code, that the activity of an application gives already."""
        for item in self.items_for(status):
            if isinstance(item, Field) and item.code == self.facts.activity and activity in item.options:
                return {item.code: activity}
        return {}

    def fact_pointer(self, fact: str) -> str:
        """The JSON pointer of the answer to a fact; of the whole form where the form does not ask it."""
        code: str = getattr(self.facts, fact)
        return pointer_of(code) if code else ""

    def fact(self, fact: str, form: Form) -> Any:
        """The answer to a fact; None where it is empty or not asked."""
        code: str = getattr(self.facts, fact)
        return form[code] if code else None


@dataclass(frozen=True)
class Filled:
    """A form as it is filled in for a status of residence and its activity, looked at on `day`."""

    version: FormVersion
    form: Form
    status: str
    day: date
    activity: str | None = None

    @cached_property
    def compared(self) -> tuple["Entry", ...]:
        """Every field that is filled in and cannot have every value, or not beside every other, in the order of the
        form."""
        return tuple(entry for entry in entered_fields(self.version, self.form, _compared(self.version)))

    def fact(self, fact: str) -> Any:
        """The answer to a fact; None where it is empty or not asked."""
        return self.version.fact(fact, self.form)

    def problem(self, code: str, kind: str, text: Text) -> FieldProblem:
        """A problem at the field `code`."""
        return FieldProblem(pointer_of(code), kind, text)


Check = Callable[[Filled], Iterator[FieldProblem]]


def read_form(
    version: FormVersion, raw: Mapping[str, Any], status: str | None = None
) -> tuple[dict[str, Any], list[FieldProblem]]:
    """The values of `raw` in normal form, nested as in `raw`, and the problems of those that cannot be read.

    An empty text (also one of invisible characters) or null counts as not entered. Problems come in the order of the
    form; unknown fields come last, and so do fields that are hidden for `status`.
    """
    values: dict[str, Any] = {}
    problems: list[FieldProblem] = []
    for item in version.items_for(status):
        given = _take(raw, item.code)
        if given is None:
            continue
        read = (
            _read_rows(item, given, problems)
            if isinstance(item, Rows)
            else _read_field(item, given, item.code, problems)
        )
        if read is not None:
            put_value(values, item.code, read)
    problems.extend(_unknown(raw, version.codes_for(status)))
    return values, problems


def hints_of(version: FormVersion, raw: Mapping[str, Any], read: Mapping[str, Any]) -> list[FieldProblem]:
    """Hints: what people should compare about values of `raw`, of which `read_form` made the answers `read`, by dotted
    code; nothing is wrong with them.

    Those about a row are at the table: they go when the table changes.
    """
    hints: list[FieldProblem] = []
    for item in _hinted(version):
        if isinstance(item, Field):
            if (given := _take(raw, item.code)) is not None:
                hints.extend(hints_about(item, given, read.get(item.code)))
        elif isinstance(given := _take(raw, item.code), list):
            for number, (row, taken) in enumerate(zip(given, read.get(item.code) or (), strict=False), start=1):
                for column in item.fields:
                    for hint in hints_about(column, _take(row, column.code), _take(taken, column.code)):
                        hints.append(_in_row(item, number, column, hint))
    return hints


@lru_cache(maxsize=1_000)
def _hinted(version: FormVersion) -> tuple[Item, ...]:
    """The fields about which there is anything to say, and the tables."""
    return tuple(item for item in version.items if isinstance(item, Rows) or can_have_hints(item))


def _in_row(rows: Rows, number: int, column: Field, hint: FieldProblem) -> FieldProblem:
    message = Text("{number}行目「{column}」{message}", "Row {number}, {column}: {message}").with_values(
        number=number, column=column.label, message=hint.message
    )
    return FieldProblem(rows.pointer, hint.code, message)


def missing_fields(version: FormVersion, form: Form, filing: Filing, status: str | None = None) -> Iterator[Item]:
    """Every field that an application for `status` needs and that is empty, in the order of the form."""
    needable, answers = version.needable_for(status), form.answers
    # Many items depend on the same answers.
    known: dict[int, bool] = {}
    for place in sorted(needable.places_without(answers)):
        item, columns, condition = needable.items[place]
        given = answers.get(item.code)
        if not given and item.required:
            if (needed := known.get(condition)) is None:
                needed = known[condition] = item.needed(form, filing)
            if needed:
                yield item
        if not columns or not given:
            continue
        assert isinstance(item, Rows), "only a table has columns"
        for number, row in enumerate(given):
            inner = item.row(row, form)
            for column in columns:
                if inner[column.code] is None and column.needed(inner, filing):
                    yield item.field_at(number, column)


class _Needable(NamedTuple):
    """The items that can be missing, in the order of the form: each with the fields of a table that can be missing in
    a row, and a number that it shares with those that are needed under the same conditions. `places` are those of the
    fields in `items`, by code, `tables` those of the tables, which are always looked at.
    """

    items: tuple[tuple[Item, tuple[Field, ...], int], ...]
    places: Mapping[str, int]
    tables: tuple[int, ...]

    @classmethod
    def of(cls, items: Sequence[Item]) -> "_Needable":
        conditions: dict[When, int] = {}
        found: list[tuple[Item, tuple[Field, ...], int]] = []
        places, tables = dict[str, int](), list[int]()
        for item in items:
            columns = tuple(field for field in item.fields if field.required) if isinstance(item, Rows) else ()
            if item.required or columns:
                if isinstance(item, Rows):
                    tables.append(len(found))
                else:
                    places[item.code] = len(found)
                found.append((item, columns, conditions.setdefault(item.when, len(conditions))))
        return cls(tuple(found), places, tuple(tables))

    def places_without(self, answers: Mapping[str, Any]) -> list[int]:
        """The places of what may be missing beside these answers."""
        return [self.places[code] for code in self.places.keys() - answers.keys()] + [*self.tables]


class Entry(NamedTuple):
    """A field that is filled in: `code` is its place (in a table with the row number).

    `around` are the answers that its conditions see, `beside` the fields of the same row (none outside of a table).
    """

    field: Field
    code: str
    value: Any
    around: Form
    beside: tuple[Field, ...] = ()


def entered_fields(version: FormVersion, form: Form, items: Sequence[Item] | None = None) -> Iterator[Entry]:
    """Every field that is filled in, or those of some items, in the order of the form."""
    answers = form.answers
    for item in version.items if items is None else items:
        if (value := answers.get(item.code)) is None:
            continue
        if isinstance(item, Field):
            yield Entry(item, item.code, value, form)
            continue
        for number, row in enumerate(value):
            inner = item.row(row, form)
            for column in item.fields:
                if (given := inner[column.code]) is not None:
                    yield Entry(column, f"{item.code}.{number}.{column.code}", given, inner, item.fields)


@lru_cache(maxsize=1_000)
def _compared(version: FormVersion) -> tuple[Item, ...]:
    """The fields that the checks of any form compare with the day or with others, and the tables that have some."""
    return tuple(
        item
        for item in version.items
        if any(field.is_compared for field in (item.fields if isinstance(item, Rows) else (item,)))
    )


def _read_field(field: Field, given: Any, code: str, problems: list[FieldProblem]) -> Any:
    try:
        return read_value(field, given)
    except BadValue as error:
        named = Text("「{field}」{message}", "{field}: {message}").with_values(field=field.label, message=error.message)
        problems.append(FieldProblem(pointer_of(code), error.code, named))
        return None


def _read_rows(rows: Rows, given: Any, problems: list[FieldProblem]) -> list[dict[str, Any]] | None:
    if not isinstance(given, list) or not all(isinstance(row, Mapping) for row in given):
        problems.append(
            FieldProblem(rows.pointer, "not-a-table", Text("行の一覧で送信してください", "Send a list of rows"))
        )
        return None
    if len(given) > rows.most:
        message = Text("{most}行までです", "At most {most} rows").with_values(most=rows.most)
        problems.append(FieldProblem(rows.pointer, "too-many-rows", message))
        return None
    result = []
    for number, row in enumerate(given):
        entered: dict[str, Any] = {}
        for column in rows.fields:
            if (value := _take(row, column.code)) is not None:
                read = _read_field(column, value, f"{rows.code}.{number}.{column.code}", problems)
                if read is not None:
                    put_value(entered, column.code, read)
        problems.extend(_unknown(row, rows.columns, f"{rows.code}.{number}."))
        result.append(entered)
    return result


def _take(raw: Mapping[str, Any], code: str) -> Any:
    value: Any = raw
    for part in parts_of(code) if "." in code else (code,):
        # Most of what is given are dicts, and asking that is quicker.
        if not isinstance(value, dict) and not isinstance(value, Mapping):
            return None
        value = value.get(part)
    return None if isinstance(value, str) and is_blank(value) else value


def put_value(values: dict[str, Any], code: str, value: Any) -> None:
    """Put a value at a dotted code, into groups inside of each other."""
    if "." not in code:
        values[code] = value
        return
    *groups, last = parts_of(code)
    for group in groups:
        values = values.setdefault(group, {})
    values[last] = value


def _unknown(raw: Mapping[str, Any], codes: frozenset[str], prefix: str = "") -> Iterator[FieldProblem]:
    groups = _groups(codes)
    for name, value in raw.items():
        if name in groups and isinstance(value, Mapping):
            yield from _unknown(value, groups[name], f"{prefix}{name}.")
        elif name in groups and value is not None:
            yield _problem(prefix + name, "not-a-group", Text("項目のまとまりで送信してください", "Send an object"))
        elif name not in codes and name not in groups:
            yield _problem(prefix + name, "unknown-field", Text("この様式にない項目です", "The form has no such field"))


@lru_cache(maxsize=10_000)
def _groups(codes: frozenset[str]) -> Mapping[str, frozenset[str]]:
    """The codes inside of each group of `codes`. A form asks for the same ones again and again."""
    groups: dict[str, set[str]] = {}
    for code in codes:
        group, dot, inner = code.partition(".")
        if dot:
            groups.setdefault(group, set()).add(inner)
    return {group: frozenset(inner) for group, inner in groups.items()}


def _problem(code: str, kind: str, message: Text) -> FieldProblem:
    escaped = code.replace("~", "~0").replace("/", "~1").replace(".", "/")
    return FieldProblem(f"/form/{escaped}", kind, message)
