"""A pgbench script from the statements that one filing really ran, with what differs each time as variables."""

import json
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID


def script_of(recorded: dict[str, Any], first: int) -> str:
    """The transaction of `recorded` for pgbench; its variable `i` counts per client, `n` names an application."""
    different = {
        recorded["id"]: "('00000000-0000-7000-8000-' || lpad(:n::text, 12, '0'))::uuid",
        recorded["key"]: "('pgbench-' || :n::text)",
        recorded["receipt_number"]: "('pgbench-' || :n::text)",
    }
    lines = [r"\set i :i + 1", rf"\set n {first} + :client_id * 100000 + :i", "BEGIN;"]
    for statement, parameters in recorded["statements"]:
        lines.append(_filled(statement, parameters, different) + ";")
    return "\n".join([*lines, "COMMIT;"]) + "\n"


def _filled(statement: str, parameters: Sequence[Any], different: dict[Any, str]) -> str:
    def literal(found: re.Match[str]) -> str:
        value = parameters[int(found[1]) - 1]
        if isinstance(value, str) and value.endswith(":recorded-key"):
            return "('pgbench-' || :n::text)"
        if isinstance(value, list) and any(isinstance(item, UUID) and item in different for item in value):
            return "ARRAY[" + ", ".join(different.get(item) or _literal(item) for item in value) + "]"
        known = different.get(value) if isinstance(value, str | UUID) else None
        return known or _literal(value)

    # A colon before a word is a variable to pgbench, also inside of a text: those stand as escapes.
    return re.sub(r"\$(\d+)", literal, statement.replace("%%", "%"))


def _literal(value: Any) -> str:
    match value:
        case None:
            return "NULL"
        case bool() | int() | float():
            return str(value).lower() if isinstance(value, bool) else str(value)
        case bytes():
            return rf"'\x{value.hex()}'::bytea"
        case datetime() | date() | UUID():
            return _quoted(str(value))
        case list() | tuple() if all(isinstance(item, str | UUID) for item in value):
            return _quoted("{" + ",".join(f'"{item}"' for item in value) + "}")
        case dict() | list():
            return _quoted(json.dumps(value))
    return _quoted(str(value))


def _quoted(plain: str) -> str:
    escaped = plain.replace("\\", "\\\\").replace("'", "''").replace(":", "\\x3a").replace(";", "\\x3b")
    return f"E'{escaped}'"
