"""Commands of addresses to which mail does not arrive: suppress, test, confirm, lift."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Literal
from uuid import UUID

from services.notification.address_book import store as address_book
from services.notification.address_book.store import Application
from services.notification.audit import Tag
from services.notification.channels.mail.domain.statuses import SOFT_TIME, is_suppressed_after, kind_of
from services.notification.messages import store as messages
from services.notification.messages.domain import Party, mailbox
from services.notification.messages.store import Delivery, Notification
from services.notification.suppression import store
from services.notification.suppression.problems import AddressArrives, LinkExpired, TestedAlready
from services.notification.suppression.schemas import (
    AddressConfirmed,
    AddressState,
    ContactState,
    LiftReason,
    UndeliverableAddressBody,
)
from services.notification.suppression.store import UndeliverableAddress
from shared.auth import Actor, Owner
from shared.db import ReadSession
from shared.errors import NotFound
from shared.events.fields import Recipient
from shared.events.notification import AddressTestRequested
from shared.ids import new_id
from shared.sealing import SealBroken, Sealer
from shared.text import masked_address
from shared.work import Work

# Who says that a mail did not arrive: a report in the mailbox, a notice of the provider, or the answer at hand-over.
Source = Literal["mailbox", "provider", "relay"]
# A mail that is put off by a greylist comes within the hour; a reader looks within the day.
LINK_TIME = timedelta(hours=24)
# So often a test mail goes to an address to which nothing arrives: each hurts the standing of the sender.
BETWEEN_TESTS = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Return:
    """A mail that did not arrive: the round of a message, the status code, and who says so."""

    message_id: UUID
    round: int
    status: str
    source: Source


async def record_return(work: Work, failed: Return, delivery: Delivery | None) -> bool:
    """Record that a mail did not arrive at the address of `delivery`, where it is known; False where that is recorded
    already."""
    values = {
        "message_id": failed.message_id,
        "round": failed.round,
        "kind": kind_of(failed.status).value,
        "status": failed.status,
        "source": failed.source,
        "address_key": delivery.address_key if delivery else None,
        "reported_at": work.now,
    }
    return await store.record_return(work.session, values)


async def leave_alone(work: Work, delivery: Delivery, status: str) -> None:
    """Send nothing more to the address of `delivery` after a hard failure or several others, of which this is one that
    was recorded."""
    keys = _keys(work, delivery.sealed_address)
    delivery.address_key = keys[0]
    await store.wait_for_address(work.session, keys[0])
    known = await store.lock_address(work.session, keys)
    since = work.now - SOFT_TIME
    if known is not None and known.lifted_at is not None:
        since = max(since, known.lifted_at)
    failures = await store.soft_failures(work.session, keys, since)
    kind = kind_of(status)
    if (known is not None and known.lifted_at is None) or is_suppressed_after(kind, failures):
        await store.follow_key(work.session, known, keys)
        _suppress(work, known, delivery, kind.value, status)


async def take_refusal(work: Work, delivery: Delivery, sent_round: int, status: str) -> None:
    """Record that the receiving system refused the address of `delivery` while a mail was handed over."""
    failed = Return(delivery.notification_id, sent_round, status, "relay")
    if delivery.address_key is not None and await record_return(work, failed, delivery):
        await leave_alone(work, delivery, status)


def _suppress(work: Work, known: UndeliverableAddress | None, delivery: Delivery, reason: str, status: str) -> None:
    assert delivery.address_key is not None
    assert delivery.sealed_address is not None
    if known is None:
        known = UndeliverableAddress(
            id=new_id(),
            address_key=delivery.address_key,
            sealed_address=delivery.sealed_address,
            reason=reason,
            since=work.now,
            failures=0,
            lifted_at=None,
            lifted_by=None,
            tested_at=None,
            token_digest=None,
            token_expires_at=None,
        )
        work.session.add(known)
    elif known.lifted_at is not None:
        known.since, known.reason, known.lifted_at, known.lifted_by = work.now, reason, None, None
    known.status = status
    known.failures += 1
    known.last_message_id, known.last_failed_at = delivery.notification_id, work.now
    work.journal("undeliverable_address", known.id, Tag.SUPPRESS, {"reason": reason, "status": status})


async def follow_sealing_key(work: Work) -> None:
    """Know the addresses to which mail does not arrive by their hashes with the key in use, which messages have.

    After a change of keys (`NEW,OLD`) they are known by those with the earlier one.
    """
    assert work.sealer is not None, "notification holds the private key"
    if not work.sealer.has_earlier_keys:
        return
    for known in await store.lock_listed(work.session):
        try:
            keys = _keys(work, known.sealed_address)
        except SealBroken:
            # Its key was taken out of the settings too early: nothing finds the entry any more.
            continue
        if known.address_key != keys[0]:
            await store.follow_key(work.session, known, keys)


def _keys(work: Work, sealed_address: str | None) -> list[bytes]:
    """The hashes of a sealed address, with each of the keys that are known; the first with the key in use."""
    assert work.sealer is not None, "notification holds the private key"
    assert sealed_address is not None
    return work.sealer.hashes(mailbox(work.sealer.open(sealed_address)))


async def address_state(session: ReadSession, sealer: Sealer, account_id: UUID) -> AddressState:
    """The address of an account, and whether mail arrives there."""
    contact = await address_book.read_contact(session, account_id)
    if contact is None or contact.sealed_address is None:
        return AddressState(address=None, arrives=True)
    address = sealer.open(contact.sealed_address)
    known = await store.find_address(session, sealer.hashes(mailbox(address)))
    shown = {name: getattr(known, name) for name in ("since", "reason", "status", "tested_at")} if known else {}
    return AddressState(address=masked_address(address), arrives=known is None, **shown)


async def request_test(work: Work, public_url: str) -> AddressState:
    """Send a test mail with a link to the present address of the caller's account.

    Raises `NotFound` without an address, `AddressArrives` where nothing is known against it, `TestedAlready` too soon.
    """
    assert work.sealer is not None, "notification holds the private key"
    contact = await address_book.find_contact(work.session, work.actor_id)
    if contact is None or contact.sealed_address is None:
        raise NotFound()
    address = work.sealer.open(contact.sealed_address)
    known = await store.lock_address(work.session, work.sealer.hashes(mailbox(address)))
    if known is None or known.lifted_at is not None:
        raise AddressArrives()
    if known.tested_at is not None and work.now - known.tested_at < BETWEEN_TESTS:
        raise TestedAlready(known.tested_at + BETWEEN_TESTS - work.now)
    token = token_urlsafe(32)
    known.tested_at = work.now
    known.token_digest, known.token_expires_at = _digest(token), work.now + LINK_TIME
    work.journal("undeliverable_address", known.id, Tag.TEST_ADDRESS)
    work.emit(
        AddressTestRequested(
            account_id=work.actor_id,
            recipient=Recipient.reading(contact.language, contact.sealed_address, contact.sealed_name),
            sealed_link=work.seal(f"{public_url}/mail-address/{token}"),
            link_expires_at=known.token_expires_at,
            requested_at=work.now,
        )
    )
    await work.session.flush()
    return await address_state(work.session, work.sealer, work.actor_id)


async def contact_state(session: ReadSession, sealer: Sealer, actor: Actor, application_id: UUID) -> ContactState:
    """The applicant's own address of an application of which the caller may see the messages. Raises `NotFound`."""
    application, owner = await address_book.read_application(session, application_id), Owner.of(actor)
    if application is None or application.owner_id != owner.id or application.role not in owner.role_codes:
        raise NotFound()
    if application.sealed_address is None:
        return ContactState(state="none")
    address = mailbox(sealer.open(application.sealed_address))
    known = await store.find_address(session, sealer.hashes(address))
    if known is not None:
        return ContactState(state="undeliverable", since=known.since)
    if application.contact_confirmed_at is not None:
        return ContactState(state="confirmed", since=application.contact_confirmed_at)
    account = await address_book.read_contact(session, application.account_id)
    of_account = account.sealed_address if account is not None else None
    is_proved = of_account is not None and mailbox(sealer.open(of_account)) == address
    return ContactState(state="account" if is_proved else "unconfirmed")


