"""The package needs what its pyproject.toml names, and nothing else."""

import ast
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_every_import_is_a_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = {requirement.partition(">")[0] for requirement in project["dependencies"]}
    assert all("<" in requirement for requirement in project["dependencies"]), "a bound is missing"
    imported = set()
    for path in (ROOT / "zairyu_client").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add(str(node.module).partition(".")[0])
    assert imported - sys.stdlib_module_names - {"zairyu_client"} == named


def test_the_package_is_typed() -> None:
    assert (ROOT / "zairyu_client" / "py.typed").exists()
