"""Counts of events by hour: made by the service that sent them, compared by each that takes them.

With them no event can be lost between two services without being noticed, not even by a broker that had acknowledged
it. See docs/invariants.md.
"""

from shared.counting.comparing import all_seen, same_ids
from shared.counting.making import Facts, count_job, keep_counts

__all__ = ["Facts", "all_seen", "count_job", "keep_counts", "same_ids"]
