"""Every event of the catalogue: named, documented, readable, free of clear text where it must be sealed."""

from uuid import UUID

import pytest
from pydantic import ValidationError

from shared.events import CATALOGUE, by_type
from shared.events.application import ApplicationSubmitted
from shared.events.base import Event
from shared.events.document import DocumentAccepted
from shared.events.fields import Recipient
from shared.events.table import sentences


def _concrete(event: type[Event]) -> list[type[Event]]:
    below = event.__subclasses__()
    return [event] if not below else [found for each in below for found in _concrete(each)]


@pytest.mark.parametrize("event", CATALOGUE, ids=lambda event: event.__name__)
def test_an_event_is_on_the_topic_of_the_service_whose_module_has_it(event: type[Event]) -> None:
    """`registration.py` and `registration_drafts.py` belong to registration. A topic that changes breaks the schema."""
    owner = event.__module__.rpartition(".")[2].partition("_")[0]
    assert event.topic == f"{owner}.events"


def test_every_event_model_is_in_the_catalogue_once() -> None:
    # Some have two bases, and are found below each.
    package = {event for event in _concrete(Event) if event.__module__.startswith("shared.events.")}
    missing = {event.__name__ for event in package} - {event.__name__ for event in CATALOGUE}
    assert not missing, f"add to the EVENTS at the end of their modules: {missing}"
    assert sorted(e.event_type() for e in CATALOGUE) == sorted(e.event_type() for e in package)
    assert len({e.event_type() for e in CATALOGUE}) == len(CATALOGUE)


def test_an_event_is_found_by_its_type_and_a_strange_type_is_refused() -> None:
    assert by_type("zairyu.ApplicationSubmitted.v1") is ApplicationSubmitted
    with pytest.raises(KeyError):
        by_type("zairyu.ApplicationSubmitted.v9")


@pytest.mark.parametrize("event", CATALOGUE, ids=lambda event: event.__name__)
def test_an_event_survives_its_json_and_is_immutable(event: type[Event]) -> None:
    example = event.example()
    assert event.model_validate_json(example.model_dump_json()) == example
    assert isinstance(example.key, UUID)
    assert hash(example) == hash(event.example())
    with pytest.raises(ValidationError, match="frozen"):
        setattr(example, next(iter(event.model_fields)), None)


@pytest.mark.parametrize("event", CATALOGUE, ids=lambda event: event.__name__)
def test_a_reader_ignores_fields_it_does_not_know(event: type[Event]) -> None:
    newer = event.example().model_dump(mode="json") | {"from_the_future": {"a": [1]}}
    assert event.model_validate(newer) == event.example()


@pytest.mark.parametrize("event", CATALOGUE, ids=lambda event: event.__name__)
def test_an_event_says_what_happened_who_emits_it_and_who_needs_it(event: type[Event]) -> None:
    what, by, to = sentences(event)
    assert what.endswith(".")
    assert by.removeprefix("By: ").startswith(event.topic.split(".", maxsplit=1)[0])
    assert to.endswith(".")  # tests/guards/test_events.py holds the services it names to those that handle it


@pytest.mark.parametrize("event", CATALOGUE, ids=lambda event: event.__name__)
def test_every_field_of_an_event_is_described(event: type[Event]) -> None:
    schema = event.model_json_schema()
    for model in (schema, *schema.get("$defs", {}).values()):
        for name, part in model["properties"].items():
            leaf = next(iter(part.get("anyOf", ())), part)
            described = "description" in leaf or "$ref" in leaf or leaf.get("type") == "array"
            assert described, f"{event.__name__}.{name} needs a description"


def test_an_address_in_clear_is_refused() -> None:
    with pytest.raises(ValidationError, match="sealed_address"):
        Recipient(sealed_address="hanako@example.jp", language="ja")


def test_a_time_without_zone_is_refused_and_any_zone_becomes_utc() -> None:
    with pytest.raises(ValidationError, match="timezone"):
        ApplicationSubmitted.example(submitted_at="2026-07-01T10:23:45")
    tokyo = ApplicationSubmitted.example(submitted_at="2026-07-01T10:23:45+09:00")
    assert tokyo == ApplicationSubmitted.example(submitted_at="2026-07-01T01:23:45Z")
    assert '"2026-07-01T01:23:45Z"' in tokyo.model_dump_json()


def test_files_of_one_application_share_a_key_and_a_loose_file_is_its_own() -> None:
    attached = DocumentAccepted.example()
    loose = DocumentAccepted.example(application_id=None)
    assert attached.key == attached.application_id
    assert loose.key == loose.document_id
