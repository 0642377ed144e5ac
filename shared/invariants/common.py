"""Invariants of every service: its journal and its outbox."""

from shared.invariants.model import Invariant

COMMON = (
    # The whole chain is checked by `python -m shared.journal verify`; here the rows of the last hour.
    Invariant(
        "journal-chain",
        "SELECT line.position AS id FROM journal AS line"
        " LEFT JOIN journal AS before ON before.aggregate_id = line.aggregate_id AND before.version = line.version - 1"
        " WHERE line.at > CAST(:now AS timestamptz) - interval '1 hour' AND line.version > 1"
        " AND before.hash IS DISTINCT FROM line.previous_hash",
    ),
    # A transaction that is open for an hour keeps later rows from being sealed as well.
    Invariant(
        "journal-sealed",
        "SELECT position AS id FROM journal WHERE at < CAST(:now AS timestamptz) - interval '1 hour'"
        " AND at > CAST(:now AS timestamptz) - interval '2 hours'"
        " AND xid >= coalesce((SELECT xid_to FROM journal_seals ORDER BY number DESC LIMIT 1), 0)",
    ),
    Invariant(
        "outbox-sent",
        "SELECT id FROM outbox WHERE recorded_at < clock_timestamp() - interval '10 minutes'",
    ),
)
