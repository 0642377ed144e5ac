"""The mail relay: a port, SMTP behind it, its twin in memory, and several of them as one."""

from services.notification.channels.mail.relay.memory import MemoryRelay
from services.notification.channels.mail.relay.port import Mail, MailRelay, NotNow, Refused, Unreachable
from services.notification.channels.mail.relay.relays import RELAY_AWAY, RelayHealth, Relays
from services.notification.channels.mail.relay.smtp import SmtpRelay

__all__ = [
    "RELAY_AWAY",
    "Mail",
    "MailRelay",
    "MemoryRelay",
    "NotNow",
    "Refused",
    "RelayHealth",
    "Relays",
    "SmtpRelay",
    "Unreachable",
]
