"""Handlers of events: each updates the address book, makes the event's messages, and has webhooks informed."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType

from services.notification.address_book.commands.events import (
    KEPT_ALONE,
    erase_closed_account,
    update_address_book,
)
from services.notification.address_book.commands.rebuilding import PROJECTIONS
from services.notification.channels.protocol import Channel
from services.notification.messages.catalogue import MESSAGES, WITHOUT_MESSAGE, MessageKind
from services.notification.messages.commands.notify import notify
from services.notification.webhooks.commands.inform import EVENTS as FOR_WEBHOOKS
from shared.counting import keep_counts
from shared.events.application import ApplicationEventsCounted
from shared.events.base import Event
from shared.events.notification import NotificationEventsCounted
from shared.events.registration import RegistrationEventsCounted
from shared.events.review import ReviewEventsCounted
from shared.messaging import BatchHandler, Handler
from shared.rebuilding import following
from shared.work import Commands, Work

__all__ = ["WITHOUT_MESSAGE", "handlers"]

AfterCommit = Callable[[Work], None]
InformWebhooks = Callable[[Work, Event], Awaitable[None]]
_NONE: Mapping[str, Channel] = MappingProxyType({})

# Counts of the events that are taken here: nobody is informed.
_COUNTED = (RegistrationEventsCounted, ApplicationEventsCounted, ReviewEventsCounted, NotificationEventsCounted)


async def _no_webhooks(work: Work, event: Event) -> None:
    """Nobody is informed: the subscriptions are listed only."""


def handlers(
    commands: Commands,
    channels: Mapping[str, Channel] = _NONE,
    wake: AfterCommit = lambda _: None,
    webhooks: InformWebhooks = _no_webhooks,
) -> dict[type[Event], Handler | BatchHandler]:
    """A handler for every event that has messages, is kept or concerns webhooks.

    Without channels, the subscriptions can be listed only.

    `wake` gets each command whose commit makes a message due.
    """
    kinds: dict[type[Event], list[MessageKind]] = {event: [] for event in (*KEPT_ALONE, *FOR_WEBHOOKS)}
    for kind in MESSAGES:
        kinds.setdefault(kind.event, []).append(kind)
    informing = {event: commands.handler(_handler(of, channels, wake, webhooks)) for event, of in kinds.items()}
    own: dict[type[Event], Handler | BatchHandler] = {
        **informing,
        **{event: commands.handler(keep_counts) for event in _COUNTED},
    }
    return following(commands, own, *PROJECTIONS)


def _handler(
    kinds: Sequence[MessageKind], channels: Mapping[str, Channel], wake: AfterCommit, webhooks: InformWebhooks
) -> Callable[[Work, Event], Awaitable[None]]:
    async def handle(work: Work, event: Event) -> None:
        await update_address_book(work, event)
        for kind in kinds:
            if await notify(work, kind, event, channels):
                wake(work)
        await webhooks(work, event)
        await erase_closed_account(work, event)

    return handle
