"""Addresses to which mail does not arrive, and the mails that came back.

An address is known by its keyed hash; sealed beside it, it is shown to operators in part. Both tables are lists that
are erased after their time: what was done is in the journal, without the address.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Index,
    and_,
    delete,
    exists,
    func,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.notification.address_book.store import Row
from services.notification.messages.store import Delivery
from shared.db import ReadSession


class UndeliverableAddress(Row):
    """An address to which mail does not arrive, or did not until it was `lifted_at`."""

    __tablename__ = "undeliverable_addresses"
    __journalled__ = False

    id: Mapped[UUID] = mapped_column(primary_key=True)
    address_key: Mapped[bytes] = mapped_column(unique=True)
    sealed_address: Mapped[str]
    reason: Mapped[str]
    # The status code of the last failure (RFC 3463).
    status: Mapped[str]
    since: Mapped[datetime]
    failures: Mapped[int]
    last_message_id: Mapped[UUID]
    last_failed_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None]
    # The test mail: when the last one was sent, and its link.
    tested_at: Mapped[datetime | None]
    token_digest: Mapped[bytes | None]
    token_expires_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("reason IN ('hard', 'soft')", name="reason"),
        CheckConstraint("lifted_by IN ('reader', 'operator')", name="lifted_by"),
        CheckConstraint("(lifted_at IS NULL) = (lifted_by IS NULL)", name="lifted"),
        CheckConstraint("(token_digest IS NULL) = (token_expires_at IS NULL)", name="token"),
        Index("ix_undeliverable_addresses_since", "since", "id", postgresql_where=text("lifted_at IS NULL")),
        Index("ix_undeliverable_addresses_token", "token_digest", postgresql_where=text("token_digest IS NOT NULL")),
        Index("ix_undeliverable_addresses_last_failed_at", "last_failed_at"),
    )


class ReturnedMail(Row):
    """A mail that came back: one round of a message, once, however often it is reported."""

    __tablename__ = "returned_mails"
    __journalled__ = False

    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    status: Mapped[str]
    source: Mapped[str]
    # None: sent again to another address since, or its content was erased.
    address_key: Mapped[bytes | None]
    reported_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("kind IN ('hard', 'soft')", name="kind"),
        CheckConstraint("source IN ('mailbox', 'provider', 'relay')", name="source"),
        Index("ix_returned_mails_address_key", "address_key", "reported_at"),
        Index("ix_returned_mails_reported_at", "reported_at"),
    )


def is_undeliverable(address_key: ColumnElement[bytes | None] | Any) -> ColumnElement[bool]:
    """The condition for an address to which mail does not arrive."""
    return exists().where(UndeliverableAddress.address_key == address_key, UndeliverableAddress.lifted_at.is_(None))


async def record_return(session: AsyncSession, values: dict[str, Any]) -> bool:
    """Record that a mail came back; False where that is known already."""
    put = insert(ReturnedMail).values(**values).on_conflict_do_nothing().returning(ReturnedMail.message_id)
    return await session.scalar(put) is not None


async def soft_failures(session: ReadSession, keys: Sequence[bytes], since: datetime) -> int:
    """The number of mails to an address that failed for a passing reason since that moment."""
    query = select(func.count()).where(
        ReturnedMail.address_key.in_(keys), ReturnedMail.kind == "soft", ReturnedMail.reported_at > since
    )
    return int(await session.scalar(query) or 0)


async def wait_for_address(session: AsyncSession, key: bytes) -> None:
    """Let failures of mails to one address pass one after the other until the transaction ends: the first one may find
    no entry to lock."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"address:{key.hex()}", 0))))


async def lock_address(session: AsyncSession, keys: Sequence[bytes]) -> UndeliverableAddress | None:
    """The entry of an address, by its hash with each of the keys that are known, locked; that with the key in use, the
    first, before others."""
    query = select(UndeliverableAddress).where(UndeliverableAddress.address_key.in_(keys))
    in_use = UndeliverableAddress.address_key == keys[0]
    found = await session.scalars(query.order_by(in_use.desc()).with_for_update())
    row: UndeliverableAddress | None = found.first()
    return row


