"""Webhooks of the owner, and their log."""

import builtins
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any

from zairyu_client._async.transport import AsyncTransport, Id
from zairyu_client.models import notification


class AsyncWebhooks:
    """A client adds, changes and removes webhooks of its own, with the scope `notification:webhooks`; it reads all of
    its owner's, and has their messages sent again.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def types(self) -> builtins.list[notification.TypeBody]:
        """The kinds of messages, with their members."""
        return await self._transport.models(notification.TypeBody, "GET", "/webhooks/types")

    async def list(self) -> builtins.list[notification.WebhookBody]:
        """The webhooks of the owner."""
        return (await self._transport.model(notification.WebhookList, "GET", "/webhooks")).items

    async def get(self, id: Id) -> notification.WebhookBody:
        """One of them."""
        return await self._transport.model(notification.WebhookBody, "GET", "/webhooks/{}", id)

    async def add(self, name: str, url: str, types: Sequence[str] = ()) -> notification.WebhookCreated:
        """Add a webhook, informed of `types` or of everything; its `secret` is shown this once.

        It is not repeated: after `NotReached` see whether `list` has it, and remove one whose secret nobody got.
        """
        body = {"name": name, "url": url, "types": [*types]}
        return await self._transport.model(notification.WebhookCreated, "POST", "/webhooks", json=body, once=True)

    async def change(
        self,
        id: Id,
        *,
        revision: int,
        name: str | None = None,
        url: str | None = None,
        types: Sequence[str] | None = None,
    ) -> notification.WebhookBody:
        """Change what is given. Raises `Changed` where it has another revision by now."""
        given = {"name": name, "url": url, "types": None if types is None else [*types]}
        body = {field: value for field, value in given.items() if value is not None}
        path = "/webhooks/{}"
        return await self._transport.model(notification.WebhookBody, "PATCH", path, id, json=body, revision=revision)

    async def remove(self, id: Id, *, key: str | None = None) -> None:
        """Remove a webhook for good."""
        await self._transport.send("DELETE", "/webhooks/{}", id, key=key)

    async def add_secret(self, id: Id) -> notification.SecretCreated:
        """Replace the secret: for a day messages carry a signature of each. It is not repeated, as `add`."""
        path = "/webhooks/{}/secrets"
        return await self._transport.model(notification.SecretCreated, "POST", path, id, once=True)

    async def end_secret(self, id: Id, secret_id: Id, *, key: str | None = None) -> None:
        """End the earlier secret before its day is over."""
        await self._transport.send("DELETE", "/webhooks/{}/secrets/{}", id, secret_id, key=key)

    async def enable(self, id: Id) -> notification.WebhookBody:
        """Enable a webhook that was stopped; what waits is sent."""
        return await self._transport.model(notification.WebhookBody, "POST", "/webhooks/{}/enable", id)

    async def disable(self, id: Id) -> notification.WebhookBody:
        """Stop a webhook; what happens meanwhile waits."""
        return await self._transport.model(notification.WebhookBody, "POST", "/webhooks/{}/disable", id)

    async def ping(self, id: Id, *, key: str | None = None) -> notification.MessageBody:
        """Send a test message."""
        return await self._transport.model(notification.MessageBody, "POST", "/webhooks/{}/ping", id, key=key)

    def messages(
        self, id: Id, *, state: str | None = None, application_id: Id | None = None, limit: int = 100
    ) -> AsyncIterator[notification.MessageBody]:
        """The log, newest first."""
        query: dict[str, Any] = {"state": state, "application_id": application_id, "limit": limit}
        return self._transport.items(notification.MessageBody, "/webhooks/{}/messages", id, query=query)

    async def message(self, id: Id, message_id: Id) -> notification.MessageDetail:
        """A message with its attempts: request and answer."""
        path = "/webhooks/{}/messages/{}"
        return await self._transport.model(notification.MessageDetail, "GET", path, id, message_id)

    async def send_again(self, id: Id, message_id: Id, *, key: str | None = None) -> notification.MessageBody:
        """Send one message again, under its id."""
        path = "/webhooks/{}/messages/{}/send-again"
        return await self._transport.model(notification.MessageBody, "POST", path, id, message_id, key=key)

    async def send_span_again(
        self, id: Id, since: datetime, until: datetime, *, accepted: bool = False, key: str | None = None
    ) -> int:
        """Send the messages of a time span again, with `accepted` those too that were accepted; their number."""
        body = {"since": since.isoformat(), "until": until.isoformat(), "accepted": accepted}
        path = "/webhooks/{}/send-again"
        return (await self._transport.model(notification.SentAgain, "POST", path, id, json=body, key=key)).count