async def look_at_contact_link(session: ReadSession, sealer: Sealer, message_id: UUID) -> AddressConfirmed:
    """The state of the link in a mail to an applicant's own address. Raises `LinkExpired` where it is another now."""
    notification, delivery = await messages.find(session, message_id) or (None, None)
    application = None
    if notification is not None and notification.application_id is not None:
        application = await address_book.read_application(session, notification.application_id)
    if not _is_present(sealer, notification, delivery, application):
        raise LinkExpired()
    assert application is not None
    return AddressConfirmed(confirmed=application.contact_confirmed_at is not None)


async def confirm_contact(work: Work, message_id: UUID) -> AddressConfirmed:
    """Record that somebody reads at an applicant's own address: they have the link of a mail to it. Mail is sent there
    again where it was not. The first time stands. Raises `LinkExpired` where the address is another now."""
    assert work.sealer is not None, "notification holds the private key"
    notification, delivery = await messages.find(work.session, message_id) or (None, None)
    application = None
    if notification is not None and notification.application_id is not None:
        application = await address_book.lock_application(work.session, notification.application_id)
    if not _is_present(work.sealer, notification, delivery, application):
        raise LinkExpired()
    assert application is not None
    if application.contact_confirmed_at is None:
        application.contact_confirmed_at = work.now
        work.journal("notification", message_id, Tag.CONFIRM_CONTACT)
    known = await store.lock_address(work.session, _keys(work, application.sealed_address))
    if known is not None and known.lifted_at is None:
        _lift(work, known, "reader")
        work.journal("undeliverable_address", known.id, Tag.CONFIRM_ADDRESS)
    return AddressConfirmed(confirmed=True)


