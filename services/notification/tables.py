"""Every table of this service, for its migrations and for the journal's comparison with them."""

from services.notification.address_book.store import Application, Choice, Contact, Member, Row
from services.notification.broadcasts.store import Broadcast, BroadcastRecipient
from services.notification.delivery.store import PaceRow
from services.notification.inbox.store import Reading
from services.notification.messages.store import Delivery, Notification, SharedContent
from services.notification.suppression.store import ReturnedMail, UndeliverableAddress
from services.notification.webhooks.store.tables import (
    Webhook,
    WebhookAttempt,
    WebhookHealth,
    WebhookMessage,
    WebhookSecret,
)

__all__ = [
    "Application",
    "Broadcast",
    "BroadcastRecipient",
    "Choice",
    "Contact",
    "Delivery",
    "Member",
    "Notification",
    "PaceRow",
    "Reading",
    "ReturnedMail",
    "Row",
    "SharedContent",
    "UndeliverableAddress",
    "Webhook",
    "WebhookAttempt",
    "WebhookHealth",
    "WebhookMessage",
    "WebhookSecret",
]
