"""The journal: one insert-only row per command, chained by hash, sealed every minute.

One mechanism serves four needs: the audit log, the timeline people see, the record that lets a repeated
request get its first answer, and the proof that nothing was altered.
"""

from shared.journal.capture import Change, JournalledSession, replayable, write_together
from shared.journal.chain import GENESIS, Entry, entry_hash
from shared.journal.replay import StateDifference, compare_with_state
from shared.journal.seals import seal_new_rows
from shared.journal.tables import journal, journal_seals, journal_timestamps
from shared.journal.tags import AuditTag
from shared.journal.verify import Finding, verify

__all__ = [
    "GENESIS",
    "AuditTag",
    "Change",
    "Entry",
    "Finding",
    "JournalledSession",
    "StateDifference",
    "compare_with_state",
    "entry_hash",
    "journal",
    "journal_seals",
    "journal_timestamps",
    "replayable",
    "seal_new_rows",
    "verify",
    "write_together",
]