def _is_present(
    sealer: Sealer, notification: Notification | None, delivery: Delivery | None, application: Application | None
) -> bool:
    """Whether a message went to the applicant's own address that its application has now."""
    if notification is None or delivery is None or application is None or application.sealed_address is None:
        return False
    keys = sealer.hashes(mailbox(sealer.open(application.sealed_address)))
    return notification.party == Party.APPLICANT and delivery.address_key in keys


async def look_at_link(session: ReadSession, token: str, now: datetime) -> AddressConfirmed:
    """The state of a test mail's link. Raises `LinkExpired` for one that is unknown, used or too old."""
    if not await store.is_open_token(session, _digest(token), now):
        raise LinkExpired()
    return AddressConfirmed(confirmed=False)


async def confirm(work: Work, token: str) -> AddressConfirmed:
    """Send to an address again, because somebody reads there: they have the link of its test mail.

    Raises `LinkExpired` for a link that is unknown, used or too old.
    """
    known = await store.lock_by_token(work.session, _digest(token), work.now)
    if known is None:
        raise LinkExpired()
    _lift(work, known, "reader")
    work.journal("undeliverable_address", known.id, Tag.CONFIRM_ADDRESS)
    return AddressConfirmed(confirmed=True)


async def lift(work: Work, address_id: UUID, reason: LiftReason) -> UndeliverableAddressBody:
    """Send to an address again, at an operator's word; where that is so already, nothing changes. Raises `NotFound`."""
    known = await store.lock_by_id(work.session, address_id)
    if known is None:
        raise NotFound()
    if known.lifted_at is None:
        _lift(work, known, "operator")
        work.journal("undeliverable_address", known.id, Tag.LIFT, {"reason": reason})
    assert work.sealer is not None, "notification holds the private key"
    return UndeliverableAddressBody.of(known, work.sealer)


def journal_look(work: Work, address_id: UUID) -> None:
    """Journal that an officer looked at one address and its history."""
    work.journal("notification_log", work.actor_id, Tag.READ_ADDRESS, {"undeliverable_address_id": address_id})


def journal_list(work: Work, found: Sequence[UUID], *, by_address: bool) -> None:
    """Journal that an officer looked at addresses; which address was searched is not written down."""
    detail = {"by_address": by_address, "undeliverable_address_ids": list(found)}
    work.journal("notification_log", work.actor_id, Tag.SEARCH_ADDRESSES, detail)


def _lift(work: Work, known: UndeliverableAddress, by: str) -> None:
    if known.lifted_at is None:
        known.lifted_at, known.lifted_by = work.now, by
    known.token_digest = known.token_expires_at = None


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()
