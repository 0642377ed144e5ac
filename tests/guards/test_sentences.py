"""Sentences for people name states, steps and roles in words, never by the codes that programs use."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guards.sources import ROOT, calls, python_files

# The calls that make a sentence, with the arguments that are none.
SENTENCES = {"Text": 0, "Refused": 1, "NotNow": 1, "NotForYou": 1, "Wrong": 1, "Outdated": 1}
# Values that are codes of an enum or of a table; a name is what `.ja` and `.en` of a text say.
CODES = {"state", "status", "step", "role", "progress", "outcome", ".value", "procedure", "status_of_residence"}
CODE = re.compile(r"\b[A-Z]{2,}(?:_[A-Z]+)+\b")
# Names of files that users give, which are made of codes, and the example of a code.
KEPT = {"KEY_CODE", "KEY_PHOTO", "RES_TAX", "ENG_HUM_INT"}


def _codes(call: ast.Call) -> Iterator[str]:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    for given in call.keywords if name == "with_values" else ():
        yield from _code_in(given.value)
    for argument in call.args[SENTENCES[name] : SENTENCES[name] + 2] if name in SENTENCES else ():
        parts = argument.values if isinstance(argument, ast.JoinedStr) else [argument]
        for part in parts:
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield from (code for code in CODE.findall(part.value) if code not in KEPT)
            elif isinstance(part, ast.FormattedValue):
                yield from _code_in(part.value)


def _code_in(value: ast.expr) -> Iterator[str]:
    named = {value.attr, f".{value.attr}"} if isinstance(value, ast.Attribute) else {getattr(value, "id", "")}
    # A status of residence that stands alone is its name.
    if named & CODES and not (isinstance(value, ast.Name) and value.id == "status"):
        yield ast.unparse(value)


def _found(paths: tuple[Path, ...]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{call.lineno} {code}"
        for path in paths
        for call in calls(path)
        for code in _codes(call)
    ]


def test_no_sentence_contains_the_code_of_a_state_a_step_or_a_role() -> None:
    assert _found(python_files("services", "shared")) == [], "name it: shared.reference.case_states, a table of texts"


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ('NotNow("wrong-state", f"状態 {case.state.value}", f"It is {case.state.value}")', ["case.state.value"] * 2),
        ('Text(f"状態({state})", f"It is {name.en}")', ["state"]),
        ('Text("交付済", "It is CERTIFICATE_ISSUED")', ["CERTIFICATE_ISSUED"]),
        ("TEMPLATE.with_values(name=case.state, most=3)", ["case.state"]),
        ('Wrong("x", f"{state.ja}", f"{state.en}", f"/conditions/{row.state}")', []),
    ],
)
def test_the_guard_finds_a_code(sentence: str, found: list[str]) -> None:
    call = ast.parse(sentence, mode="eval").body
    assert isinstance(call, ast.Call)
    assert list(_codes(call)) == found
