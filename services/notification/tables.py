"""Every table of this service, for its migrations and for the journal's comparison with them."""

from services.notification.address_book.store import Application, Choice, Contact, Member, Row
from services.notification.inbox.store import Reading
from services.notification.messages.store import Delivery, Notification

__all__ = ["Application", "Choice", "Contact", "Delivery", "Member", "Notification", "Reading", "Row"]
