"""The tables that every service has: outbox, inbox, dead letters, journal, timers.

Their SQL is frozen in `v1.sql` files beside the code that uses them; a change is a `v2.sql` and a new function.
"""

from pathlib import Path
from typing import Any

_SHARED = Path(__file__).resolve().parent.parent
_PARTS = ("messaging", "journal", "timers")


def statements(file: Path, role: str) -> list[str]:
    """The statements of an SQL file, with `{role}` filled in; comments stripped."""
    lines = [line for line in file.read_text().splitlines() if not line.lstrip().startswith("--")]
    return [s.strip() for s in "\n".join(lines).replace("{role}", role).split(";") if s.strip()]


def v1(op: Any, role: str) -> None:
    """Create the shared tables in a service's first migration (`op` is Alembic's), for the service's `role`."""
    op.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
    for part in _PARTS:
        for statement in statements(_SHARED / part / "v1.sql", role):
            op.execute(statement)


def drop_v1(op: Any) -> None:
    """Undo `v1`."""
    for table in (
        "journal_timestamps",
        "journal_seals",
        "journal",
        "timers",
        "dead_letter_decisions",
        "dead_letters",
        "inbox",
        "outbox",
    ):
        op.execute(f"DROP TABLE IF EXISTS {table}")
