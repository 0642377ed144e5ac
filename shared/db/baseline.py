"""The tables that every service has: outbox, inbox, dead letters, journal, timers, what operators order.

Their SQL is frozen in `v1.sql` to `v6.sql` files beside the code that uses them; a change is a further file and a new
function.
"""

from pathlib import Path
from typing import Any

_SHARED = Path(__file__).resolve().parent.parent
_PARTS = ("messaging", "journal", "timers")


def statements(file: Path, role: str) -> list[str]:
    """The statements of an SQL file, with `{role}` filled in; comments stripped."""
    return split(file.read_text().replace("{role}", role))


def split(sql: str) -> list[str]:
    """The statements of a text that has no semicolon inside them; comments stripped."""
    lines = [line for line in sql.splitlines() if not line.lstrip().startswith("--")]
    return [s.strip() for s in "\n".join(lines).split(";") if s.strip()]


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


_V2_INDEXES = ("ix_journal_action_at", "ix_journal_at")


def v2(op: Any) -> None:
    """Add the journal's indexes for auditors, before anything else in a migration: they are created without blocking
    writers, which cannot be part of a transaction. An interrupted one is created again."""
    with op.get_context().autocommit_block():
        for index in _V2_INDEXES:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {index}")
        for statement in statements(_SHARED / "journal" / "v2.sql", ""):
            op.execute(statement)


def drop_v2(op: Any) -> None:
    """Undo `v2`."""
    for index in _V2_INDEXES:
        op.execute(f"DROP INDEX {index}")


def v3(op: Any) -> None:
    """Let dead letters be refused ones."""
    for statement in statements(_SHARED / "messaging" / "v2.sql", ""):
        op.execute(statement)


def drop_v3(op: Any) -> None:
    """Undo `v3`; the letters that were refused go."""
    op.execute("DELETE FROM dead_letters WHERE status = 'refused'")
    for name in ("ck_dead_letters_refused", "ck_dead_letters_status"):
        op.execute(f"ALTER TABLE dead_letters DROP CONSTRAINT {name}")
    op.execute(
        "ALTER TABLE dead_letters ADD CONSTRAINT ck_dead_letters_status"
        " CHECK (status IN ('parked', 'deferred', 'waiting'))"
    )


def v4(op: Any, role: str) -> None:
    """Create the operators' orders about dead letters."""
    for statement in statements(_SHARED / "operations" / "v1.sql", role):
        op.execute(statement)


def drop_v4(op: Any) -> None:
    """Undo `v4`."""
    op.execute("DROP TABLE letter_orders")


def sent_events(op: Any, role: str) -> None:
    """Keep which events were sent."""
    for statement in statements(_SHARED / "messaging" / "v3.sql", role):
        op.execute(statement)


def drop_sent_events(op: Any) -> None:
    """Undo `sent_events`."""
    op.execute("DROP TABLE sent_events")


def letters_by_topic(op: Any) -> None:
    """Let waiting letters wait behind those of their own topic alone."""
    for statement in statements(_SHARED / "messaging" / "v6.sql", ""):
        op.execute(statement)


def invariants(op: Any, role: str) -> None:
    """Keep the last result of each invariant."""
    for statement in statements(_SHARED / "invariants" / "v1.sql", role):
        op.execute(statement)


def drop_invariants(op: Any) -> None:
    """Undo `invariants`."""
    op.execute("DROP TABLE invariant_results")


def event_counts(op: Any, role: str) -> None:
    """Keep the counts of events by hour."""
    for statement in statements(_SHARED / "counting" / "v1.sql", role):
        op.execute(statement)


def drop_event_counts(op: Any) -> None:
    """Undo `event_counts`."""
    op.execute("DROP TABLE event_counts")


def recent_events(op: Any, role: str) -> None:
    """Keep what was sent for two days, and know a dead letter by its bytes beside its place. The first thing of a
    migration: an index is created without blocking writers, which cannot be part of a transaction."""
    index, *others = statements(_SHARED / "messaging" / "v5.sql", role)
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS uq_dead_letters_message")
        op.execute(index)
    for statement in [*others, *statements(_SHARED / "messaging" / "v4.sql", role)]:
        op.execute(statement)


