"""Applications of invented people, filled in at random: complete or not, but each value is one that the form takes."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date
from random import Random
from typing import Any

from services.application.forms.checks import contradictions
from services.application.forms.field import Field, Filing, Form, Kind, Rows
from services.application.forms.form import Filled, FormVersion, missing_fields, put_value, read_form
from services.application.sheets.official_layout import status_codes

_KANJI = "東京都港区新宿一丁目株式会社山田花子開発翻訳経理技術日本語学校工場介護飲食店"
_LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ADDRESSES = (
    "東京都千代田区霞が関１－１－１",
    "北海道札幌市中央区大通西２丁目",
    "大阪府大阪市北区梅田３－１",
    "京都府",
    "埼玉県秩父郡横瀬町１",
    "ベトナム　ハノイ市",
)


def form_of_somebody(
    form: FormVersion, status: str, random: Random, most_rows: Mapping[str, int], share: float = 0.7
) -> dict[str, Any]:
    """Normalised values for the share of the fields that a status is asked; `most_rows` of a table, by its code."""
    values: dict[str, Any] = {}
    for item in form.items_for(status):
        if random.random() > share:
            continue
        if isinstance(item, Field):
            put_value(values, item.code, value_of(item, random))
            continue
        rows = []
        for _ in range(random.randint(1, max(min(item.most, most_rows.get(item.code, 0)), 1))):
            row: dict[str, Any] = {}
            for field in item.fields:
                if random.random() < share:
                    put_value(row, field.code, value_of(field, random))
            if row:
                rows.append(row)
        if rows and most_rows.get(item.code):
            put_value(values, item.code, rows)
    return values


def tables_of(form: FormVersion) -> list[str]:
    return [item.code for item in form.items if isinstance(item, Rows)]


def value_of(field: Field, random: Random) -> Any:
    """A value of that field in normal form."""
    year, month, day = random.randint(1950, 2030), random.randint(1, 12), random.randint(1, 28)
    most = min(field.most or 20, 20)
    whole = f"{year}-{month:02}-{day:02}"
    match field.kind:
        case Kind.YES_NO:
            return random.random() < 0.5
        case Kind.NUMBER:
            return random.randint(0, field.most or 9)
        case Kind.CHOICE:
            return random.choice(list(field.options))
        case Kind.STATUS:
            return random.choice(list(status_codes()))
        case Kind.PERIOD:
            return random.choice(["Y1", "Y3", "M6", "D90", "Y4M3"])
        case Kind.DAY:
            return whole
        case Kind.PARTIAL_DAY:
            return random.choice([whole, whole[:7], whole[:4]])
        case Kind.MONTH:
            return whole[:7]
        case Kind.PARTIAL_MONTH:
            return random.choice([whole[:7], whole[:4]])
        case Kind.WIDE:
            return random.choice(_ADDRESSES) if (field.most or 0) >= 80 else _some(_KANJI, most, random)
        case Kind.TEXT | Kind.LINES:
            return _some(_KANJI + _LATIN, most, random)
        case Kind.HALF | Kind.NAME:
            return _some(_LATIN, most, random)
        case Kind.LETTERS:
            return "".join(random.choices(_LATIN, k=field.most or 1))
        case Kind.DIGITS:
            return "".join(random.choices("0123456789", k=field.most or 1))
    return _FIXED[field.kind]


_FIXED = {
    Kind.RESIDENCE_CARD: "AB12345678CD",
    Kind.PASSPORT: "C1234567",
    Kind.CORPORATE_NUMBER: "7000012050002",
    Kind.EMPLOYMENT_INSURANCE: "13010123456",
    Kind.POSTAL_CODE: "1000013",
    Kind.PHONE: "0312345678",
    Kind.ANY_PHONE: "+84901234567",
}


def _some(characters: str, most: int, random: Random) -> str:
    return "".join(random.choices(characters, k=random.randint(1, most)))


class Complete:
    """Makes up applications that can be filed on a day: the example of the form with other values for others of its
    fields, as far as the form still lacks nothing and nothing contradicts itself."""

    def __init__(self, form: FormVersion, status: str, day: date, random: Random) -> None:
        self._form, self._status, self._day, self._random = form, status, day, random
        # Answers that decide others, or that the official file has in another way, stay those of the example.
        kept = {getattr(form.facts, fact) for fact in form.facts.__slots__}
        kept |= {condition.field for item in form.items for group in item.when for condition in group}
        fields = [item for item in form.items_for(status) if isinstance(item, Field) and not item.when]
        fields = [field for field in fields if field.code not in kept and not field.code.startswith("dispatch")]
        self._free = [field for field in fields if all(self._made([field]) is not None for _ in range(3))]

    def somebody(self, **facts: str) -> dict[str, Any]:
        """Normalised values of one more person; `facts` are answers to facts of the form."""
        chosen = [field for field in self._free if self._random.random() < 0.5]
        made = next(filter(None, (self._made(chosen) for _ in range(5))), None) or self._made([])
        assert made is not None, "the example itself is complete"
        for fact, value in facts.items():
            put_value(made, getattr(self._form.facts, fact), value)
        return made

    def _made(self, fields: Sequence[Field]) -> dict[str, Any] | None:
        raw: dict[str, Any] = deepcopy(dict(self._form.example))
        for field in fields:
            put_value(raw, field.code, value_of(field, self._random))
        values, problems = read_form(self._form, raw, self._status)
        filled = Filled(self._form, Form(values), self._status, self._day)
        filing = Filing(by_agent=True, category_known=True)
        wrong = any(True for _ in missing_fields(self._form, filled.form, filing, self._status))
        return None if problems or wrong or any(True for _ in contradictions(filled)) else values
