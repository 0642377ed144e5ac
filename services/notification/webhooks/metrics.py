"""Metrics of webhooks."""

from prometheus_client import Counter, Gauge, Histogram

ATTEMPTS = Counter("zairyu_webhook_attempts_total", "Attempts to hand a webhook's message over", ["outcome"])
AGE = Histogram(
    "zairyu_webhook_seconds",
    "From the making of a webhook's message to its acceptance",
    buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 3600, 6 * 3600, 24 * 3600, 72 * 3600),
)
GIVEN_BACK = Counter("zairyu_webhook_messages_reclaimed_total", "Messages taken back from a sender that died")
OPEN = Gauge("zairyu_webhook_messages_open", "Messages that enabled webhooks have not accepted yet")
OLDEST = Gauge("zairyu_webhook_messages_oldest_seconds", "Age of the oldest of them")
DISABLED = Counter("zairyu_webhooks_disabled_total", "Webhooks stopped because of their receiver", ["reason"])
