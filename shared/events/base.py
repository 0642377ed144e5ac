"""The base of every domain event: a frozen model with a name, a version, a topic and a key."""

from functools import cache, cached_property
from typing import Any, ClassVar, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A value inside an event. Unknown fields are ignored, so that an older reader survives newer data."""

    model_config = ConfigDict(frozen=True, extra="ignore")


def key_of(part: Part, fields: tuple[str, ...]) -> UUID:
    """The first of the fields that has a value. Raises `ValueError` where none has."""
    for name in fields:
        value: UUID | None = getattr(part, name)
        if value is not None:
            return value
    raise ValueError(f"{type(part).__name__} carries none of its key fields {fields}")


class Event(Part):
    """Something that happened and that another service needs to know.

    A subclass sets `topic` and `key_fields`. Its docstring has three parts: what happened; `By:` who emits it and
    when; `For:` who needs it (checked by a test, printed in docs/events.md). A change that an older reader could not
    read is a new class beside the old one, named like it with the suffix `V2` and `version = 2`.
    """

    topic: ClassVar[str]
    version: ClassVar[int] = 1
    key_fields: ClassVar[tuple[str, ...]]
    # Whether senders and inboxes remember it. Of what they do not remember, the reader knows itself what it has had.
    is_remembered: ClassVar[bool] = True

    @classmethod
    def event_name(cls) -> str:
        """The name without its version, e.g. `ApplicationSubmitted`."""
        return cls.__name__.removesuffix(f"V{cls.version}")

    @classmethod
    def event_type(cls) -> str:
        """The CloudEvents `type`, e.g. `zairyu.ApplicationSubmitted.v1`."""
        return f"zairyu.{cls.event_name()}.v{cls.version}"

    @property
    def key(self) -> UUID:
        """The aggregate's id, which is the Kafka key: events with one key stay in order.

        The first of `key_fields` that has a value; the last one always has.
        """
        return key_of(self, self.key_fields)

    @cached_property
    def body(self) -> bytes:
        """The event as it goes on the wire."""
        return self.model_dump_json().encode()

    @classmethod
    def example(cls, **changes: Any) -> Self:
        """A valid event made of the examples of its fields, with `changes` applied; for documents and tests."""
        return cls.model_validate(_example(cls) | changes)


@cache
def _example(model: type[Event]) -> dict[str, Any]:
    schema = model.model_json_schema()
    example: dict[str, Any] = _example_of(schema, schema.get("$defs", {}))
    return example


def _example_of(schema: dict[str, Any], definitions: dict[str, Any]) -> Any:
    """A JSON value that fits `schema`: its first example, else one built from its parts."""
    if "examples" in schema:
        return schema["examples"][0]
    if "$ref" in schema:
        return _example_of(definitions[schema["$ref"].rsplit("/", 1)[-1]], definitions)
    if "anyOf" in schema:
        return _example_of(schema["anyOf"][0], definitions)
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "array":
        return [_example_of(schema["items"], definitions)]
    if schema.get("type") == "object":
        return {name: _example_of(part, definitions) for name, part in schema["properties"].items()}
    raise LookupError(f"give the field an example: {schema}")
