"""Handlers of events: one function for each event type, one event or many at a time."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from shared.events.base import Event
from shared.messaging.authenticity import EventKeys, Refused
from shared.messaging.envelope import Envelope, Undecodable, decode
from shared.messaging.message import Received

Delivery = tuple[Envelope, Event]
Handler = Callable[[AsyncSession, Envelope, Event], Awaitable[None]]
TakeBatch = Callable[[AsyncSession, Sequence[Delivery]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class BatchHandler:
    """A handler that takes many events at once, in order; one by one when a batch failed."""

    take: TakeBatch


Handlers = Mapping[type[Event], Handler | BatchHandler]


class Item(NamedTuple):
    """A received message that concerns us: opened, or with the reason why it could not be."""

    received: Received
    envelope: Envelope | None = None
    event: Event | None = None
    error: Undecodable | Refused | None = None

    @property
    def id(self) -> UUID | None:
        return self.envelope.id if self.envelope else None

    @property
    def refused(self) -> Refused | None:
        """The reason for which nothing in it may be believed, not even its id and key."""
        return self.error if isinstance(self.error, Refused) else None


class Dispatch:
    """Opens messages that are authentic and gives events to their handlers. `returned` counts the handlers' returns."""

    def __init__(self, handlers: Handlers, keys: EventKeys) -> None:
        self._handlers = dict(handlers)
        self._keys = keys
        self._models = {model.event_type(): model for model in handlers}
        self.returned = 0

    def open(self, received: Received, oldest: datetime | None = None) -> Item | None:
        """The event in `received`; None where nobody here handles its type, which is no error.

        What is not authentic, or older than `oldest`, is not decoded: its item says why it was refused.
        """
        kind = received.header("ce_type")
        if kind is not None and kind not in self._models:
            return None
        headers = dict(received.headers)
        try:
            if kind is not None and self._models[kind].topic != received.topic:
                raise Refused("wrong-topic", f"{kind} travels on {self._models[kind].topic}")
            self._keys.check(received, headers)
            envelope, event = decode(received, self._models.__getitem__, headers)
            if oldest is not None and envelope.time < oldest:
                raise Refused("stale", "older than what the inbox remembers: it may have had its effect before")
        except (Undecodable, Refused) as error:
            return Item(received, error=error)
        return Item(received, envelope, event)

    async def handle(self, session: AsyncSession, deliveries: Sequence[Delivery]) -> None:
        """Give each event to its handler, in order; a batch handler takes a run of its own events at once."""
        for handler, run in groupby(deliveries, key=lambda delivery: self._handlers[type(delivery[1])]):
            if isinstance(handler, BatchHandler):
                await handler.take(session, list(run))
                self.returned += 1
            else:
                for envelope, event in run:
                    await handler(session, envelope, event)
                    self.returned += 1
