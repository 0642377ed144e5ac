"""Handlers of other services' events: each updates the address book and makes the event's messages."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType

from services.notification.address_book.commands.events import (
    KEPT_ALONE,
    erase_closed_account,
    update_address_book,
)
from services.notification.channels.protocol import Channel
from services.notification.messages.catalogue import MESSAGES, WITHOUT_MESSAGE, MessageKind
from services.notification.messages.commands.notify import notify
from shared.events.base import Event
from shared.messaging import Handler
from shared.work import Commands, Work

__all__ = ["WITHOUT_MESSAGE", "handlers"]

AfterCommit = Callable[[Work], None]
_NONE: Mapping[str, Channel] = MappingProxyType({})


def handlers(
    commands: Commands, channels: Mapping[str, Channel] = _NONE, wake: AfterCommit = lambda _: None
) -> dict[type[Event], Handler]:
    """A handler for every event that has messages or is kept. Without channels, the subscriptions can be listed only.

    `wake` gets each command whose commit makes a message due.
    """
    kinds: dict[type[Event], list[MessageKind]] = {event: [] for event in KEPT_ALONE}
    for kind in MESSAGES:
        kinds.setdefault(kind.event, []).append(kind)
    return {event: commands.handler(_handler(of, channels, wake)) for event, of in kinds.items()}


def _handler(
    kinds: Sequence[MessageKind], channels: Mapping[str, Channel], wake: AfterCommit
) -> Callable[[Work, Event], Awaitable[None]]:
    async def handle(work: Work, event: Event) -> None:
        await update_address_book(work, event)
        for kind in kinds:
            if await notify(work, kind, event, channels):
                wake(work)
        await erase_closed_account(work, event)

    return handle
