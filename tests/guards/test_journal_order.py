"""Tests that read lines of the journal say in which order.

PostgreSQL promises no order without ORDER BY. A list that is compared with another one is right for as long as the rows
lie side by side, and wrong on the day when an earlier page of the table has room again.
"""

import ast

from .sources import python_files, tree


def _reads_the_journal_in_any_order(function: ast.AST) -> bool:
    names = {
        node.id if isinstance(node, ast.Name) else node.attr
        for node in ast.walk(function)
        if isinstance(node, ast.Name | ast.Attribute)
    }
    return {"select", "journal"} < names and bool({"scalars", "execute"} & names) and "order_by" not in names


def test_lines_of_the_journal_are_read_in_order() -> None:
    found = [
        f"{path.name}:{node.lineno} {node.name}"
        for path in python_files("tests")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _reads_the_journal_in_any_order(node)
    ]
    assert not found, f"order_by(journal.c.position), or .version for the lines of one record: {found}"
