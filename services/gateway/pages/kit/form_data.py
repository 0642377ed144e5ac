"""A form as the application service publishes it: topics with their fields, words, options and conditions."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from zlib import crc32

from services.gateway.edge.context import Gateway
from services.gateway.edge.upstream import ServiceDown
from services.gateway.pages.kit.words import Words, official_words, say
from services.gateway.texts import OFFERED
from shared.http import Lang
from shared.reference.periods import Period, period_name
from shared.reference.permitted_periods import PERMITTED
from shared.reference.statuses import STATUSES

# A longer list is typed into, and the browser offers what fits; a shorter one is opened.
LONGEST_SELECT = 60
# A shorter list shows all its choices at once.
LONGEST_RADIO = 6
Condition = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a list."""

    code: str
    label: Words


@dataclass(frozen=True)
class Item:
    """A field, or a table of fields (`rows`).

    `when` says when it is asked: any of its groups, all conditions of a group; empty means always.
    """

    code: str
    kind: str
    label: Words
    help: Words | None
    sample: str | None
    most: int | None
    unit: str
    required: str
    when: tuple[tuple[Condition, ...], ...]
    options: tuple[Option, ...]
    options_by: Mapping[str, Any] | None
    rows: "tuple[Item, ...]"

    @classmethod
    def of(cls, published: Mapping[str, Any]) -> "Item":
        kind = published["kind"]
        table = published["rows"]
        given = published["options"]
        return cls(
            code=published["code"],
            kind="rows" if table else kind,
            label=published["label"],
            help=published["help"],
            sample=published["sample"],
            most=table["most"] if table else published["most"],
            unit=published["unit"] or "",
            required=published["required"],
            when=tuple(tuple(group) for group in published["when"] or ()),
            options=tuple(Option(one["code"], one["label"]) for one in given) if given else _options_of(kind),
            options_by=published["options_by"],
            rows=tuple(cls.of(field) for field in table["fields"]) if table else (),
        )

    @property
    def id(self) -> str:
        """The name of its field in a page, and the place that links lead to."""
        return id_of(self.code)

    @property
    def control(self) -> str:
        """The way in which a page asks it."""
        if self.kind == "rows":
            return "rows"
        if self.kind == "yes-no":
            return "radio"
        if self.options:
            if self.options_by is not None:
                return "select"
            if len(self.options) > LONGEST_SELECT:
                return "list"
            return "radio" if len(self.options) <= LONGEST_RADIO else "select"
        if self.kind == "lines" or ((self.most or 0) >= 200 and self.kind in ("text", "wide")):
            return "area"
        return "input"

    @cached_property
    def list_id(self) -> str:
        """The id of its options in a page: fields with the same options share them."""
        return f"list-{crc32(' '.join(option.code for option in self.options).encode()):08x}"

    @cached_property
    def codes(self) -> Mapping[str, str]:
        """The options' codes by what people type for them: the words in any language that is offered, or the code."""
        return {
            plain(text): option.code
            for option in reversed(self.options)
            for text in (option.code, *(say(option.label, lang) for lang in reversed(OFFERED)))
        }

    @cached_property
    def _labels(self) -> Mapping[object, Words]:
        return {option.code: option.label for option in self.options}

    def official_of(self, code: object, lang: Lang) -> str:
        """The Japanese of an option beside its translation, for what has options; "" as by `official_words`."""
        words = self._labels.get(code)
        return official_words(words, lang) if words else ""

    def label_of(self, code: object, lang: Lang) -> str | None:
        """The words of an option; None for what is none."""
        words = self._labels.get(code)
        return say(words, lang) if words else None


@dataclass(frozen=True, slots=True)
class Topic:
    """Fields that stand on one page."""

    code: str
    title: Words
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class FormData:
    """A form in one version, for one status of residence."""

    version: str
    topics: tuple[Topic, ...]

    @classmethod
    def of(cls, published: Mapping[str, Any]) -> "FormData":
        topics = (
            Topic(topic["code"], topic["title"], tuple(Item.of(item) for item in topic["items"]))
            for topic in published["topics"]
        )
        return cls(published["version"], tuple(topics))

    def items(self) -> Iterator[Item]:
        """All fields and tables, in the order of the form."""
        for topic in self.topics:
            yield from topic.items

    def item(self, code: str) -> Item | None:
        """The field or table with this code."""
        return next((item for item in self.items() if item.code == code), None)

    def topic(self, code: str) -> Topic | None:
        """The topic with this code."""
        return next((topic for topic in self.topics if topic.code == code), None)

    def topic_at(self, pointer: str) -> Topic | None:
        """The topic that asks what a JSON pointer of the form means; None where none does."""
        for topic in self.topics:
            for item in topic.items:
                own = pointer_of(item.code)
                if pointer == own or pointer.startswith(f"{own}/"):
                    return topic
        return None


def plain(text: str) -> str:
    """A text without regard to width, case and spaces."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def id_of(code: str) -> str:
    """The name of the field with that code in a page."""
    return code.replace(".", "-")


def pointer_of(code: str) -> str:
    """The JSON pointer of the field with that code in an application."""
    return "/form/" + code.replace(".", "/")


def id_at(pointer: str) -> str:
    """The name of the field that a JSON pointer means, in its page."""
    return pointer.removeprefix("/form/").replace("/", "-")


async def find_form(gateway: Gateway, view: Mapping[str, Any], lang: Lang) -> FormData:
    """The form of an application. Raises `ServiceDown` where the service cannot say."""
    asked = [("status", view["status_of_residence"])]
    asked += [("activity", activity)] if (activity := view.get("activity")) else []
    asked += [("combined_with", procedure) for procedure in view["combined_with"]]
    path = f"/v1/forms/{view['form_version']}?{urlencode(asked)}"
    form = await gateway.public_answers.get("application", path, FormData.of, lang)
    if form is None:
        raise ServiceDown()
    return form


def _options_of(kind: str) -> tuple[Option, ...]:
    """The choices of a list of the law, where the form itself gives none."""
    if kind == "status":
        return tuple(Option(row.code, {"ja": row.name.ja, "en": row.name.en}) for row in STATUSES.rows)
    if kind == "period":
        return tuple(Option(code, {"ja": name.ja, "en": name.en}) for code in _PERIODS if (name := period_name(code)))
    return ()


def _length(code: str) -> tuple[int, int, int, bool]:
    period = Period.parse(code)
    return (period.years * 12 + period.months, period.days, 0, period.indefinite)


# Every period that some status can have, the longest first.
_PERIODS = sorted({code for row in PERMITTED.rows for code in row.choices}, key=_length, reverse=True)
