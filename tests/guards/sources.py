"""The project's own Python files, read as text or as syntax, for the guard tests."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("registration", "application", "document", "review", "notification", "gateway")
WITH_DATABASE = SERVICES[:-1]


@cache
def python_files(*folders: str) -> tuple[Path, ...]:
    """Every Python file below `folders` of the repository, migrations included."""
    return tuple(sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py")))


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(), str(path))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Every node of the syntax tree of a file."""
    return tuple(ast.walk(tree(path)))


def calls(path: Path) -> list[ast.Call]:
    """Every call in a file."""
    return [node for node in nodes(path) if isinstance(node, ast.Call)]


@cache
def names(path: Path) -> frozenset[str]:
    """Every name and attribute mentioned in a file."""
    mentions = (node for node in nodes(path) if isinstance(node, ast.Name | ast.Attribute))
    return frozenset(node.id if isinstance(node, ast.Name) else node.attr for node in mentions)
