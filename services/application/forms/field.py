"""A field of a form as data: its place, its words, how it is written, and when it is required."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any

from shared.errors import Text

Values = Mapping[str, Any]


class Kind(StrEnum):
    """Ways in which a value is written. `reading` has a reader for each, `schema` the JSON Schema of what it gives."""

    TEXT = "text"
    LINES = "lines"
    WIDE = "wide"
    HALF = "half"
    LETTERS = "letters"
    DIGITS = "digits"
    NAME = "name"
    DAY = "day"
    PARTIAL_DAY = "partial-day"
    MONTH = "month"
    PARTIAL_MONTH = "partial-month"
    YES_NO = "yes-no"
    NUMBER = "number"
    CHOICE = "choice"
    STATUS = "status"
    PERIOD = "period"
    RESIDENCE_CARD = "residence-card"
    PASSPORT = "passport"
    CORPORATE_NUMBER = "corporate-number"
    EMPLOYMENT_INSURANCE = "employment-insurance"
    POSTAL_CODE = "postal-code"
    PHONE = "phone"
    ANY_PHONE = "any-phone"


@dataclass(frozen=True, slots=True)
class Filing:
    """Facts besides the form that decide which fields are required.

    `by_agent`: somebody other than the foreign national or the family files. `category_known`: registration has
    reported the organisation's category.
    """

    by_agent: bool
    category_known: bool

    @property
    def category_unknown(self) -> bool:
        """Registration has not reported the organisation's category."""
        return not self.category_known


@lru_cache(maxsize=10_000)
def parts_of(code: str) -> tuple[str, ...]:
    """The parts of a dotted code. A form asks for the same ones again and again."""
    return tuple(code.split("."))


class Form:
    """The normalised values of a form, read by dotted code: `form["org.corp_no"]`; None where nothing is entered.

    Of a field of a table it is the answers of all rows. A row is a `Form` too: `within` is the form around it, which
    answers all but the row's own `columns`.
    """

    __slots__ = ("_answers", "columns", "values", "within")

    def __init__(self, values: Values, within: "Form | None" = None, columns: frozenset[str] = frozenset()) -> None:
        self.values = values
        self.within = within
        self.columns = columns
        # By dotted code, as the rules ask for the same ones again and again; made when the first is asked for.
        self._answers: dict[str, Any] | None = None

    def __getitem__(self, code: str) -> Any:
        if self.within is not None and code not in self.columns:
            return self.within[code]
        if "." not in code:
            return self.values.get(code)
        return self.answers.get(code)

    @property
    def answers(self) -> Mapping[str, Any]:
        """Its own answers by dotted code, of a table those of each field as well; without those that are None."""
        if self._answers is None:
            self._answers = {}
            _collect(self.values, "", self._answers)
        return self._answers


def _collect(values: Values, before: str, found: dict[str, Any]) -> None:
    """Put the answers of `values` into `found` by dotted code; of a field of a table those of all rows."""
    for name, value in values.items():
        if value is None:
            continue
        code = before + name
        found[code] = value
        if isinstance(value, dict):
            _collect(value, f"{code}.", found)
        elif isinstance(value, list):
            for column in {column: None for row in value if isinstance(row, dict) for column in row}:
                answers = tuple(answer for row in value if (answer := row.get(column)) is not None)
                found[f"{code}.{column}"] = answers or None


@dataclass(frozen=True, slots=True)
class Condition:
    """A question about another answer (`field`) or about the filing (`filing`, an attribute of `Filing`).

    About an answer exactly one is asked: whether it is one of `one_of`, none of `none_of` (an empty answer is none of
    them), or `empty` (False: whether there is one). Inside a table `field` is a field of the same row, or of the form
    where the row has none with that code.
    """

    field: str = ""
    filing: str = ""
    one_of: tuple[Any, ...] = ()
    none_of: tuple[Any, ...] = ()
    empty: bool | None = None

    def holds(self, form: Form, filing: Filing) -> bool:
        """Whether it is so for these answers."""
        if self.filing:
            return bool(getattr(filing, self.filing))
        answer = form[self.field]
        if self.empty is not None:
            return (answer is None) is self.empty
        if not self.one_of:
            return answer not in self.none_of
        return any(each in self.one_of for each in answer) if isinstance(answer, tuple) else answer in self.one_of


# Groups of conditions: it is so where all conditions of any group hold. No group stands for always.
When = tuple[tuple[Condition, ...], ...]


