"""The recipients of a message: addresses from its event, the address book and the application."""

from dataclasses import dataclass
from typing import Any

from services.notification.messages import store
from services.notification.messages.catalogue import Audience
from services.notification.messages.domain import Party, same_address
from services.notification.messages.store import Application
from shared.events import fields
from shared.events.base import Event
from shared.messaging import NotYet
from shared.work import Work


@dataclass(frozen=True, slots=True)
class Recipient:
    """One recipient of one message."""

    party: Party
    sealed_address: str
    language: str
    sealed_name: str | None = None

    @classmethod
    def of(cls, party: Party, recipient: fields.Recipient) -> "Recipient":
        """The recipient whom an event names."""
        return cls(party, recipient.sealed_address, recipient.language, recipient.sealed_name)


async def find_recipients(
    work: Work, event: Event, audience: Audience, application: Application | None
) -> list[Recipient]:
    """The recipients of the message about `event`. Empty where the account is closed.

    `application` is the one that the event concerns, if any. Raises `NotYet` while the event that brings the address
    has not arrived: topics overtake each other.
    """
    of: Any = event
    if not getattr(of, "told_by_mail", True):
        return []
    if audience in ("named", "proved"):
        return [Recipient.of(Party.ACCOUNT, of.recipient)] if of.recipient else []
    if audience == "moved":
        new = Recipient.of(Party.ACCOUNT, of.recipient_new)
        old = Recipient.of(Party.OLD_ADDRESS, of.recipient_old)
        return [new] if _share_mailbox(work, new, old) else [new, old]
    found = []
    contact = await store.find_contact(work.session, of.account_id)
    if contact is None:
        raise NotYet("the account's address is not known yet")
    if contact.sealed_address is not None:
        found.append(Recipient(Party.ACCOUNT, contact.sealed_address, contact.language, contact.sealed_name))
    if audience == "both" and application is not None and application.sealed_address and application.language:
        applicant = Recipient(Party.APPLICANT, application.sealed_address, application.language)
        if not found or not _share_mailbox(work, found[0], applicant):
            found.append(applicant)
    return found


def _share_mailbox(work: Work, one: Recipient, other: Recipient) -> bool:
    """Somebody who files for themselves, or had no address before, gets one message, not two."""
    assert work.sealer is not None, "notification holds the private key"
    return same_address(work.sealer.open(one.sealed_address), work.sealer.open(other.sealed_address))
