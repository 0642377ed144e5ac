"""Invariants of the document service: an accepted file has its object, by the word of reconciliation."""

from datetime import timedelta

from shared.invariants import Invariant

INVARIANTS = (
    # Each day's objects are compared with rows once a month.
    Invariant(
        "file-has-object",
        "SELECT DISTINCT documents.id FROM journal JOIN documents ON documents.id = journal.aggregate_id"
        " WHERE journal.action = 'document:altered' AND journal.at > CAST(:now AS timestamptz) - interval '35 days'"
        " AND documents.status = 'accepted'",
        timedelta(minutes=30),
    ),
)
