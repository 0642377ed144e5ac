"""Sealed texts that one service alone can open: the others have the public key, and would fail in production alone."""

import ast

from tests.guards.sources import ROOT, nodes, python_files


def test_only_notification_opens_what_is_sealed_for_it() -> None:
    """[attacks F10] Tests give every service the private key; so this is looked for in the code."""
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in python_files("services")
        if path.relative_to(ROOT).parts[1] != "notification"
        for node in nodes(path)
        if isinstance(node, ast.Attribute) and node.attr == "open" and _name(node.value) == "sealer"
    ]
    assert found == []


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
