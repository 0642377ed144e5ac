"""Every table of the reference data and every rule function is asked by a service, or a reason says why not yet."""

import ast
from functools import cache
from pathlib import Path

import pytest

from shared.reference.deadlines import DEADLINES
from shared.reference.tables import ALL
from tests.guards.sources import ROOT, nodes, python_files, tree

REFERENCE = "shared.reference"
# They list the rules for people: that the command line shows a rule does not mean that the system follows it.
_FOR_PEOPLE = {"__main__", "questions", "tables"}
_MACHINERY = {"dated"}

# Rules of work that has begun: an entry goes when a service asks the rule.
NOT_ASKED_YET = {
    "deadlines.DEADLINES.certificate_age": "filing: the day of issue of a certificate",
    "deadlines.DEADLINES.requested_documents": "officers' desk: the due date that is offered",
    "fees.FEE_REDUCTIONS": "the pages on fees: a lower fee at the counter",
    "procedures.PARALLEL_REFUSALS": "filing: a second open application of one person",
    "procedures.parallel_allowed": "filing: a second open application of one person",
}

Definition = tuple[str, str]  # the module below shared.reference, and a name in it


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT / "shared" / "reference").with_suffix("").parts)


@cache
def _definitions() -> dict[Definition, ast.stmt]:
    found: dict[Definition, ast.stmt] = {}
    for path in python_files("shared/reference"):
        for statement in tree(path).body:
            for name in _defined(statement):
                found[_module(path), name] = statement
    return found


def _defined(statement: ast.stmt) -> list[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case ast.Assign(targets=targets):
            return [node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)]
        case _:
            return []


def _imported(path: Path) -> dict[str, Definition]:
    """The names that a file takes from the reference data; a whole module is the name with an empty definition."""
    found: dict[str, Definition] = {}
    for node in nodes(path):
        if not isinstance(node, ast.ImportFrom) or node.module is None or not node.module.startswith(REFERENCE):
            continue
        module = node.module.removeprefix(REFERENCE).removeprefix(".")
        for alias in node.names:
            found[alias.asname or alias.name] = (module, alias.name) if module else (alias.name, "")
    return found


def _used(node: ast.AST, imported: dict[str, Definition]) -> set[Definition]:
    """The definitions that a piece of code takes from the reference data by the names that it imports."""
    used = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and inner.id in imported:
            used.add(imported[inner.id])
        if isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name) and inner.value.id in imported:
            used.add((imported[inner.value.id][0], inner.attr))
    return used


@cache
def _asked() -> frozenset[Definition]:
    """The definitions that services and deploy reach: those that they use, those that these use, and so on."""
    waiting = {
        definition for path in python_files("services", "deploy") for definition in _used(tree(path), _imported(path))
    }
    asked: set[Definition] = set()
    paths = {_module(path): path for path in python_files("shared/reference")}
    while waiting:
        definition = waiting.pop()
        if definition in asked or definition not in _definitions():
            continue
        asked.add(definition)
        module = definition[0]
        own = {other: (module, other) for of, other in _definitions() if of == module}
        waiting |= _used(_definitions()[definition], own | _imported(paths[module])) - asked
    return frozenset(asked)


def _is_table(statement: ast.stmt) -> bool:
    value = getattr(statement, "value", None)
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "Table"


RULES = sorted(
    (module, name)
    for (module, name), statement in _definitions().items()
    if module not in _FOR_PEOPLE | _MACHINERY
    and (_is_table(statement) or (isinstance(statement, ast.FunctionDef) and not name.startswith("_")))
)


@pytest.mark.parametrize(("module", "name"), RULES, ids=[f"{module}.{name}" for module, name in RULES])
def test_every_rule_is_asked_or_has_a_reason(module: str, name: str) -> None:
    assert ((module, name) in _asked()) != (f"{module}.{name}" in NOT_ASKED_YET), (
        f"{module}.{name}: ask it in services or deploy, delete it, or say in NOT_ASKED_YET why not yet;"
        " a rule that is asked has no entry there"
    )


@cache
def _constants() -> frozenset[object]:
    """Every text and number that stands in services, in deploy or in a rule."""
    places: list[ast.AST] = [node for path in python_files("services", "deploy") for node in nodes(path)]
    rules = [statement for (_, name), statement in _definitions().items() if name != "DEADLINES"]
    places += [node for statement in rules for node in ast.walk(statement)]
    return frozenset(node.value for node in places if isinstance(node, ast.Constant))


@pytest.mark.parametrize("code", [row.code for row in DEADLINES.rows])
def test_every_deadline_is_asked_or_has_a_reason(code: str) -> None:
    """A deadline is asked by its name, in a service or in a rule."""
    assert (code in _constants()) != (f"deadlines.DEADLINES.{code}" in NOT_ASKED_YET), (
        f"ask {code}, delete it, or say why not yet"
    )


def test_every_reason_names_a_rule() -> None:
    rules = {f"{module}.{name}" for module, name in RULES}
    assert set(NOT_ASKED_YET) <= rules | {f"deadlines.DEADLINES.{row.code}" for row in DEADLINES.rows}


def test_every_table_is_listed_for_people() -> None:
    written = {name for (module, name), statement in _definitions().items() if _is_table(statement)}
    listed = {alias.name for node in nodes(ROOT / "shared/reference/tables.py") for alias in _names(node)}
    assert written <= listed
    assert len(ALL) == len({table.name for table in ALL}) == len(written)


def _names(node: ast.AST) -> list[ast.alias]:
    return node.names if isinstance(node, ast.ImportFrom) else []
