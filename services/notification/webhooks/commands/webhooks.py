"""Adding, changing, enabling, disabling and removing webhooks, and their secrets."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.notification.audit import Tag
from services.notification.webhooks.commands.inform import stop
from services.notification.webhooks.domain.addresses import WANTED, webhook_url
from services.notification.webhooks.domain.signature import MOST_SECRETS, REPLACED_AFTER, SECRET_BYTES, secret_text
from services.notification.webhooks.problems import AnothersWebhook, RegistrationOver, TooManyWebhooks, TwoSecrets
from services.notification.webhooks.schemas import (
    Nothing,
    SecretBody,
    SecretCreated,
    WebhookBody,
    WebhookCreated,
    WebhookList,
)
from services.notification.webhooks.store import messages, webhooks
from services.notification.webhooks.store.tables import Webhook, WebhookHealth, WebhookSecret
from shared.auth import Actor, Owner, Role
from shared.db import ReadSession
from shared.errors import FieldProblem, Invalid, NotFound, Text
from shared.events.notification import WebhookAdded
from shared.ids import new_id
from shared.work import Work

MOST_WEBHOOKS = 10
_MOST_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """A webhook as it is to be added. `loopback` allows addresses of this machine."""

    name: str
    url: str
    types: Sequence[str]
    role: Role | None
    loopback: bool


@dataclass(frozen=True, slots=True)
class Change:
    """The changes; None: as it is."""

    name: str | None
    url: str | None
    types: Sequence[str] | None
    loopback: bool


async def add(work: Work, new: NewWebhook) -> WebhookCreated:
    """Add a webhook for the organisation or person for which the caller acts. The caller answers for it from now on, or
    the account that registered the caller.

    Raises `Invalid`, `RegistrationOver` or `TooManyWebhooks`.
    """
    _require_registration(work.actor)
    url = _url(new.url, new.loopback)
    owner, role = Owner.of(work.actor), _role(work.actor, new.role)
    if len(await webhooks.listed(work.session, work.actor)) >= MOST_WEBHOOKS:
        raise TooManyWebhooks()
    webhook = Webhook(
        id=new_id(),
        owner_id=owner.id,
        organisation_id=work.actor.organisation_id,
        role=role.value,
        account_id=_account_id(work.actor),
        client_id=work.actor.client_id,
        name=new.name,
        url=url,
        types=sorted(set(new.types)),
        created_at=work.now,
        enabled_at=work.now,
        disabled_at=None,
        disabled_reason=None,
        removed_at=None,
        revision=1,
    )
    work.session.add(webhook)
    await work.session.flush()
    work.session.add(WebhookHealth(webhook_id=webhook.id, failing_since=None, failures=0, paused_until=None))
    shown = _new_secret(work, webhook)
    work.journal("webhook", webhook.id, Tag.WEBHOOK_ADD)
    work.emit(
        WebhookAdded(
            webhook_id=webhook.id,
            account_id=webhook.account_id,
            organisation_id=webhook.organisation_id,
            role=webhook.role,
            sealed_name=work.seal(webhook.name),
            added_at=work.now,
        )
    )
    await work.session.flush()
    (body,) = await _bodies(work.session, [webhook], work.now)
    return WebhookCreated(**body.model_dump(), secret=shown)


async def change(work: Work, webhook_id: UUID, wanted: Change, same_version: Callable[[int], None]) -> WebhookBody:
    """Change name, address or events. Raises `NotFound`, `Invalid`, `RegistrationOver`, or what `same_version` does."""
    _require_registration(work.actor)
    webhook = await _locked(work, webhook_id)
    same_version(webhook.revision)
    if wanted.name is not None:
        webhook.name = wanted.name
    if wanted.url is not None:
        webhook.url = _url(wanted.url, wanted.loopback)
    if wanted.types is not None:
        webhook.types = sorted(set(wanted.types))
    webhook.revision += 1
    work.journal("webhook", webhook.id, Tag.WEBHOOK_CHANGE)
    return await _body(work, webhook)


async def add_secret(work: Work, webhook_id: UUID) -> SecretCreated:
    """Replace the secret: a new one signs from now on, the earlier one beside it for a day.

    Raises `NotFound`, or `TwoSecrets` while the one before has not ended.
    """
    webhook = await _locked(work, webhook_id)
    known = await webhooks.secrets(work.session, webhook.id, work.now)
    if len(known) >= MOST_SECRETS:
        raise TwoSecrets()
    ends_at = work.now + REPLACED_AFTER
    for secret in known:
        secret.ends_at = ends_at
    shown = _new_secret(work, webhook)
    webhook.revision += 1
    work.journal("webhook", webhook.id, Tag.WEBHOOK_SECRET_ADD)
    return SecretCreated(webhook_id=webhook.id, secret=shown, earlier_ends_at=ends_at if known else None)


async def end_secret(work: Work, webhook_id: UUID, secret_id: UUID) -> Nothing:
    """End a secret that was replaced before its day is over. Raises `NotFound`, also for the one that stays."""
    webhook = await _locked(work, webhook_id)
    for secret in await webhooks.secrets(work.session, webhook.id, work.now):
        if secret.id == secret_id and secret.ends_at is not None:
            secret.ends_at = work.now
            webhook.revision += 1
            work.journal("webhook", webhook.id, Tag.WEBHOOK_SECRET_END, {"secret_id": secret_id})
            return Nothing()
    raise NotFound()


async def enable(work: Work, webhook_id: UUID) -> WebhookBody:
    """Enable a webhook; the caller answers for it from now on, and what waits is sent. Enabled already, it stays."""
    _require_registration(work.actor)
    webhook = await _locked(work, webhook_id)
    if webhook.disabled_at is not None:
        webhook.disabled_at = webhook.disabled_reason = None
        webhook.enabled_at = work.now
        webhook.account_id = _account_id(work.actor)
        webhook.revision += 1
        work.journal("webhook", webhook.id, Tag.WEBHOOK_ENABLE)
        await webhooks.healed(work.session, [webhook.id])
    return await _body(work, webhook)


async def disable(work: Work, webhook_id: UUID) -> WebhookBody:
    """Stop a webhook until it is enabled; what happens meanwhile waits. Stopped already, it stays."""
    webhook = await _locked(work, webhook_id)
    if webhook.disabled_at is None:
        stop(work, webhook, "by-owner")
    return await _body(work, webhook)


async def remove(work: Work, webhook_id: UUID) -> Nothing:
    """Remove a webhook for good; a job erases its messages. Raises `NotFound`."""
    webhook = await _locked(work, webhook_id)
    webhook.removed_at = work.now
    webhook.revision += 1
    work.journal("webhook", webhook.id, Tag.WEBHOOK_REMOVE)
    return Nothing()


async def list_webhooks(session: ReadSession, actor: Actor, now: datetime) -> WebhookList:
    """The webhooks that `actor` sees, newest first."""
    return WebhookList(items=await _bodies(session, await webhooks.listed(session, actor), now))


async def read(session: ReadSession, actor: Actor, now: datetime, webhook_id: UUID) -> WebhookBody:
    """One webhook. Raises `NotFound`."""
    (body,) = await _bodies(session, [await seen(session, actor, webhook_id)], now)
    return body


async def seen(session: ReadSession, actor: Actor, webhook_id: UUID) -> Webhook:
    """A webhook that `actor` sees. Raises `NotFound`."""
    webhook = await webhooks.find(session, actor, webhook_id)
    if webhook is None:
        raise NotFound()
    return webhook


async def _locked(work: Work, webhook_id: UUID) -> Webhook:
    webhook = await webhooks.locked(work.session, work.actor, webhook_id)
    if webhook is None:
        raise NotFound()
    if work.actor.kind == "client" and webhook.client_id != work.actor.client_id:
        raise AnothersWebhook()
    return webhook


def _account_id(actor: Actor) -> UUID:
    assert actor.account_id is not None
    return actor.account_id


def _require_registration(actor: Actor) -> None:
    if actor.lapsed:
        raise RegistrationOver()


def _role(actor: Actor, wanted: Role | None) -> Role:
    role = wanted or (next(iter(actor.roles)) if len(actor.roles) == 1 else None)
    if role is None or role not in actor.roles:
        text = Text("このセッションの利用者区分を1つ選んでください", "Choose one of the roles of this session")
        raise Invalid(fields=[FieldProblem("/role", "role-not-held", text)])
    return role


def _url(text: str, loopback: bool) -> str:
    try:
        return webhook_url(text, loopback=loopback)
    except ValueError as error:
        raise Invalid(fields=[FieldProblem("/url", "webhook-url", WANTED)]) from error


def _new_secret(work: Work, webhook: Webhook) -> str:
    shown = secret_text(secrets.token_bytes(SECRET_BYTES))
    row = WebhookSecret(
        id=new_id(), webhook_id=webhook.id, sealed_secret=work.seal(shown), created_at=work.now, ends_at=None
    )
    work.session.add(row)
    return shown


async def _body(work: Work, webhook: Webhook) -> WebhookBody:
    await work.session.flush()
    (body,) = await _bodies(work.session, [webhook], work.now)
    return body


async def _bodies(session: ReadSession, found: Sequence[Webhook], now: datetime) -> list[WebhookBody]:
    ids = [webhook.id for webhook in found]
    health = await webhooks.health(session, ids)
    secrets_of = await webhooks.secrets_of(session, ids, now)
    waiting = await messages.counts(session, ids, _MOST_COUNTED)
    return [
        WebhookBody(
            id=webhook.id,
            name=webhook.name,
            url=webhook.url,
            types=webhook.types,
            role=Role(webhook.role),
            account_id=webhook.account_id,
            client_id=webhook.client_id,
            created_at=webhook.created_at,
            disabled_at=webhook.disabled_at,
            disabled_reason=webhook.disabled_reason,
            failing_since=health[webhook.id].failing_since,
            waiting=waiting[webhook.id],
            secrets=[
                SecretBody(id=each.id, created_at=each.created_at, ends_at=each.ends_at)
                for each in secrets_of[webhook.id]
            ],
            revision=webhook.revision,
        )
        for webhook in found
    ]
