"""Webhooks of the owner, and their log."""

import builtins
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from zairyu_client._async.transport import AsyncTransport, Id
from zairyu_client.models import notification


class AsyncWebhooks:
    """A person adds a webhook at `/account/webhooks`; a client reads its log and has messages sent again."""

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