async def lock_listed(session: AsyncSession) -> Sequence[UndeliverableAddress]:
    """The addresses to which mail does not arrive now, locked."""
    query = select(UndeliverableAddress).where(UndeliverableAddress.lifted_at.is_(None))
    rows: Sequence[UndeliverableAddress] = (await session.scalars(query.order_by("id").with_for_update())).all()
    return rows


async def follow_key(session: AsyncSession, known: UndeliverableAddress | None, keys: Sequence[bytes]) -> None:
    """Have an address, and messages to it that were made before, known by its hash with the key in use, the first.

    Of two entries that with this hash is the later one: it stays.
    """
    in_use, *earlier = keys
    if earlier:
        await session.execute(update(Delivery).where(Delivery.address_key.in_(earlier)).values(address_key=in_use))
    if known is None or known.address_key == in_use:
        return
    if await session.scalar(select(exists().where(UndeliverableAddress.address_key == in_use))):
        await session.delete(known)
    else:
        known.address_key = in_use
    await session.flush()


async def find_by_id(session: ReadSession, address_id: UUID) -> UndeliverableAddress | None:
    """One entry."""
    query = select(UndeliverableAddress).where(UndeliverableAddress.id == address_id)
    found: UndeliverableAddress | None = await session.scalar(query)
    return found


async def lock_by_id(session: AsyncSession, address_id: UUID) -> UndeliverableAddress | None:
    """One entry, locked."""
    query = select(UndeliverableAddress).where(UndeliverableAddress.id == address_id)
    found: UndeliverableAddress | None = await session.scalar(query.with_for_update())
    return found


async def lock_by_token(session: AsyncSession, digest: bytes, now: datetime) -> UndeliverableAddress | None:
    """The entry whose test mail has that link, locked; None once the link has expired."""
    query = select(UndeliverableAddress).where(
        UndeliverableAddress.token_digest == digest, UndeliverableAddress.token_expires_at > now
    )
    found: UndeliverableAddress | None = await session.scalar(query.with_for_update())
    return found


async def is_open_token(session: ReadSession, digest: bytes, now: datetime) -> bool:
    """Whether a test mail has that link, and it has not expired."""
    one = exists().where(UndeliverableAddress.token_digest == digest, UndeliverableAddress.token_expires_at > now)
    return bool(await session.scalar(select(one)))


async def find_address(session: ReadSession, keys: Sequence[bytes]) -> UndeliverableAddress | None:
    """The entry of an address to which mail does not arrive now."""
    query = select(UndeliverableAddress).where(
        UndeliverableAddress.address_key.in_(keys), UndeliverableAddress.lifted_at.is_(None)
    )
    found = await session.scalars(query.order_by(UndeliverableAddress.since))
    row: UndeliverableAddress | None = found.first()
    return row


async def list_addresses(
    session: ReadSession, keys: Sequence[bytes] | None, after: tuple[Any, ...] | None, limit: int
) -> Sequence[UndeliverableAddress]:
    """Addresses to which mail does not arrive now, newest first; of one address also one that was lifted."""
    query = select(UndeliverableAddress)
    if keys is None:
        query = query.where(UndeliverableAddress.lifted_at.is_(None))
    else:
        query = query.where(UndeliverableAddress.address_key.in_(keys))
    if after is not None:
        query = query.where(tuple_(UndeliverableAddress.since, UndeliverableAddress.id) < after)
    query = query.order_by(UndeliverableAddress.since.desc(), UndeliverableAddress.id.desc()).limit(limit)
    rows: Sequence[UndeliverableAddress] = (await session.scalars(query)).all()
    return rows


async def count_addresses(session: ReadSession) -> int:
    """The number of addresses to which mail does not arrive now."""
    return int(await session.scalar(select(func.count()).where(UndeliverableAddress.lifted_at.is_(None))) or 0)


async def erase_before(session: AsyncSession, before: datetime) -> None:
    """Erase addresses whose last failure, or whose way back, is older, and the list of what came back."""
    await session.execute(delete(ReturnedMail).where(ReturnedMail.reported_at < before))
    await session.execute(
        delete(UndeliverableAddress).where(
            and_(
                UndeliverableAddress.last_failed_at < before,
                or_(UndeliverableAddress.lifted_at.is_(None), UndeliverableAddress.lifted_at < before),
            )
        )
    )
