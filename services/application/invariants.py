"""Invariants of the application service: an application that was filed has its proof."""

from shared.invariants import Invariant

INVARIANTS = (
    Invariant(
        "filed-is-journalled",
        "SELECT id FROM applications WHERE id >= :since_id AND state = 'received'"
        " AND submitted_at > CAST(:now AS timestamptz) - interval '7 days'"
        " AND NOT EXISTS (SELECT FROM journal WHERE journal.aggregate_id = applications.id"
        " AND action = 'application:submit')",
    ),
)

# Counted every hour, for the services that keep them too.
FACTS = {
    "application.received": "SELECT aggregate_id AS id FROM journal WHERE action = 'application:submit'"
    " AND at >= :since AND at < :until",
}