def drop_recent_events(op: Any) -> None:
    """Undo `recent_events`."""
    op.execute("DROP TABLE recent_events")
    op.execute(
        "ALTER TABLE dead_letters ADD CONSTRAINT uq_dead_letters_place"
        " UNIQUE (consumer_group, topic, partition, log_offset)"
    )
    op.execute("DROP INDEX uq_dead_letters_message")


def process_states(op: Any, role: str) -> None:
    """Keep what the processes of the service say about themselves."""
    for statement in statements(_SHARED / "operations" / "v2.sql", role):
        op.execute(statement)


def drop_process_states(op: Any) -> None:
    """Undo `process_states`."""
    op.execute("DROP TABLE process_states")


def job_runs(op: Any, role: str) -> None:
    """Keep the last run of each job, and what processes work on."""
    for statement in statements(_SHARED / "timers" / "v2.sql", role):
        op.execute(statement)
    op.execute("ALTER TABLE process_states ADD COLUMN working_on jsonb NOT NULL DEFAULT '[]'")


def drop_job_runs(op: Any) -> None:
    """Undo `job_runs`."""
    op.execute("ALTER TABLE process_states DROP COLUMN working_on")
    op.execute("DROP TABLE job_runs")


def rebuilding(op: Any, role: str) -> None:
    """Create the tables of snapshots and rebuilds."""
    for statement in statements(_SHARED / "rebuilding" / "v1.sql", role):
        op.execute(statement)


def drop_rebuilding(op: Any) -> None:
    """Undo `rebuilding`."""
    for table in ("rebuild_rows", "rebuilds", "snapshots"):
        op.execute(f"DROP TABLE {table}")


def process_notices(op: Any) -> None:
    """Keep what the watches of processes found."""
    op.execute("ALTER TABLE process_states ADD COLUMN notices jsonb NOT NULL DEFAULT '[]'")


def drop_process_notices(op: Any) -> None:
    """Undo `process_notices`."""
    op.execute("ALTER TABLE process_states DROP COLUMN notices")


def rows_compared_as_they_come(op: Any, role: str) -> None:
    """Compare the rows of a snapshot as they come. What was being rebuilt is given up."""
    op.execute("UPDATE rebuilds SET state = 'stopped', finished_at = now() WHERE finished_at IS NULL")
    op.execute("DELETE FROM rebuild_rows")
    for statement in statements(_SHARED / "rebuilding" / "v2.sql", role):
        op.execute(statement)


def drop_rows_compared_as_they_come(op: Any) -> None:
    """Undo `rows_compared_as_they_come`."""
    op.execute("ALTER TABLE rebuilds DROP COLUMN overtaken")
    op.execute("ALTER TABLE rebuild_rows DROP COLUMN settled, DROP COLUMN projection")
    op.execute("DROP TABLE rebuild_seen")


def samples(op: Any, role: str) -> None:
    """Keep what the service looked like minute by minute, and the requests that processes have answered."""
    for statement in statements(_SHARED / "operations" / "v3.sql", role):
        op.execute(statement)


def drop_samples(op: Any) -> None:
    """Undo `samples`."""
    op.execute("ALTER TABLE process_states DROP COLUMN requests")
    op.execute("DROP TABLE samples")


def journal_rounds(op: Any, role: str) -> None:
    """Keep the rounds in which the journal is verified."""
    for statement in statements(_SHARED / "journal" / "v3.sql", role):
        op.execute(statement)


def drop_journal_rounds(op: Any) -> None:
    """Undo `journal_rounds`."""
    op.execute("DROP TABLE journal_rounds")


def full_checks(op: Any) -> None:
    """Keep when each invariant was checked on all records."""
    for statement in statements(_SHARED / "invariants" / "v2.sql", ""):
        op.execute(statement)


def drop_full_checks(op: Any) -> None:
    """Undo `full_checks`."""
    op.execute("ALTER TABLE invariant_results DROP COLUMN full_at")


def job_findings(op: Any) -> None:
    """Keep what the last run of each job found."""
    for statement in statements(_SHARED / "timers" / "v3.sql", ""):
        op.execute(statement)


def drop_job_findings(op: Any) -> None:
    """Undo `job_findings`."""
    op.execute("ALTER TABLE job_runs DROP COLUMN found")
