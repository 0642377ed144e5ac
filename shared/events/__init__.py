"""The catalogue of domain events: one model per event, one topic per owner. See docs/events.md.

Each module of an owner ends with its events; who sends or receives one imports it from there.
`python -m shared.events export|asyncapi|docs [--check]` writes (or compares) what is generated from the models.
"""

from shared.events import (
    application,
    document,
    notification,
    registration,
    registration_drafts,
    registration_snapshots,
    review,
    review_allocation,
    review_snapshots,
)
from shared.events.base import Event

CATALOGUE: tuple[type[Event], ...] = (
    registration_drafts.EVENTS
    + registration.EVENTS
    + registration_snapshots.EVENTS
    + document.EVENTS
    + application.EVENTS
    + review.EVENTS
    + review_allocation.EVENTS
    + review_snapshots.EVENTS
    + notification.EVENTS
)
TOPICS: tuple[str, ...] = tuple(dict.fromkeys(event.topic for event in CATALOGUE))

_BY_TYPE = {event.event_type(): event for event in CATALOGUE}


def by_type(event_type: str) -> type[Event]:
    """The model of `event_type` (`zairyu.ApplicationSubmitted.v1`); KeyError where the catalogue has none."""
    return _BY_TYPE[event_type]
