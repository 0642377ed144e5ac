"""Small bugs: each changes one place of one function, in its syntax tree."""

import ast
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any

ROOT = Path(__file__).parents[2]

Function = ast.FunctionDef | ast.AsyncFunctionDef

_OPPOSITES: dict[type[ast.AST], type[Any]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Break: ast.Continue,
    ast.Continue: ast.Break,
}
# Logs, metrics and traces have tests of their own, on servers; what only the type checker reads has none.
_LEFT_ALONE = ("log.", "metrics.", "traces.", "tracing.", "cast(", "warnings.")


@dataclass(frozen=True, slots=True)
class Mutant:
    """The `number`th change of a function, in the statement of the lines `first` to `last`.

    `function` and `starts` are the qualified name and the first line of the function, as its code has them.
    """

    path: Path
    function: str
    starts: int
    number: int
    first: int
    last: int
    what: str

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.first} in {self.function}: {self.what}"


def mutants(path: Path) -> list[Mutant]:
    """All mutants of a file."""
    found = []
    for name, function in _functions(ast.parse(path.read_text("utf-8"))):
        changes = _Changes(None)
        changes.visit(function)
        for number, (statement, what) in enumerate(changes.offered):
            lines = statement.lineno, _head(statement)
            found.append(Mutant(path, name, _starts(function), number, *lines, what))
    return found


def mutated(mutant: Mutant) -> CodeType:
    """The code of the mutant's function with its change."""
    tree = ast.parse(mutant.path.read_text("utf-8"))
    at = mutant.function, mutant.starts
    function = next(each for name, each in _functions(tree) if (name, _starts(each)) == at)
    _Changes(mutant.number).visit(function)
    module = compile(ast.fix_missing_locations(tree), str(mutant.path), "exec", dont_inherit=True)
    return next(code for code in _codes(module) if (code.co_qualname, code.co_firstlineno) == at)


def _codes(code: CodeType) -> Iterator[CodeType]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _codes(each)


def _functions(tree: ast.AST, within: str = "") -> Iterator[tuple[str, Function]]:
    """Functions and methods; one inside another belongs to the outer one."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Function):
            yield f"{within}{node.name}", node
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{within}{node.name}.")


def _starts(function: Function) -> int:
    return min([function.lineno, *(each.lineno for each in function.decorator_list)])


def _head(statement: ast.stmt) -> int:
    """The last line of a statement, of one that has a body the last before it."""
    body = getattr(statement, "body", None)
    return max(statement.lineno, body[0].lineno - 1) if body else statement.end_lineno or statement.lineno


class _Changes(ast.NodeTransformer):
    """Lists the changes of a function, and makes the one that is wanted."""

    def __init__(self, wanted: int | None) -> None:
        self.offered: list[tuple[ast.stmt, str]] = []
        self._wanted = wanted
        self._statement: ast.stmt = ast.Pass()

    def visit(self, node: ast.AST) -> Any:
        if isinstance(node, ast.stmt):
            if isinstance(node, ast.Assert | ast.Import | ast.ImportFrom) or _is_left_alone(node):
                return node
            self._statement = node
        statement, result = self._statement, node
        for what, other in _offers(node):
            if len(self.offered) == self._wanted:
                result = ast.copy_location(other, node)
            self.offered.append((statement, what))
        if result is not node:
            return result
        if isinstance(node, ast.Raise | ast.JoinedStr):
            return node  # its text
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list") or isinstance(value, ast.arguments):
                continue
            if isinstance(value, ast.AST):
                setattr(node, name, self.visit(value))
            elif isinstance(value, list):
                setattr(node, name, [self.visit(each) if isinstance(each, ast.AST) else each for each in value])
            self._statement = statement
        return node


def _offers(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """The nodes that may stand in a node's place, each with its words."""
    if isinstance(node, ast.AugAssign | ast.Raise | ast.Delete) or _is_effect(node):
        yield f"without `{_brief(node)}`", ast.Pass()
    elif isinstance(node, ast.Break | ast.Continue):
        yield f"{_name(_opposite(node))} for {_name(node)}", _opposite(node)
    elif isinstance(node, ast.Return) and node.value is not None and _brief(node.value) != "None":
        yield f"`return None` for `{_brief(node)}`", ast.Return(ast.Constant(None))
    elif isinstance(node, ast.If | ast.While | ast.IfExp):
        yield f"not `{_brief(node.test)}`", _with(node, test=ast.UnaryOp(ast.Not(), node.test))
    elif isinstance(node, ast.comprehension):
        for test in node.ifs:
            others = [ast.UnaryOp(ast.Not(), one) if one is test else one for one in node.ifs]
            yield f"not `{_brief(test)}`", _with(node, ifs=others)
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in _OPPOSITES:
        other = _with(node, ops=[_opposite(node.ops[0]), *node.ops[1:]])
        yield f"`{_brief(other)}` for `{_brief(node)}`", other
    elif isinstance(node, ast.BoolOp | ast.BinOp) and type(node.op) in _OPPOSITES:
        other = _with(node, op=_opposite(node.op))
        yield f"`{_brief(other)}` for `{_brief(node)}`", other
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield f"`{_brief(node.operand)}` for its reverse", node.operand
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield f"{not node.value} for {node.value}", ast.Constant(not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield f"{node.value + 1} for {node.value}", ast.Constant(node.value + 1)


def _is_effect(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant | ast.Yield | ast.YieldFrom)


def _with(node: ast.AST, **fields: Any) -> ast.AST:
    other = copy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return ast.fix_missing_locations(ast.copy_location(other, node))


def _opposite(node: ast.AST) -> Any:
    return _OPPOSITES[type(node)]()


def _name(node: ast.AST) -> str:
    return type(node).__name__.lower()


def _brief(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 80 else f"{text[:77]}..."


def _is_left_alone(statement: ast.stmt) -> bool:
    text = ast.unparse(statement.value) if isinstance(statement, ast.Expr) else ""
    return text.removeprefix("await ").startswith(_LEFT_ALONE)