def any_holds(when: When, form: Form, filing: Filing) -> bool:
    """Whether all conditions of any group hold, or there is none."""
    # Asked of each item of each form: loops are quicker than generators.
    for group in when:
        for condition in group:
            if not condition.holds(form, filing):
                break
        else:
            return True
    return not when


@dataclass(frozen=True, slots=True)
class OptionsBy:
    """Options that depend on another answer: of a field that is answered with a key of `lists` only those codes."""

    field: str
    lists: Mapping[str, tuple[str, ...]]

    def possible(self, form: Form) -> tuple[str, ...] | None:
        """The codes that go with the other answer; None where it limits nothing."""
        return self.lists.get(form[self.field])


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    `most` is the greatest number for `NUMBER`, else the greatest (for letters and digits: the only) number of
    characters. `options` are the codes to choose from: of all statuses of residence, of which `by_status` names those
    of one where they are fewer, and `options_by` those that go with another answer. `required` holds where `when`
    does; where it is False, `when` says when the field is asked at all. `years` are how many years before and after
    today a date can lie, `birth` marks a date of birth, `after` names the date that this one cannot precede, `part_of`
    the number that this one cannot exceed. A `doubtful` answer is taken with a hint, as the criteria of the status may
    not be met. `item` is the number on the paper form, `listed` the list that the options are
    of. `topic` is the page
    of the form on which it is asked, `help` what a person would ask about it, `sample` a value that is taken.
    """

    code: str
    label: Text
    kind: Kind
    most: int | None = None
    unit: str = ""
    options: Mapping[str, Text] = field(default_factory=dict, hash=False)
    required: bool = False
    when: When = ()
    hidden_for: frozenset[str] = frozenset()
    years: tuple[int, int] | None = None
    birth: bool = False
    after: str = ""
    part_of: str = ""
    doubtful: tuple[Any, ...] = ()
    item: str = ""
    listed: str = ""
    topic: str = ""
    help: Text | None = None
    sample: str = ""
    by_status: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    options_by: OptionsBy | None = field(default=None, hash=False)

    @property
    def pointer(self) -> str:
        """The JSON pointer of its place in an application."""
        return pointer_of(self.code)

    @property
    def is_compared(self) -> bool:
        """Whether its value is compared with the day, or with other answers."""
        return self.birth or self.years is not None or bool(self.after or self.part_of or self.options_by)

    def needed(self, form: Form, filing: Filing) -> bool:
        """Whether it has to be filled in, given the other answers."""
        return self.required and any_holds(self.when, form, filing)

    def for_status(self, status: str | None) -> "Field":
        """The field as it is asked for a status of residence."""
        codes = self.by_status.get(status or "")
        return self if codes is None else replace(self, options={code: self.options[code] for code in codes})


@dataclass(frozen=True, slots=True)
class Rows:
    """A table inside the form: up to `most` rows of the same `fields`; where it is `required`, at least one row."""

    code: str
    label: Text
    fields: tuple[Field, ...]
    most: int
    required: bool = False
    when: When = ()
    hidden_for: frozenset[str] = frozenset()
    item: str = ""
    topic: str = ""
    help: Text | None = None
    # The codes of its fields: asked for each row.
    columns: frozenset[str] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", frozenset(field.code for field in self.fields))

    @property
    def pointer(self) -> str:
        """The JSON pointer of its place in an application."""
        return pointer_of(self.code)

    def needed(self, form: Form, filing: Filing) -> bool:
        """Whether a row has to be filled in, given the other answers."""
        return self.required and any_holds(self.when, form, filing)

    def row(self, values: Values, form: Form) -> Form:
        """A row as conditions see it: its own answers, and those of the form around it."""
        return Form(values, form, self.columns)

    def field_at(self, row: int, field: Field) -> Field:
        """`field` with the code it has in row number `row`."""
        return replace(field, code=f"{self.code}.{row}.{field.code}")

    def for_status(self, status: str | None) -> "Rows":
        """The table as it is asked for a status of residence."""
        asked = tuple(field.for_status(status) for field in self.fields if status not in field.hidden_for)
        return self if asked == self.fields else replace(self, fields=asked)


Item = Field | Rows


def pointer_of(code: str) -> str:
    """The JSON pointer of the field with that dotted code."""
    return "/form/" + code.replace(".", "/")
