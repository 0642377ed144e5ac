"""Forms: the fields that were sent, and the mistakes that are shown at them."""

import json
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import parse_qs
from uuid import UUID, uuid5

from fastapi import Depends, Request

from services.gateway.texts import PAGES
from shared.errors import NotFound, Problem
from shared.http import Lang
from shared.ids import new_id

MAX_FIELDS = 20
# Five hundred organisations with two fields each, and the rest of the form.
MAX_LONG_FIELDS = 1050
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CURSOR = re.compile(r"[A-Za-z0-9_-]{1,400}")
_REVISION = re.compile(r"[0-9]{1,18}")


def is_id(text: str) -> bool:
    """Whether a text can be an id of ours, or the key of a request."""
    return _ID.fullmatch(text) is not None


def ids_among(texts: Iterable[str]) -> list[str]:
    """Those of `texts` that can be ids, each once."""
    return list(dict.fromkeys(filter(is_id, texts)))


def is_cursor(text: str) -> bool:
    """Whether a text can be the cursor of a page."""
    return _CURSOR.fullmatch(text) is not None


class Form(dict[str, str]):
    """Fields by name; the first value where a name comes twice, and "" for what is missing."""

    _several: Mapping[str, list[str]] = {}

    @classmethod
    def of(cls, fields: Mapping[str, list[str]]) -> "Form":
        """The form with every value of each name."""
        form = cls({name: values[0] for name, values in fields.items()})
        form._several = fields
        return form

    def every(self, name: str) -> list[str]:
        """All values of one name: the boxes that were ticked."""
        return self._several.get(name, [])

    def __missing__(self, name: str) -> str:
        return ""

    def id(self, name: str) -> UUID:
        """The id in a field. Raises `NotFound` for what cannot be one."""
        try:
            return UUID(self[name])
        except ValueError as error:
            raise NotFound() from error

    @property
    def key(self) -> UUID:
        """The key of the request that the page brings, so that pressing twice sends one; a new one for what cannot be
        one."""
        return UUID(self["key"]) if is_id(self["key"]) else new_id()

    def key_of(self, *content: object) -> UUID:
        """The key of the request for one content: with other content it is another request."""
        return uuid5(self.key, json.dumps(content, sort_keys=True))

    @property
    def revision(self) -> int:
        """The version that the form was made from; -1, which no record has, for what cannot be one."""
        return int(self["revision"]) if _REVISION.fullmatch(self["revision"]) else -1

    def seen(self, revision: int) -> "Form":
        """The same fields, made from a later `revision`: for the page that says that something has changed since."""
        return self.with_field("revision", str(revision))

    def with_field(self, name: str, value: str) -> "Form":
        """The same fields, with another value of one."""
        form = Form.of({name: self._several.get(name, [value]) for name, value in self.items()})
        form[name] = value
        return form

    def given(self, *names: str) -> dict[str, str]:
        """Those of `names` that were filled in."""
        return {name: self[name] for name in names if self[name].strip()}

    def empty(self, *names: str) -> list[str]:
        """Those of `names` that were not."""
        return [name for name in names if not self[name].strip()]


def form_reader(most: int) -> Callable[[Request], Awaitable[Form]]:
    """Reads a form of at most so many fields."""

    async def read(request: Request) -> Form:
        try:
            fields = parse_qs((await request.body()).decode(), max_num_fields=most, keep_blank_values=True)
        except ValueError as error:  # not UTF-8, or more fields than the form has
            raise Problem() from error
        return Form.of(fields)

    return read


Posted = Annotated[Form, Depends(form_reader(MAX_FIELDS))]
# A form with a list of organisations.
LongForm = Annotated[Form, Depends(form_reader(MAX_LONG_FIELDS))]


@dataclass(frozen=True, slots=True)
class Message:
    """One mistake, and the field where it can be corrected, if there is one; on another page, its path."""

    text: str
    field: str | None = None
    page: str = ""


@dataclass(frozen=True, slots=True)
class CopyOffer:
    """A repaired copy of the file that was sent at `field`. Sizes in bytes; with `consent` the owner's word is asked
    for that they may take restrictions off it."""

    field: str
    document_id: str
    size: int
    original_size: int
    consent: bool


@dataclass(frozen=True, slots=True)
class FormErrors:
    """The mistakes of a form. Pages show them on top, each message with a link to its field; at the field of a file
    also the `offer` of a repaired copy. `labels` are those of the fields that were shown."""

    status: int
    messages: tuple[Message, ...]
    offer: CopyOffer | None = None
    labels: dict[str, str] = field(default_factory=dict, compare=False)

    @classmethod
    def on(cls, text: str, *fields: str) -> "FormErrors | None":
        """A mistake that the page itself finds, at each of `fields`; None where there are none."""
        return cls(422, tuple(Message(text, field) for field in fields)) if fields else None

    def for_field(self, field: str, label: str = "") -> list[str]:
        """The messages at one field; its `label` is noted."""
        if label:
            self.labels.setdefault(field, label)
        return [message.text for message in self.messages if message.field == field]


def messages_from_problem(body: Mapping[str, object], field_of: Mapping[str, str]) -> list[Message]:
    """The messages of a problem+json, at the fields of a form. `field_of` knows them by JSON pointer or by code."""
    errors = body.get("errors")
    if isinstance(errors, list) and errors:
        return [Message(str(error["message"]), field_of.get(error["pointer"])) for error in errors]
    parts = [str(body[part]) for part in ("title", "detail") if body.get(part)]
    return [Message(": ".join(parts), field_of.get(str(body.get("code"))))]


def missing_fields(lang: Lang, *fields: str) -> FormErrors | None:
    """Ask for an entry in each of `fields`, which were sent empty; None where there are none."""
    texts = PAGES[lang]["forms"]
    return FormErrors(422, tuple(Message(texts[f"need_{field}"], field) for field in fields)) if fields else None
