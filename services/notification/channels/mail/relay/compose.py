"""A mail as it goes on the wire (RFC 5322), from parts that can hold anything."""

from datetime import datetime
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from services.notification.channels.mail.relay.port import Mail, Refused

# In seven bits: a server on the way that rewrites eight of them would break a signature.
# Headers that are set raw stay as they are: folding would encode a long link.
_POLICY = SMTP.clone(cte_type="7bit", refold_source="none")
# For an address with other letters (RFC 6531).
WITH_OTHER_LETTERS = SMTPUTF8.clone(cte_type="7bit", refold_source="none")


def compose(mail: Mail, sender: str, sender_name: str, now: datetime) -> EmailMessage:
    """Text and HTML of `mail` as alternatives, with its calendar file beside them.

    Raises `Refused` for an invalid address: nothing in it can begin another header.
    """
    message = EmailMessage(policy=_POLICY)
    try:
        message["From"] = Address(display_name=sender_name, addr_spec=sender)
        message["To"] = Address(addr_spec=mail.recipient)
    except (MessageError, ValueError, IndexError, AttributeError) as error:
        raise Refused("address-invalid") from error
    # Folded white space: a line break in a name or number would begin another header.
    subject = Header(" ".join(mail.subject.split()), "utf-8" if not mail.subject.isascii() else None, 76, "Subject")
    # Folded here: Python 3.11 loses spaces between encoded words (python/cpython#92081).
    message.set_raw("Subject", subject.encode())
    message["Message-ID"] = f"<{mail.message_id}>"
    message["Date"] = format_datetime(now)
    # Out-of-office replies and lists leave such mail alone (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    if mail.unsubscribe:
        message.set_raw("List-Unsubscribe", f"<{mail.unsubscribe}>")
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    if mail.calendar:
        message.add_attachment(mail.calendar, subtype="calendar", filename="zairyu.ics")
    # After the parts: making them moves every Content- header into the first one.
    message["Content-Language"] = ", ".join(mail.languages)
    return message
