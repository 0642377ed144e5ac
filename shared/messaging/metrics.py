"""Every metric of the library, once, with its meaning."""

from prometheus_client import Counter, Gauge, Histogram

PUBLISHED = Counter("zairyu_outbox_published_total", "Outbox rows that the broker acknowledged and that were deleted")
OLDEST = Gauge("zairyu_outbox_oldest_seconds", "Age of the oldest outbox row when the relay last looked; 0 when empty")
LEADING = Gauge("zairyu_relay_leading", "1 while this process's relay holds the database's relay lock")
RELAY_FAILURES = Counter("zairyu_relay_failures_total", "Relay rounds ended by an error of database or broker")

EVENTS = Counter(
    "zairyu_consumer_events_total",
    "Events by outcome: handled, duplicate, skipped (no handler), parked, waiting, deferred, retried, refused",
    ["group", "outcome"],
)
REFUSED = Counter(
    "zairyu_consumer_refused_total",
    "Messages that their service did not send as they came: forged, unsigned, in a wrong topic. Alarm above 0",
    ["group", "reason"],
)
EVENT_AGE = Histogram(
    "zairyu_consumer_event_age_seconds",
    "From the event's time to its committed effect; one observation a batch, of its oldest event",
    ["group"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600),
)
LAG = Gauge("zairyu_consumer_lag", "Messages the group has not committed, by the broker's account", ["group"])
ASSIGNED = Gauge("zairyu_consumer_assigned_partitions", "Partitions this process works through", ["group"])
STOPPED = Gauge("zairyu_consumer_stopped", "1 while the consumer is halted at its dead-letter limit", ["group"])
RESTARTS = Counter("zairyu_consumer_restarts_total", "Fresh broker clients after an error or a stall", ["group", "why"])
LETTERS = Gauge("zairyu_dead_letters", "Letters in the dead-letter table", ["group", "status"])
BEHIND = Gauge(
    "zairyu_projection_behind_seconds",
    "Age of the oldest event of an owner that the group has not applied, unread or a dead letter; 0: its copy is fresh",
    ["group", "owner"],
)
