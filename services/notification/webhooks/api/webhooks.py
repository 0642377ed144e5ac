"""HTTP: add, change, enable, disable and remove webhooks, and their secrets."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.notification.webhooks.api.callers import Manager, PersonOrSystem
from services.notification.webhooks.catalogue import KINDS
from services.notification.webhooks.commands import webhooks
from services.notification.webhooks.schemas import (
    SecretCreated,
    TypeBody,
    WebhookBody,
    WebhookChange,
    WebhookCreated,
    WebhookInput,
    WebhookList,
)
from shared.http import IfMatch, Words, etag, expect
from shared.http.commands import EachTime, OnceIfKeyed
from shared.service import CurrentRuntime

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"])


@router.get("/types")
async def types(caller: PersonOrSystem) -> list[TypeBody]:
    """The events of which a webhook can be informed."""
    common = ["application_id", "receipt_number", "link"]
    return [TypeBody(type=kind.code, name=Words.of(kind.name), fields=[*common, *kind.fields]) for kind in KINDS]


@router.get("")
async def list_webhooks(caller: PersonOrSystem, runtime: CurrentRuntime) -> WebhookList:
    """The webhooks of the organisation or person in the roles of the caller."""
    async with runtime.db.read() as session:
        return await webhooks.list_webhooks(session, caller, runtime.clock.now())


@router.post("", status_code=201)
async def add(request: Request, body: WebhookInput, caller: Manager, run: EachTime) -> WebhookCreated:
    """Add a webhook. Its secret is shown this once; who answers for it is informed by mail."""
    loopback = request.app.state.webhook_loopback
    return await run(webhooks.add, webhooks.NewWebhook(body.name, body.url, body.types, body.role, loopback))


@router.get("/{webhook_id}")
async def read(webhook_id: UUID, caller: PersonOrSystem, runtime: CurrentRuntime, response: Response) -> WebhookBody:
    """One webhook."""
    async with runtime.db.read() as session:
        found = await webhooks.read(session, caller, runtime.clock.now(), webhook_id)
    response.headers["ETag"] = etag(found.revision)
    return found


@router.patch("/{webhook_id}")
async def change(
    request: Request,
    webhook_id: UUID,
    body: WebhookChange,
    caller: Manager,
    response: Response,
    run: EachTime,
    if_match: IfMatch = None,
) -> WebhookBody:
    """Change the name, the address or the events."""
    wanted = webhooks.Change(body.name, body.url, body.types, request.app.state.webhook_loopback)
    changed = await run(webhooks.change, webhook_id, wanted, lambda revision: expect(revision, if_match))
    response.headers["ETag"] = etag(changed.revision)
    return changed


@router.delete("/{webhook_id}", status_code=204)
async def remove(webhook_id: UUID, caller: Manager, once: OnceIfKeyed) -> None:
    """Remove a webhook for good; nothing more is sent to it."""
    await once(webhooks.remove, webhook_id)


@router.post("/{webhook_id}/secrets", status_code=201)
async def add_secret(webhook_id: UUID, caller: Manager, run: EachTime) -> SecretCreated:
    """Replace the secret. The new one is shown this once; for a day messages carry a signature of each."""
    return await run(webhooks.add_secret, webhook_id)


@router.delete("/{webhook_id}/secrets/{secret_id}", status_code=204)
async def end_secret(webhook_id: UUID, secret_id: UUID, caller: Manager, once: OnceIfKeyed) -> None:
    """End a secret that was replaced before its day is over."""
    await once(webhooks.end_secret, webhook_id, secret_id)


@router.post("/{webhook_id}/enable")
async def enable(request: Request, webhook_id: UUID, caller: Manager, run: EachTime) -> WebhookBody:
    """Enable a webhook; what waits is sent. The caller answers for it from now on."""
    enabled = await run(webhooks.enable, webhook_id)
    request.app.state.webhook_sender.wake()
    return enabled


@router.post("/{webhook_id}/disable")
async def disable(webhook_id: UUID, caller: Manager, run: EachTime) -> WebhookBody:
    """Stop a webhook until it is enabled again; what happens meanwhile waits."""
    return await run(webhooks.disable, webhook_id)
