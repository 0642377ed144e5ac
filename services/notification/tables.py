"""Every table of this service, for its migrations and for the journal's comparison with them."""

from services.notification.inbox.store import Reading
from services.notification.messages.store import Application, Contact, Delivery, Notification, Row

__all__ = ["Application", "Contact", "Delivery", "Notification", "Reading", "Row"]
