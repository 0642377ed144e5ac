"""The recipients of a message: addresses from its event, the address book and the application, and how each chose to
get it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from services.notification.address_book import store as address_book
from services.notification.address_book.domain import OFFERED, How, Topic
from services.notification.address_book.store import Application, Contact
from services.notification.messages.catalogue import Audience
from services.notification.messages.domain import Party, mailbox
from shared.events import fields
from shared.events.base import Event
from shared.messaging import NotYet
from shared.work import Work

# An organisation and a role in which people act for it; None where there is none.
Group = tuple[UUID | None, str | None]


@dataclass(frozen=True, slots=True)
class Recipient:
    """One recipient of one message. `account_id` is whose message it is: of the applicant's copy the filer's. Without
    an address it goes to the inbox alone. `mailbox` is the opened address; it is compared and hashed, and not kept."""

    party: Party
    account_id: UUID | None
    sealed_address: str | None
    language: str
    sealed_name: str | None = None
    how: How = How.AT_ONCE
    mailbox: str | None = None
    # The topic of which it is a message, where its reader may leave mail out.
    topic: Topic | None = None

    @classmethod
    def of(cls, party: Party, account_id: UUID | None, recipient: fields.Recipient) -> "Recipient":
        """The recipient whom an event names."""
        return cls(party, account_id, recipient.sealed_address, recipient.reads, recipient.sealed_name)

    @classmethod
    def at(cls, party: Party, contact: Contact, how: How, topic: Topic | None = None) -> "Recipient":
        """The account behind a contact."""
        address, name = contact.sealed_address, contact.sealed_name
        return cls(party, contact.account_id, address, contact.language, name, how, topic=topic)


async def find_recipients(
    work: Work, event: Event, audience: Iterable[Audience], application: Application | None
) -> list[Recipient]:
    """The recipients of the message about `event`, each mailbox once. Empty where the account is closed.

    `application` is the one that the event concerns, if any. Raises `NotYet` while the event that brings the address
    has not arrived: topics overtake each other.
    """
    found: list[Recipient] = []
    for part in audience:
        for recipient in await _find(work, event, part, application):
            opened = replace(recipient, mailbox=_mailbox(work, recipient))
            if opened.mailbox is None or opened.mailbox not in {one.mailbox for one in found}:
                found.append(opened)
            elif opened.party is Party.COLLEAGUE and opened.account_id not in {one.account_id for one in found}:
                # Several people with one mailbox: it has the message, and so has each inbox.
                found.append(replace(opened, how=How.INBOX))
    return found


def _group(of: Any, application: Application | None) -> Group:
    """The organisation and the role in which the account in charge acts for it."""
    if application is not None:
        return application.owner_id, application.role
    return getattr(of, "organisation_id", None), getattr(of, "role", None)


def _mailbox(work: Work, recipient: Recipient) -> str | None:
    assert work.sealer is not None, "notification holds the private key"
    return mailbox(work.sealer.open(recipient.sealed_address)) if recipient.sealed_address is not None else None


async def _find(work: Work, of: Any, part: Audience, application: Application | None) -> list[Recipient]:
    # Events of review may name the account that was in charge before.
    account_id = application.account_id if application is not None else getattr(of, "account_id", None)
    match part:
        case "named" | "proved":
            return [Recipient.of(Party.ACCOUNT, account_id, of.recipient)] if of.recipient else []
        case "moved":
            named = ((Party.ACCOUNT, of.recipient_new), (Party.OLD_ADDRESS, of.recipient_old))
            return [Recipient.of(party, account_id, recipient) for party, recipient in named]
        case "filer":
            assert account_id is not None, "an event about which somebody is informed names an account"
            return await _in_charge(work, account_id, _group(of, application))
        case "before":
            left = await _has_left(work, of.account_before, _group(of, application))
            return [] if left else await _account(work, of.account_before)
        case "applicant":
            if application is None or not application.sealed_address or not application.language:
                return []
            return [Recipient(Party.APPLICANT, account_id, application.sealed_address, application.language)]
        case "colleagues":
            return await _colleagues(work, account_id, application)
        case "examiner":
            return await _examiner(work, application)


async def _in_charge(work: Work, account_id: UUID, group: Group) -> list[Recipient]:
    """The account in charge. Where it acts for the organisation no longer, everybody who does in that role: until one
    of them takes over, nobody may miss a deadline."""
    if await _has_left(work, account_id, group):
        instead = await address_book.acting(work.session, *group)
        if instead:
            return [Recipient.at(Party.COLLEAGUE, one, await _how(work, one.account_id, Topic.OWN)) for one in instead]
    return await _account(work, account_id)


async def _account(work: Work, account_id: UUID) -> list[Recipient]:
    contact = await address_book.find_contact(work.session, account_id)
    if contact is None:
        raise NotYet("the account's address is not known yet")
    if contact.sealed_address is None:
        return []
    return [Recipient.at(Party.ACCOUNT, contact, await _how(work, account_id, Topic.OWN))]


async def _has_left(work: Work, account_id: UUID, group: Group) -> bool:
    organisation_id, role = group
    if organisation_id is None or role is None:
        return False
    return await address_book.has_left(work.session, organisation_id, role, account_id)


async def _colleagues(work: Work, account_id: UUID | None, application: Application | None) -> list[Recipient]:
    if application is None or application.owner_id is None or application.role is None:
        return []
    found = await address_book.colleagues(work.session, application.owner_id, application.role, account_id)
    return [
        Recipient.at(Party.COLLEAGUE, one.contact, one.how, Topic.COLLEAGUES)
        for one in found
        if one.contact.sealed_address
    ]


async def _examiner(work: Work, application: Application | None) -> list[Recipient]:
    if application is None or application.examiner_id is None:
        return []
    contact = await address_book.find_contact(work.session, application.examiner_id)
    if contact is None:
        return [Recipient(Party.OFFICER, application.examiner_id, None, "ja", how=How.INBOX)]
    return [Recipient.at(Party.OFFICER, contact, await _how(work, contact.account_id, Topic.CASES), Topic.CASES)]


async def _how(work: Work, account_id: UUID, topic: Topic) -> How:
    return await address_book.choice_of(work.session, account_id, topic) or OFFERED[topic][0]
