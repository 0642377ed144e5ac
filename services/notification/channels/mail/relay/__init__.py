"""The mail relay: a port, SMTP behind it, and its twin in memory."""

from services.notification.channels.mail.relay.memory import MemoryRelay
from services.notification.channels.mail.relay.port import Mail, MailRelay, NotNow, Refused
from services.notification.channels.mail.relay.smtp import SmtpRelay

__all__ = ["Mail", "MailRelay", "MemoryRelay", "NotNow", "Refused", "SmtpRelay"]
