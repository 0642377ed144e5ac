"""Every event of the catalogue has a producer and a consumer, or a stated reason for having none yet."""

import re
from functools import cache
from importlib import import_module

import pytest

from services.notification.messages.catalogue import WITHOUT_MESSAGE
from shared.events import CATALOGUE, TOPICS
from shared.events.base import Event
from shared.events.table import sentences
from tests.guards.sources import ROOT, WITH_DATABASE, names, python_files

# Events that are described already but whose procedures are not built: an entry goes when its producer comes.
NOT_EMITTED_YET: dict[str, str] = {}


def _emitted(event: type[Event]) -> bool:
    owner = ROOT / "services" / event.topic.split(".")[0]
    return any(event.__name__ in names(path) for path in python_files(f"services/{owner.name}") if _emits(path.name))


def _emits(file: str) -> bool:
    return file not in {"handlers.py", "templates.py"}


@pytest.mark.parametrize("event", CATALOGUE, ids=lambda event: event.__name__)
def test_every_event_has_a_producer_or_a_reason(event: type[Event]) -> None:
    assert _emitted(event) != (event.__name__ in NOT_EMITTED_YET), (
        f"{event.__name__}: emit it in services/{event.topic.split('.')[0]}, or say in NOT_EMITTED_YET why not;"
        " an event that is emitted has no entry there"
    )


@pytest.mark.parametrize("event", CATALOGUE, ids=lambda event: event.__name__)
def test_every_event_is_handled_or_has_a_reason_for_no_message(event: type[Event]) -> None:
    handled = {name for service in WITH_DATABASE for name in _subscribed(service)}
    assert event.__name__ in handled or event in WITHOUT_MESSAGE, (
        f"{event.__name__}: handle it in the handlers.py of a service, or say in WITHOUT_MESSAGE"
        " (services/notification/messages/catalogue.py) why nobody is informed"
    )


@cache
def _subscribed(service: str) -> set[str]:
    handlers = import_module(f"services.{service}.handlers").handlers
    return {event.__name__ for event in handlers(_Nobody())}


class _Nobody:
    """Stands where a service's `Commands` would: subscriptions can be listed without a database."""

    def handler(self, fn: object) -> object:
        return fn


def test_every_topic_belongs_to_a_service() -> None:
    assert {topic.split(".")[0] for topic in TOPICS} == set(WITH_DATABASE)


@pytest.mark.parametrize("event", CATALOGUE, ids=lambda event: event.__name__)
def test_every_event_names_the_services_that_handle_it(event: type[Event]) -> None:
    _, _, needed_by = sentences(event)
    stated = {service for service in WITH_DATABASE if re.search(rf"\b{service}\b", needed_by)}
    handling = {service for service in WITH_DATABASE if event.__name__ in _subscribed(service)}
    assert stated == handling, f"{event.__name__}: `For:` in its docstring names other services"
