"""Counts of others compared with what is here: the invariants that hold between services."""

from collections.abc import Iterable
from datetime import timedelta

from shared.counting.making import DIGEST
from shared.events.base import Event
from shared.invariants.model import Invariant

# The hours that are compared: counts are there ten minutes after an hour, and what is late has another twenty.
_NOW = "CAST(:now AS timestamptz)"
_COMPARED = f"hour > {_NOW} - interval '24 hours' AND hour < {_NOW} - interval '90 minutes'"
_ID = "(lpad(to_hex((extract(epoch FROM {moment}) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid"
_EVERY = timedelta(minutes=10)


def all_seen(group: str, subscriptions: Iterable[type[Event]]) -> Invariant:
    """Every event that others recorded in an hour, of the types that `group` takes, is in its inbox or a dead letter.

    An hour counts when all of its senders have counted it. Ids of violations are hours.
    """
    taken = sorted(subscriptions, key=lambda event: event.event_type())
    types = ", ".join(f"'{event.event_type()}'" for event in taken)
    sources = sorted({event.topic.partition(".")[0] for event in taken})
    named = ", ".join(f"'{source}'" for source in sources)
    first, behind = _ID.format(moment="hour"), _ID.format(moment="hour + interval '1 hour'")
    within = f"event_id >= {first} AND event_id < {behind}"
    seen = " UNION ".join(
        f"SELECT event_id FROM {table} WHERE consumer_group = '{group}' AND {within}"  # noqa: S608 - ours
        for table in ("inbox", "dead_letters")
    )
    return Invariant("events-seen", _comparison(f"IN ({types})", f"IN ({named})", len(sources), seen), _EVERY)


def same_ids(name: str, source: str, fact: str, own: str) -> Invariant:
    """The ids that `source` counted as `fact` in an hour are those of the query `own` (column `event_id`), which knows
    `hour`. Ids of violations are hours."""
    return Invariant(name, _comparison(f"= '{fact}'", f"= '{source}'", 1, own), _EVERY)


def _comparison(types: str, sources: str, all_of: int, own: str) -> str:
    wanted = f"FILTER (WHERE one ->> 'type' {types})"
    expected = (
        f"SELECT hour, coalesce(sum((one ->> 'count')::bigint) {wanted}, 0) AS count,"  # noqa: S608 - ours
        f" coalesce(bit_xor((one ->> 'digest')::bigint) {wanted}, 0) AS digest"
        " FROM event_counts LEFT JOIN LATERAL jsonb_array_elements(counts) AS one ON true"
        f" WHERE source {sources} AND {_COMPARED} GROUP BY hour HAVING count(DISTINCT source) = {all_of}"
    )
    digest = DIGEST.format(id="ids.event_id")
    found = f"SELECT count(*) AS count, coalesce({digest}, 0) AS digest FROM ({own}) AS ids"  # noqa: S608 - ours
    return (
        "SELECT to_char(hour AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24\"Z\"') AS id"  # noqa: S608 - ours
        f" FROM ({expected}) AS expected CROSS JOIN LATERAL ({found}) AS found"
        " WHERE expected.count <> found.count OR expected.digest <> found.digest"
    )
