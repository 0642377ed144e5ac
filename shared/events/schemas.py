"""The exported JSON Schema of every event version: what readers in other languages and older releases rely on."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from shared.events.base import Event

Schema = Mapping[str, Any]

DIRECTORY = Path(__file__).parent / "schemas"


def file_name(event: type[Event]) -> str:
    """The schema's file, one per event version, e.g. `ApplicationSubmitted.v1.json`."""
    return f"{event.event_name()}.v{event.version}.json"


def schema_of(event: type[Event]) -> dict[str, Any]:
    """The event's JSON Schema (2020-12), with its topic and key fields as `x-topic` and `x-key`.

    Its `$id` is the `dataschema` of the envelope.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:zairyu:schema:{event.event_type()}",
        "x-topic": event.topic,
        "x-key": list(event.key_fields),
        **event.model_json_schema(),
        "title": event.event_type(),
    }


def as_text(schema: Schema) -> str:
    """The schema as it is stored: sorted, so that a difference is a change."""
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def load(directory: Path) -> dict[str, dict[str, Any]]:
    """Every schema of a directory by file name."""
    return {path.name: json.loads(path.read_text("utf-8")) for path in sorted(directory.glob("*.json"))}


def texts(catalogue: Iterable[type[Event]]) -> dict[str, str]:
    """The content of the directory, by file name."""
    return {file_name(event): as_text(schema_of(event)) for event in catalogue}
