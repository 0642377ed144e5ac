"""Faults of a request's fields, as JSON pointers with messages in both languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi.exceptions import RequestValidationError

from shared.errors import FieldProblem, Text
from shared.http.limits import MAX_ERRORS


@dataclass(frozen=True, slots=True)
class PlacedFieldProblem(FieldProblem):
    """A field problem that may be outside of the body: in the query, the path or a header."""

    place: str = "body"


# pydantic's error type -> (our code, the sentence). Braces are filled from pydantic's context.
_SENTENCES: dict[str, tuple[str, Text]] = {
    "missing": ("required", Text("必須項目です", "Enter or choose a value")),
    "extra_forbidden": ("unknown-field", Text("この項目は受け付けていません", "This field is not known here")),
    "json_invalid": ("not-json", Text("JSONとして読み取れません", "This is not valid JSON")),
    "string_type": ("not-text", Text("文字列で入力してください", "Give a text")),
    "string_too_short": (
        "too-short",
        Text("{min_length}文字以上で入力してください", "Give at least {min_length} characters"),
    ),
    "string_too_long": (
        "too-long",
        Text("{max_length}文字以内で入力してください", "Give at most {max_length} characters"),
    ),
    "string_pattern_mismatch": ("bad-format", Text("形式が正しくありません", "Enter it in the right format")),
    "too_short": ("too-few", Text("{min_length}件以上必要です", "Give at least {min_length} entries")),
    "too_long": ("too-many", Text("{max_length}件以内にしてください", "Give at most {max_length} entries")),
    "int_type": ("not-integer", Text("整数で入力してください", "Give a whole number")),
    "int_parsing": ("not-integer", Text("整数で入力してください", "Give a whole number")),
    "int_from_float": ("not-integer", Text("整数で入力してください", "Give a whole number")),
    "decimal_parsing": ("not-number", Text("数値で入力してください", "Enter a number")),
    "float_parsing": ("not-number", Text("数値で入力してください", "Enter a number")),
    "bool_type": ("not-boolean", Text("true か false を指定してください", "Give true or false")),
    "bool_parsing": ("not-boolean", Text("true か false を指定してください", "Give true or false")),
    "greater_than": ("too-small", Text("{gt}より大きい値にしてください", "Give a value above {gt}")),
    "greater_than_equal": ("too-small", Text("{ge}以上の値にしてください", "Give a value of at least {ge}")),
    "less_than": ("too-large", Text("{lt}より小さい値にしてください", "Give a value below {lt}")),
    "less_than_equal": ("too-large", Text("{le}以下の値にしてください", "Give a value of at most {le}")),
    "enum": ("not-a-choice", Text("次から選んでください: {expected}", "Choose one of: {expected}")),
    "literal_error": ("not-a-choice", Text("次から選んでください: {expected}", "Choose one of: {expected}")),
    "union_tag_invalid": (
        "not-a-choice",
        Text("次から選んでください: {expected_tags}", "Choose one of: {expected_tags}"),
    ),
    "union_tag_not_found": (
        "required",
        Text("種類({discriminator})を指定してください", "Say which kind it is: {discriminator}"),
    ),
    "uuid_parsing": ("not-uuid", Text("UUID形式で指定してください", "Give a UUID")),
    "uuid_type": ("not-uuid", Text("UUID形式で指定してください", "Give a UUID")),
    "timezone_aware": ("no-time-zone", Text("時差(タイムゾーン)を付けてください", "Add the time zone")),
    "list_type": ("not-list", Text("配列で指定してください", "Give a list")),
    "dict_type": ("not-object", Text("オブジェクトで指定してください", "Give an object")),
    "model_attributes_type": ("not-object", Text("オブジェクトで指定してください", "Give an object")),
    "model_type": ("not-object", Text("オブジェクトで指定してください", "Give an object")),
}
_FAMILIES: dict[str, tuple[str, Text]] = {
    "datetime": ("not-datetime", Text("日時はISO 8601形式で入力してください", "Give a date and time (ISO 8601)")),
    "date": ("not-date", Text("日付はYYYY-MM-DD形式で入力してください", "Give a date as YYYY-MM-DD")),
    "time": ("not-time", Text("時刻はHH:MM形式で入力してください", "Give a time as HH:MM")),
    "url": ("not-url", Text("URLを入力してください", "Give a URL")),
    "bytes": ("not-text", Text("文字列で入力してください", "Give a text")),
    "string": ("bad-text", Text("文字列が正しくありません", "Enter text")),
}


def field_problems(error: RequestValidationError) -> list[PlacedFieldProblem]:
    """Every mistake once, in the order in which pydantic found them."""
    return first_problems(error, None)[0]


def first_problems(
    error: RequestValidationError, most: int | None = MAX_ERRORS
) -> tuple[list[PlacedFieldProblem], int]:
    """The same, up to as many as an answer lists, and how many there are beside them."""
    found: dict[tuple[str, str, str], PlacedFieldProblem] = {}
    items = error.errors()
    for number, item in enumerate(items):
        if len(found) == most:
            return list(found.values()), len(items) - number
        place, *path = item["loc"] or ("body",)
        pointer = "" if item["type"] == "json_invalid" else _pointer(path, error.body if place == "body" else None)
        code, text = _sentence(item)
        problem = PlacedFieldProblem(pointer=pointer, code=code, message=text, place=str(place))
        found.setdefault((problem.place, pointer, code), problem)
    return list(found.values()), 0


def _sentence(item: Mapping[str, Any]) -> tuple[str, Text]:
    kind: str = item["type"]
    context: Mapping[str, Any] = item.get("ctx") or {}
    if isinstance(text := context.get("text"), Text):
        return kind.replace("_", "-"), text  # a rule of our own: `shared.text.typed.refusal`
    known = _SENTENCES.get(kind) or _FAMILIES.get(kind.split("_")[0])
    if known is None:
        return "not-right", Text("入力内容が正しくありません", str(item["msg"]).removeprefix("Value error, "))
    code, sentence = known
    if kind == "string_too_short" and context.get("min_length") == 1:
        # Nothing was entered: nobody counts to one.
        return code, _SENTENCES["missing"][1]
    if not context:
        return code, sentence
    return code, sentence.with_values(
        **{name: value if isinstance(value, int | float) else str(value) for name, value in context.items()}
    )


def _pointer(path: Sequence[Any], body: Any) -> str:
    """pydantic's location as a JSON pointer.

    The location of a union also names the member that was tried ("student", "function-after[...]"). That is no part
    of the caller's document, so it is left out: all but the last step must exist in the body, and nothing stands below
    a plain value.
    """
    parts: list[str] = []
    node = body
    for position, step in enumerate(path):
        last = position == len(path) - 1
        if isinstance(node, Mapping):
            if step in node or (last and isinstance(step, str)):
                node = node.get(step)
            else:
                continue
        elif isinstance(node, list):
            if not (isinstance(step, int) and step < len(node)):
                continue
            node = node[step]
        elif body is not None:
            continue
        parts.append(str(step).replace("~", "~0").replace("/", "~1"))
    return "".join(f"/{part}" for part in parts)
