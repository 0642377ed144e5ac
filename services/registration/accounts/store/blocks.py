"""Blocks that operators set, in force and over."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, Select, and_, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, MappedAsDataclass, mapped_column

from services.registration.accounts.domain.blocks import BlockKind
from services.registration.accounts.store.base import Row, one_of
from shared.db import ReadSession

# The page shows so many; an attack has its addresses in a few networks.
MOST_SHOWN = 500


class Block(MappedAsDataclass, Row, kw_only=True, eq=False, repr=False):
    """A network, an account's sign-in or an API client that is kept out until `ends_at`, or until it is lifted."""

    __tablename__ = "blocks"
    __table_args__ = (
        CheckConstraint(one_of("kind", BlockKind), name="kind"),
        CheckConstraint(
            "(kind = 'network') = (network IS NOT NULL) AND (kind = 'network') = (subject_id IS NULL)", name="subject"
        ),
        CheckConstraint("ends_at > set_at", name="period"),
        CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by IS NULL) AND (lifted_at IS NULL) = (lift_reason IS NULL)", name="lifted"
        ),
        Index("ix_blocks_subject", "subject_id", "ends_at", postgresql_where=text("subject_id IS NOT NULL")),
        Index("ix_blocks_ends_at", "ends_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    network: Mapped[str | None] = mapped_column(default=None)
    subject_id: Mapped[UUID | None] = mapped_column(default=None)
    reason: Mapped[str]
    set_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    set_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    lifted_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), default=None)
    lifted_at: Mapped[datetime | None] = mapped_column(default=None)
    lift_reason: Mapped[str | None] = mapped_column(default=None)


def in_force(now: datetime) -> ColumnElement[bool]:
    """The condition that a block holds at `now`."""
    return and_(Block.ends_at > now, Block.lifted_at.is_(None))


async def block_of(session: ReadSession | AsyncSession, subject_id: UUID, now: datetime) -> Block | None:
    """The block of an account or a client that holds at `now`: the one that ends last."""
    found: Block | None = await session.scalar(
        select(Block).where(Block.subject_id == subject_id, in_force(now)).order_by(Block.ends_at.desc()).limit(1)
    )
    return found


async def is_blocked(
    session: ReadSession | AsyncSession, network: str | None, subject_id: UUID | None, now: datetime
) -> bool:
    """Whether exactly this subject is blocked at `now`."""
    same = Block.network == network if network is not None else Block.subject_id == subject_id
    return await session.scalar(select(Block.id).where(same, in_force(now)).limit(1)) is not None


async def networks(session: ReadSession, now: datetime) -> Sequence[Block]:
    """The networks that are blocked at `now`, in order."""
    found: Sequence[Block] = (
        await session.scalars(
            select(Block).where(Block.kind == BlockKind.NETWORK, in_force(now)).order_by(Block.network, Block.id)
        )
    ).all()
    return found


async def shown(session: ReadSession | AsyncSession, ended_since: datetime) -> Sequence[Block]:
    """Blocks in force, and those that ended since, the newest first."""
    recent = func.coalesce(Block.lifted_at, Block.ends_at) > ended_since
    found: Sequence[Block] = (
        await session.scalars(
            select(Block).where(recent).order_by(Block.set_at.desc(), Block.id.desc()).limit(MOST_SHOWN)
        )
    ).all()
    return found


async def locked_block(session: AsyncSession, block_id: UUID) -> Block | None:
    """A block, locked."""
    return await session.get(Block, block_id, with_for_update=True)


def blocked_clients(now: datetime) -> Select[Any]:
    """The ids of API clients that are blocked at `now`."""
    return select(Block.subject_id).where(Block.kind == BlockKind.CLIENT, in_force(now))
