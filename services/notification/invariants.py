"""Invariants of the notification service: a message that is open has its work."""

from shared.invariants import Invariant

INVARIANTS = (
    Invariant(
        "message-has-delivery",
        "SELECT id FROM notifications WHERE created_at >= :since AND state = 'created'"
        " AND NOT EXISTS (SELECT FROM deliveries"
        " WHERE deliveries.notification_id = notifications.id AND deliveries.state <> 'done')",
    ),
)
