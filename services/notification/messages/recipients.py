"""Who is told: addresses from the event itself, from the address book, and from the application."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.notification.messages.catalogue import Audience
from services.notification.messages.domain import Party, same_address
from services.notification.messages.store import Application, Contact
from shared.events.base import Event
from shared.events.fields import Recipient
from shared.messaging import NotYet
from shared.sealing import Sealer


@dataclass(frozen=True, slots=True)
class To:
    """One recipient of one mail."""

    party: Party
    sealed_address: str
    language: str
    sealed_name: str | None = None

    @classmethod
    def of(cls, party: Party, recipient: Recipient) -> "To":
        """The recipient whom an event names."""
        return cls(party, recipient.sealed_address, recipient.language, recipient.sealed_name)


async def recipients(session: AsyncSession, event: Event, audience: Audience, sealer: Sealer) -> list[To]:
    """Who gets the mail of `event`. Empty where the account is closed.

    Raises `NotYet` while the event that brings the address has not arrived: topics overtake each other.
    """
    of: Any = event
    if not getattr(of, "told_by_mail", True):
        return []
    if audience in ("named", "proved"):
        return [To.of(Party.ACCOUNT, of.recipient)] if of.recipient else []
    if audience == "moved":
        new = To.of(Party.ACCOUNT, of.recipient_new)
        old = To.of(Party.OLD_ADDRESS, of.recipient_old)
        return [new] if _same(sealer, new, old) else [new, old]
    found = []
    contact = await session.get(Contact, of.account_id, populate_existing=True)
    if contact is None:
        raise NotYet("the account's address is not known yet")
    if contact.sealed_address is not None:
        found.append(To(Party.ACCOUNT, contact.sealed_address, contact.language, contact.sealed_name))
    if audience == "both":
        application = await application_of(session, of.application_id)
        if application.sealed_address is not None and application.language is not None:
            applicant = To(Party.APPLICANT, application.sealed_address, application.language)
            if not found or not _same(sealer, found[0], applicant):
                found.append(applicant)
    return found


async def application_of(session: AsyncSession, application_id: UUID) -> Application:
    """What is known of an application. Raises `NotYet`."""
    application = await session.get(Application, application_id, populate_existing=True)
    if application is None:
        raise NotYet("the application is not known yet")
    return application


def _same(sealer: Sealer, one: To, other: To) -> bool:
    """Somebody who files for themselves, or had no address before, gets one mail, not two."""
    return same_address(sealer.open(one.sealed_address), sealer.open(other.sealed_address))
