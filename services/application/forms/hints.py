"""Hints: what people should look at again in a value that was read; it may be filed as it is."""

from collections.abc import Iterator
from typing import Any

from services.application.forms.field import Field, Kind
from shared.errors import FieldProblem, Text
from shared.text import is_written_in_several_ways, official_hint, phone_hint, roman_name_hint

_TEXTS = frozenset({Kind.TEXT, Kind.LINES, Kind.WIDE, Kind.HALF})
_PHONES = frozenset({Kind.PHONE, Kind.ANY_PHONE})
_DOUBTFUL = Text(
    "この回答では在留資格の基準に適合しないおそれがあります。内容を確認してください",
    "With this answer the criteria of the status of residence may not be met: check it",
)


def can_have_hints(field: Field) -> bool:
    """Whether there is anything to say about some value of a field."""
    return bool(field.doubtful) or field.kind is Kind.NAME or field.kind in _TEXTS or field.kind in _PHONES


def hints_about(field: Field, raw: Any, value: Any) -> Iterator[FieldProblem]:
    """The hints about `raw`, as it was typed into `field`; `value` is what was read of it, None where it cannot be."""
    if raw in field.doubtful:
        yield FieldProblem(field.pointer, "criteria", _DOUBTFUL)
    if value is None or not isinstance(raw, str) or (raw.isascii() and field.kind not in _PHONES):
        return
    if field.kind is Kind.NAME:
        code = "compare" if is_written_in_several_ways(raw) else "sent-instead"
        yield from _hint(field, code, roman_name_hint(raw))
    elif field.kind in _TEXTS:
        yield from _hint(field, "sent-instead", official_hint(value))
    elif field.kind in _PHONES:
        yield from _hint(field, "compare", phone_hint(value))


def _hint(field: Field, code: str, message: Text | None) -> Iterator[FieldProblem]:
    if message is not None:
        yield FieldProblem(field.pointer, code, message)
