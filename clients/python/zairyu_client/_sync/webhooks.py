# Generated from zairyu_client/_async by `python -m tests.clients`.
"""Webhooks of the owner, and their log."""

import builtins
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from zairyu_client._sync.transport import Id, Transport
from zairyu_client.models import notification


class Webhooks:
    """A person adds a webhook at `/account/webhooks`; a client reads its log and has messages sent again."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def types(self) -> builtins.list[notification.TypeBody]:
        """The kinds of messages, with their members."""
        return self._transport.models(notification.TypeBody, "GET", "/webhooks/types")

    def list(self) -> builtins.list[notification.WebhookBody]:
        """The webhooks of the owner."""
        return (self._transport.model(notification.WebhookList, "GET", "/webhooks")).items

    def get(self, id: Id) -> notification.WebhookBody:
        """One of them."""
        return self._transport.model(notification.WebhookBody, "GET", "/webhooks/{}", id)

    def ping(self, id: Id, *, key: str | None = None) -> notification.MessageBody:
        """Send a test message."""
        return self._transport.model(notification.MessageBody, "POST", "/webhooks/{}/ping", id, key=key)

    def messages(
        self, id: Id, *, state: str | None = None, application_id: Id | None = None, limit: int = 100
    ) -> Iterator[notification.MessageBody]:
        """The log, newest first."""
        query: dict[str, Any] = {"state": state, "application_id": application_id, "limit": limit}
        return self._transport.items(notification.MessageBody, "/webhooks/{}/messages", id, query=query)

    def message(self, id: Id, message_id: Id) -> notification.MessageDetail:
        """A message with its attempts: request and answer."""
        path = "/webhooks/{}/messages/{}"
        return self._transport.model(notification.MessageDetail, "GET", path, id, message_id)

    def send_again(self, id: Id, message_id: Id, *, key: str | None = None) -> notification.MessageBody:
        """Send one message again, under its id."""
        path = "/webhooks/{}/messages/{}/send-again"
        return self._transport.model(notification.MessageBody, "POST", path, id, message_id, key=key)

    def send_span_again(
        self, id: Id, since: datetime, until: datetime, *, accepted: bool = False, key: str | None = None
    ) -> int:
        """Send the messages of a time span again, with `accepted` those too that were accepted; their number."""
        body = {"since": since.isoformat(), "until": until.isoformat(), "accepted": accepted}
        path = "/webhooks/{}/send-again"
        return (self._transport.model(notification.SentAgain, "POST", path, id, json=body, key=key)).count
