"""Mails about a mail address itself."""

from services.notification.channels.mail.content.facts import Facts
from services.notification.channels.mail.content.registration import Reset
from shared.events.notification import AddressTestRequested


def address_test(event: AddressTestRequested, facts: Facts) -> Reset:
    return Reset(link=facts.open(event.sealed_link), link_expires_at=event.link_expires_at)
