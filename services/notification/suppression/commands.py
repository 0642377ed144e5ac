"""Commands of addresses to which mail does not arrive: suppress and lift."""

from collections.abc import Sequence
from uuid import UUID

from services.notification.audit import Tag
from services.notification.messages.store import Delivery
from services.notification.suppression import store
from services.notification.suppression.schemas import LiftReason, UndeliverableAddressBody
from services.notification.suppression.store import UndeliverableAddress
from shared.errors import NotFound
from shared.ids import new_id
from shared.work import Work


async def suppress(
    work: Work, known: UndeliverableAddress | None, delivery: Delivery, reason: str, status: str
) -> None:
    """Send nothing more to the address of `delivery`; `known` is its locked entry."""
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


async def lift(work: Work, address_id: UUID, reason: LiftReason) -> UndeliverableAddressBody:
    """Send to an address again, at an operator's word. Raises `NotFound`."""
    known = await store.lock_by_id(work.session, address_id)
    if known is None:
        raise NotFound()
    if known.lifted_at is None:
        known.lifted_at, known.lifted_by = work.now, "operator"
    work.journal("undeliverable_address", known.id, Tag.LIFT, {"reason": reason})
    assert work.sealer is not None, "notification holds the private key"
    return UndeliverableAddressBody.of(known, work.sealer)


def journal_list(work: Work, found: Sequence[UUID], *, by_address: bool) -> None:
    """Journal that an officer looked at addresses; which address was searched is not written down."""
    detail = {"by_address": by_address, "undeliverable_address_ids": list(found)}
    work.journal("notification_log", work.actor_id, Tag.SEARCH_ADDRESSES, detail)
