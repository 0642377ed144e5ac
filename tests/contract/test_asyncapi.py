"""docs/asyncapi.yaml and docs/events.md are current, and the AsyncAPI document holds together."""

from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from shared.events import CATALOGUE, TOPICS, __main__

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DOCS / "asyncapi.yaml").read_text("utf-8"))
    return loaded


@pytest.mark.parametrize("what", ["asyncapi", "docs"])
def test_the_page_is_what_the_models_say(what: str) -> None:
    assert __main__.main([what, "--check"]) == 0, f"run `python -m shared.events {what}`"


def test_the_document_has_the_parts_that_asyncapi_3_asks_for(document: dict[str, Any]) -> None:
    assert document["asyncapi"] == "3.0.0"
    assert document["info"].keys() >= {"title", "version"}
    allowed = {"asyncapi", "id", "info", "servers", "defaultContentType", "channels", "operations", "components"}
    assert document.keys() <= allowed
    assert {channel["address"] for channel in document["channels"].values()} == set(TOPICS)
    for operation in document["operations"].values():
        assert operation["action"] in ("send", "receive")
        channel = operation["channel"]["$ref"]
        assert all(message["$ref"].startswith(f"{channel}/messages/") for message in operation["messages"])


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    references = list(_references(document))
    assert len(references) > len(CATALOGUE)
    for reference in references:
        target: Any = document
        for step in reference.removeprefix("#/").split("/"):
            target = target[step]
        assert isinstance(target, dict)


def test_every_event_is_a_message_whose_example_fits_its_schema(document: dict[str, Any]) -> None:
    messages = document["components"]["messages"]
    assert {message["name"] for message in messages.values()} == {event.event_type() for event in CATALOGUE}
    for message in messages.values():
        root = {"components": document["components"], "$ref": message["payload"]["$ref"]}
        jsonschema_rs.Draft202012Validator(root).validate(message["examples"][0]["payload"])


def _references(part: Any) -> Any:
    if isinstance(part, dict):
        for name, value in part.items():
            if name == "$ref":
                yield value
            else:
                yield from _references(value)
    elif isinstance(part, list):
        for each in part:
            yield from _references(each)
