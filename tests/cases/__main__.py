"""The table finding → test: `python -m tests.cases [--check]` writes docs/cases.md, or says what does not agree."""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.cases.findings import ALL, ATTACKS, FAULTS, NEWCOMERS, Finding

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "cases.md"
_NAMED = re.compile(r"\[((?:attacks|faults|newcomers) [^\]]+)\]")
_BEGINNING = """# Cases: findings and their tests

Findings of attacks on a local copy, of inputs from public bug reports of people who run or use such portals, and of
first-time use. Each is a behaviour that must hold, and the test that proves it. `make docs` writes this page from
`tests/cases/findings.py` and from the docstrings of the tests; `make lint` fails when a finding has no test.
"""


def tests_by_finding() -> dict[str, list[str]]:
    """Node ids of the tests that name a finding. A class's or module's docstring speaks for its tests."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        name = path.relative_to(ROOT).as_posix()
        for place, docstring in _docstrings(ast.parse(path.read_text())):
            named = _NAMED.match(docstring)
            for finding in re.split(r",\s*", named[1]) if named else ():
                found[finding].append(f"{name}::{place}" if place else name)
    return found


def _docstrings(module: ast.Module) -> Iterator[tuple[str, str]]:
    yield "", ast.get_docstring(module) or ""
    for node in module.body:
        if isinstance(node, ast.ClassDef):
            yield node.name, ast.get_docstring(node) or ""
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield f"{node.name}::{inner.name}", ast.get_docstring(inner) or ""
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, ast.get_docstring(node) or ""


def page(found: dict[str, list[str]]) -> str:
    """The whole of docs/cases.md."""
    parts = [_BEGINNING]
    for title, findings in (("Attacks", ATTACKS), ("Faults", FAULTS), ("First-time use", NEWCOMERS)):
        parts.append(f"## {title}\n")
        parts.append("| Finding | What holds | Test |\n|---|---|---|")
        parts += [f"| {finding.id.split()[-1]} | {finding.right} | {_tests(finding, found)} |" for finding in findings]
        parts.append("")
    return "\n".join(parts)


def _tests(finding: Finding, found: dict[str, list[str]]) -> str:
    tests = found.get(finding.id, [])
    if not tests:
        return f"not yet: work on {finding.later}" if finding.later else "**none**"
    return "<br>".join(f"`{test.removeprefix('tests/')}`" for test in tests)


def troubles(found: dict[str, list[str]]) -> list[str]:
    """Findings without a test, and tests that name a finding that is not listed."""
    known = {finding.id for finding in ALL}
    missing = [f"{finding.id}: no test" for finding in ALL if finding.id not in found and not finding.later]
    return missing + [f"{name}: no such finding ({tests[0]})" for name, tests in found.items() if name not in known]


def main() -> int:
    """Write the page; with `--check` only compare it."""
    found = tests_by_finding()
    wrong = troubles(found)
    if "--check" in sys.argv and (not PAGE.exists() or PAGE.read_text() != page(found)):
        wrong.append("docs/cases.md is not that of the tests: run make docs")
    if "--check" not in sys.argv:
        PAGE.write_text(page(found))
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
