"""A field of a form as data: its place, its words, how it is written, and when it is needed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shared.errors import Text
from shared.reference.lists import code_list
from shared.text import BadValue, half_width

Values = Mapping[str, Any]
# The value in normal form. Raises `BadValue` where it cannot be read.
Read = Callable[[Any], Any]
# Something to compare about a value that was read, as it was typed; mostly None.
Hint = Callable[[Any], Text | None]


@dataclass(frozen=True, slots=True)
class Filing:
    """What decides, besides the form itself, which fields are needed.

    `by_agent`: somebody other than the foreign national or the family files. `category_known`: registration has told
    the organisation's category.
    """

    by_agent: bool
    category_known: bool


class Form:
    """The normalised values of a form, read by dotted code: `form["org.corp_no"]`; None where nothing is entered."""

    __slots__ = ("values",)

    def __init__(self, values: Values) -> None:
        self.values = values

    def __getitem__(self, code: str) -> Any:
        value: Any = self.values
        for part in code.split("."):
            if not isinstance(value, Mapping):
                return None
            value = value.get(part)
        return value


Needed = Callable[[Form, Filing], bool]


def always(_form: Form, _filing: Filing) -> bool:
    """Needed in every application."""
    return True


def never(_form: Form, _filing: Filing) -> bool:
    """Never needed."""
    return False


def when(code: str, *values: Any) -> Needed:
    """Needed where the field `code` has one of `values`."""
    return lambda form, _filing: form[code] in values


def unless_given(code: str) -> Needed:
    """Needed where the field `code` is empty: one of the two is enough."""
    return lambda form, _filing: form[code] is None


def filed_by_agent(_form: Form, filing: Filing) -> bool:
    """Needed where somebody files for the applicant."""
    return filing.by_agent


def category_unknown(_form: Form, filing: Filing) -> bool:
    """Needed where registration has not told the organisation's category."""
    return not filing.category_known


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `number` is the item number on the paper form; `hint` tells what people should compare."""

    code: str
    label: Text
    read: Read
    needed: Needed = always
    number: str = ""
    hint: Hint | None = None

    @property
    def pointer(self) -> str:
        """Where it stands in an application, as a JSON pointer."""
        return "/form/" + self.code.replace(".", "/")


@dataclass(frozen=True, slots=True)
class Rows:
    """A table inside the form: up to `most` rows, each with the same `fields`; `needed` asks for at least one row."""

    code: str
    label: Text
    fields: tuple[Field, ...]
    needed: Needed
    most: int

    @property
    def pointer(self) -> str:
        """Where it stands in an application, as a JSON pointer."""
        return "/form/" + self.code.replace(".", "/")

    def field_at(self, row: int, field: Field) -> Field:
        """`field` with the code it has in row number `row`."""
        return replace(field, code=f"{self.code}.{row}.{field.code}")


Item = Field | Rows


@dataclass(frozen=True, slots=True)
class FormVersion:
    """A form as it was printed from some date on. An application keeps the version it was begun with."""

    version: str
    procedure: str
    statuses: tuple[str, ...]
    section: str
    items: tuple[Item, ...]


def choice(list_name: str, *more: str) -> Read:
    """One code of a reference list, or one of `more`; full width and lower case are taken."""
    return one_of((*code_list(list_name), *more))


def one_of(codes: Sequence[str]) -> Read:
    """One of `codes`."""
    allowed = frozenset(codes)
    shown = ", ".join(codes) if len(codes) <= 12 else ""

    def read(raw: Any) -> str:
        if isinstance(raw, str) and (code := half_width(raw).upper()) in allowed:
            return code
        ja = f"次から選択してください: {shown}" if shown else "一覧にあるコードを選択してください"
        en = f"Choose one of: {shown}" if shown else "Choose a code of the list"
        raise BadValue("not-in-list", ja, en)

    return read
