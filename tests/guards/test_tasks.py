"""No task ends unwatched.

A task that nobody awaits ends without a word, and a `TaskGroup` passes over a child that was cancelled. Where one is
begun, a comment `# watched: by ...` says who notices its end. Nothing swallows a cancellation without saying why.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.guards.sources import ROOT, calls, nodes, python_files

_CODE = ("services", "shared", "deploy")
_BEGIN = {"create_task", "ensure_future", "run_coroutine_threadsafe", "start_soon"}
# Runs a part of a process; in tests that is for `running` of tests/support/parts.py, which notices an early end.
_PARTS = {"Consumer", "Relay", "TimerWorker", "Sender"}


def _without_reason(path: Path, nodes: Iterator[ast.AST], reason: str) -> Iterator[str]:
    lines = path.read_text().splitlines()
    for node in nodes:
        first, last = node.lineno, node.end_lineno or node.lineno  # type: ignore[attr-defined]
        if not any(reason in line for line in lines[first - 1 : last]):
            yield f"{path.relative_to(ROOT)}:{first}"


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def test_every_task_that_is_begun_says_who_notices_its_end() -> None:
    """[faults 36]"""
    found = [
        place
        for path in python_files(*_CODE)
        for place in _without_reason(path, (call for call in calls(path) if _name(call) in _BEGIN), "# watched: ")
    ]
    assert found == []


def _swallowing(path: Path) -> Iterator[ast.AST]:
    """Places that catch `CancelledError` or `BaseException` and do not raise it again."""
    for node in nodes(path):
        if isinstance(node, ast.ExceptHandler) and node.type is not None and _catches_cancellation(node.type):
            if not any(isinstance(inner, ast.Raise) for inner in ast.walk(node)):
                yield node.type
        elif isinstance(node, ast.Call) and _name(node) == "suppress" and any(map(_catches_cancellation, node.args)):
            yield node


def _catches_cancellation(node: ast.AST) -> bool:
    return any(
        name in ("CancelledError", "BaseException")
        for inner in ast.walk(node)
        for name in (getattr(inner, "attr", None), getattr(inner, "id", None))
    )


def test_no_code_swallows_a_cancellation_without_saying_why() -> None:
    """[faults 36] One that is swallowed leaves a task that cannot be ended."""
    found = [
        place for path in python_files(*_CODE) for place in _without_reason(path, _swallowing(path), "# swallowed: ")
    ]
    assert found == []


def _library_awaits_in_cleanup(path: Path) -> Iterator[ast.AST]:
    """`await` in a `finally`, or where `BaseException` or `CancelledError` was caught."""
    for node in nodes(path):
        blocks: list[ast.stmt] = []
        if isinstance(node, ast.Try):
            blocks += node.finalbody
            for handler in node.handlers:
                if handler.type is not None and _catches_cancellation(handler.type):
                    blocks += handler.body
        for block in blocks:
            for inner in ast.walk(block):
                if isinstance(inner, ast.Await):
                    yield inner


def test_every_await_of_a_cleanup_is_one_that_a_cancellation_does_not_cut_off() -> None:
    """[faults 36] An `await` in a `finally` is cut off by the next cancellation, and a library can leak one there.

    `see_through` and what is made of it, or a reason.
    """
    seen_through = ("see_through(", "_close(", "stop_client(", "self.stop()", "_source.stop()", "_producer.stop()")
    found = [
        place
        for path in python_files("shared")
        if path.name != "__main__.py"
        for place in _without_reason(path, _library_awaits_in_cleanup(path), "# cleanup: ")
        if not any(name in path.read_text().splitlines()[int(place.rpartition(":")[2]) - 1] for name in seen_through)
    ]
    assert found == []


def test_tests_run_parts_where_an_early_end_is_noticed() -> None:
    """[faults 36]"""
    found = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in python_files("tests")
        if path.relative_to(ROOT).parts[1] not in ("support", "guards", "bench")
        for call in calls(path)
        if _name(call) in _BEGIN
        for argument in call.args
        if isinstance(argument, ast.Call)
        and _name(argument) == "run"
        and "# ended: " not in path.read_text().splitlines()[call.lineno - 1]
    ]
    assert found == []
