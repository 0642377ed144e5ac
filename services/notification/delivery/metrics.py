"""Metrics of the sender."""

from prometheus_client import Counter, Histogram

ATTEMPTS = Counter("zairyu_notification_attempts_total", "Attempts to hand over a mail", ["template", "outcome"])
RECLAIMED = Counter("zairyu_notifications_reclaimed_total", "Messages taken back from a sender that died")
AGE = Histogram(
    "zairyu_notification_seconds",
    "From the making of a message to its acceptance by the mail relay",
    buckets=(0.05, 0.1, 0.15, 0.25, 0.5, 1, 5, 30, 60, 600, 3600, 14400, 86400, 259200),
)
