"""Names and first lines use the words of docs/glossary.md."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.guards.sources import ROOT, nodes, python_files

# A docstring says what a thing is; one that begins so is a riddle. `Whether ...` is the usual form of a predicate's.
RIDDLE = re.compile(r"(What|Who|Whom|Whose|Whoever|Whatever|Which|Where|Why|How|Half)\b")
# Words that no identifier contains, and the better one.
RETIRED = {
    "told": "reported, stated, informed",
    "tell": "notify, report, state",
    "mend": "correct, fix",
    "mended": "corrected, fixed",
    "mending": "correction",
    "anew": "again",
    "lately": "recently",
    "wish": "request",
    "wishes": "requests",
    "nought": "zero, nothing",
    "whoever": "anybody, the name of the role",
    "meanwhile": "concurrently, since",
    "hears": "receives, handles",
    "heard": "received, handled",
    "let_in": "register, authorise",
    "way_in": "login account, credential",
    "half_way": "pending",
    "handed_in": "submitted",
    "hand_in": "submit",
}
# Identifiers that users or stored data know by that name.
KEPT = {
    "handed_in": "a field of an answer",
    "told_by_mail": "a field of an event",
}


def _documented(path: Path) -> Iterator[tuple[int, str]]:
    for node in nodes(path):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield getattr(node, "lineno", 1), ast.get_docstring(node) or ""


def _defined(path: Path) -> Iterator[tuple[int, str]]:
    """Line and name of everything that a file defines: modules, classes, functions, parameters, variables."""
    yield 1, path.stem
    for node in nodes(path):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr


@cache
def _snake(name: str) -> str:
    return f"_{re.sub(r'(?<=[a-z0-9])(?=[A-Z])', '_', name).lower()}_"


def _place(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def _riddles() -> list[str]:
    return [
        f"{_place(path, line)} {text.splitlines()[0]}"
        for path in python_files("services", "shared", "deploy", "tests", "clients")
        for line, text in _documented(path)
        if RIDDLE.match(text)
    ]


def _retired() -> list[str]:
    return [
        f"{_place(path, line)} {name}: say {better}"
        for path in python_files("services", "shared", "deploy", "tests", "clients")
        for line, name in _defined(path)
        # The names of tests are sentences.
        if name not in KEPT and not name.startswith("test_")
        for snake in [_snake(name)]
        for word, better in RETIRED.items()
        if f"_{word}_" in snake
    ]


def test_no_docstring_begins_with_a_riddle() -> None:
    assert _riddles() == [], "begin with the noun or the verb: 'Deferred requests that ...', 'Lock the account ...'"


def test_no_identifier_contains_a_retired_word() -> None:
    assert _retired() == [], "docs/glossary.md has the words"


def test_the_glossary_lists_every_retired_word() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text()
    assert [word for word in RETIRED if f"*{word.replace('_', ' ')}*" not in glossary] == []
