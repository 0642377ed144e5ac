"""Refusal of invalid JSON, and of texts and numbers that cannot be stored, before a route reads them.

Python reads more than RFC 8259 allows, and what it reads then breaks where it is written: half a surrogate pair in
UTF-8 or in a database, a number without end in JSON, lists in lists without end. Bodies that could hold such a thing
are looked through; the look for them costs a microsecond for each 2 kB.
"""

import json
import math
import re
from typing import Any

from shared.errors import FieldProblem, Text

# An escaped surrogate, a word that JSON does not know, an exponent of three digits or more, very many digits.
_SUSPICIOUS = re.compile(rb"\\u[dD][89a-fA-F]|NaN|Infinity|[eE]\+?[0-9]{3}|[0-9]{300}")
_NOT_JSON = FieldProblem("", "not-json", Text("JSONとして読み取れません", "This is not valid JSON"))
_BAD_TEXT = Text("使用できない文字(不完全なサロゲート)が含まれています", "A text contains half a surrogate pair")
_BAD_NUMBER = Text("数値が大きすぎます", "The number is too large")
_TOO_DEEP = Text("入れ子が深すぎます", "The values are nested too deeply")
# No fewer brackets are nested more deeply than Python reads; our own bodies have up to a thousand.
_MANY = 900
# Numbers of more digits than any date, amount or identifier has.
_MOST_DIGITS = 300


def json_problem(body: bytes) -> FieldProblem | None:
    """The problem with a JSON body, also with one that Python would read; None for a body that a route may read."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return _NOT_JSON
    if "\0" in text:  # UTF-16 or UTF-32, which json would guess
        return _NOT_JSON
    if not (_SUSPICIOUS.search(body) or body.count(b"[") + body.count(b"{") > _MANY):
        return None
    try:
        return _check_values(json.loads(text, parse_constant=_refuse), "")
    except RecursionError:
        return FieldProblem("", "too-deep", _TOO_DEEP)
    except ValueError:
        return _NOT_JSON


def _refuse(word: str) -> None:
    raise ValueError(word)


def _check_values(node: Any, pointer: str) -> FieldProblem | None:
    if isinstance(node, str):
        return None if _is_text(node) else FieldProblem(pointer, "bad-text", _BAD_TEXT)
    if isinstance(node, float):
        return None if math.isfinite(node) else FieldProblem(pointer, "too-large", _BAD_NUMBER)
    if isinstance(node, int):
        return None if abs(node) < 10**_MOST_DIGITS else FieldProblem(pointer, "too-large", _BAD_NUMBER)
    if isinstance(node, dict):
        for key, value in node.items():
            if not _is_text(key):
                return FieldProblem(pointer, "bad-text", _BAD_TEXT)
            if found := _check_values(value, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"):
                return found
    if isinstance(node, list):
        for number, value in enumerate(node):
            if found := _check_values(value, f"{pointer}/{number}"):
                return found
    return None


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
