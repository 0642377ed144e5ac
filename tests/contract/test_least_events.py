"""Each service takes every event that it handles with the least that its model allows."""

from collections.abc import Callable
from typing import Any

import pytest
import structlog
from pydantic import ValidationError

from shared.events import CATALOGUE
from shared.events.base import Event
from tests.guards.sources import WITH_DATABASE
from tests.infra.databases import TestDatabase
from tests.support.service import running

log = structlog.get_logger(__name__)


def least(event: type[Event]) -> Event:
    """The example of an event without what may be left out. All examples are of one application and its account."""
    example, schema = event.example().model_dump(mode="json"), event.model_json_schema()
    made: dict[str, Any] = {name: example[name] for name in schema["required"]}
    return event.model_validate(made)


# A refusal says what the event is about; these say that a handler met what it did not expect.
_SURPRISES = (AssertionError, AttributeError, IndexError, KeyError, TypeError, ValidationError)


@pytest.mark.parametrize("service", WITH_DATABASE)
async def test_the_least_events_are_taken(service: str, service_database: Callable[[str], TestDatabase]) -> None:
    surprised = {}
    store: dict[str, Any] = {"s3_access_key": "unused", "s3_secret_key": "unused"} if service == "document" else {}
    async with running(service, service_database(service), **store) as taking:
        subscribed = [event for event in CATALOGUE if event in taking.app.state.handlers]
        for event in subscribed:
            for delivered in (least(event), event.example()):
                try:
                    await taking.deliver(delivered)
                except _SURPRISES as error:
                    surprised[event.__name__] = repr(error)
                except Exception as error:
                    log.info("test.refused", name=event.__name__, reason=str(error))
    assert not surprised
    assert subscribed
