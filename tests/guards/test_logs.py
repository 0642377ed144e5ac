"""Log events are stable dotted keys, and docs/logs.md says what each of them means."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.guards.sources import ROOT, calls, python_files

METHODS = frozenset({"debug", "info", "warning", "error", "exception", "critical"})
KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
ROW = re.compile(r"^\| `([a-z0-9_]+\.[a-z0-9_.]+)` \| (\w+) \| \S", re.MULTILINE)


def _logged() -> Iterator[tuple[Path, ast.Call, str]]:
    for path in python_files("services", "shared", "deploy"):
        for call in calls(path):
            target = call.func
            if not isinstance(target, ast.Attribute) or target.attr not in METHODS:
                continue
            if isinstance(target.value, ast.Name) and target.value.id in ("log", "_log", "logger"):
                yield path, call, target.attr


def test_every_log_event_is_a_dotted_key() -> None:
    """A sentence changes with its wording: searches, alarms and dashboards need a key."""
    wrong = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path, call, _ in _logged()
        if not call.args or not isinstance(call.args[0], ast.Constant) or not KEY.fullmatch(str(call.args[0].value))
    ]
    assert not wrong, f"the first argument must be a literal such as 'sender.round_failed': {wrong}"


def test_docs_explain_every_log_event() -> None:
    written = {
        (str(call.args[0].value), level) for _, call, level in _logged() if isinstance(call.args[0], ast.Constant)
    }
    explained = set(ROW.findall((ROOT / "docs" / "logs.md").read_text()))
    assert explained == written, (
        f"docs/logs.md lacks {sorted(written - explained)} and has too much {sorted(explained - written)}"
    )
