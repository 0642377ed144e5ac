"""Invariants of the application service: an application that was filed has its proof."""

from shared.invariants import Invariant

INVARIANTS = (
    Invariant(
        "filed-is-journalled",
        "SELECT id FROM applications WHERE state = 'received'"
        " AND submitted_at > CAST(:now AS timestamptz) - interval '7 days'"
        " AND NOT EXISTS (SELECT FROM journal WHERE journal.aggregate_id = applications.id"
        " AND action = 'application:submit')",
    ),
)
