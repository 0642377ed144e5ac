"""Webhooks, their secrets and their health."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.notification.address_book.store import Application
from services.notification.webhooks.store.tables import Webhook, WebhookHealth, WebhookSecret
from shared.auth import Actor, Owner
from shared.db import ReadSession


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The condition for the webhooks of the organisation or person for which somebody acts, in their roles."""
    owner = Owner.of(actor)
    return and_(Webhook.owner_id == owner.id, Webhook.role.in_(owner.role_codes), Webhook.removed_at.is_(None))


async def listed(session: ReadSession, actor: Actor) -> Sequence[Webhook]:
    """The webhooks that `actor` sees, newest first."""
    query = select(Webhook).where(visible_to(actor)).order_by(Webhook.id.desc())
    rows: Sequence[Webhook] = (await session.scalars(query)).all()
    return rows


async def find(session: ReadSession, actor: Actor, webhook_id: UUID) -> Webhook | None:
    """A webhook that `actor` sees."""
    found: Webhook | None = await session.scalar(select(Webhook).where(visible_to(actor), Webhook.id == webhook_id))
    return found


async def locked(session: AsyncSession, actor: Actor, webhook_id: UUID) -> Webhook | None:
    """The same, locked for a change."""
    query = select(Webhook).where(visible_to(actor), Webhook.id == webhook_id).with_for_update()
    return await session.scalar(query.execution_options(populate_existing=True))


async def locked_each(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, tuple[Webhook, WebhookHealth]]:
    """Webhooks with their health, both locked in one order for all senders."""
    query = (
        select(Webhook, WebhookHealth)
        .join(WebhookHealth, WebhookHealth.webhook_id == Webhook.id)
        .where(Webhook.id.in_(ids))
        .order_by(Webhook.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return {row[0].id: (row[0], row[1]) for row in await session.execute(query)}


async def healed(session: AsyncSession, ids: Sequence[UUID]) -> None:
    """Record that these receivers have accepted something."""
    ill = and_(WebhookHealth.webhook_id.in_(ids), WebhookHealth.failing_since.is_not(None))
    well = {"failing_since": None, "failures": 0, "paused_until": None}
    await session.execute(update(WebhookHealth).where(ill).values(well).execution_options(synchronize_session=False))


async def health(session: ReadSession, ids: Sequence[UUID]) -> dict[UUID, WebhookHealth]:
    """The health of each webhook."""
    rows = await session.scalars(select(WebhookHealth).where(WebhookHealth.webhook_id.in_(ids)))
    return {row.webhook_id: row for row in rows}


async def hearing(session: ReadSession, application_id: UUID, kind: str) -> Sequence[UUID]:
    """The webhooks of an application's owner, in the role in which it was filed, that are informed of events of this
    kind. A disabled one too: what happens meanwhile waits for it."""
    every = Webhook.types == []
    query = (
        select(Webhook.id)
        .join(Application, and_(Application.owner_id == Webhook.owner_id, Application.role == Webhook.role))
        .where(
            Application.application_id == application_id,
            Webhook.removed_at.is_(None),
            or_(every, Webhook.types.contains([kind])),
        )
    )
    rows: Sequence[UUID] = (await session.scalars(query)).all()
    return rows


def of_account(account_id: UUID, organisation_id: UUID | None = None, role: str | None = None) -> ColumnElement[bool]:
    """The condition for the webhooks for which an account answers; with `role`, those of one membership."""
    answered = Webhook.account_id == account_id
    if role is None:
        return answered
    return and_(answered, Webhook.role == role, Webhook.organisation_id.is_not_distinct_from(organisation_id))


def of_client(client_id: UUID) -> ColumnElement[bool]:
    """The condition for the webhooks that an API client added."""
    return Webhook.client_id == client_id


async def enabled(session: AsyncSession, condition: ColumnElement[bool]) -> Sequence[Webhook]:
    """The enabled webhooks with that condition, locked."""
    query = select(Webhook).where(condition, Webhook.disabled_at.is_(None), Webhook.removed_at.is_(None))
    return (await session.scalars(query.order_by(Webhook.id).with_for_update())).all()


async def secrets(session: AsyncSession, webhook_id: UUID, now: datetime) -> Sequence[WebhookSecret]:
    """The secrets that sign messages now, newest first."""
    query = select(WebhookSecret).where(
        WebhookSecret.webhook_id == webhook_id, or_(WebhookSecret.ends_at.is_(None), WebhookSecret.ends_at > now)
    )
    return (await session.scalars(query.order_by(WebhookSecret.created_at.desc(), WebhookSecret.id.desc()))).all()


async def secrets_of(session: ReadSession, ids: Sequence[UUID], now: datetime) -> dict[UUID, list[Any]]:
    """For each webhook the secrets that sign messages now, newest first."""
    query = select(WebhookSecret).where(
        WebhookSecret.webhook_id.in_(ids), or_(WebhookSecret.ends_at.is_(None), WebhookSecret.ends_at > now)
    )
    found: dict[UUID, list[Any]] = {each: [] for each in ids}
    for row in await session.scalars(query.order_by(WebhookSecret.created_at.desc(), WebhookSecret.id.desc())):
        found[row.webhook_id].append(row)
    return found
