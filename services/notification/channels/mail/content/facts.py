"""The facts that mail functions use, and the values of which their contents are made."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, get_type_hints

from pydantic import BaseModel, ConfigDict, Field

from shared.clock import JST
from shared.errors import Text
from shared.events.fields import GrantedCondition, RequestedItem
from shared.reference.document_types import DOCUMENT_TYPES
from shared.reference.endings import EndingKind, ending
from shared.reference.grant_conditions import in_words, together
from shared.reference.officer_roles import NAMES as OFFICER_ROLE_NAMES
from shared.reference.offices import OFFICES
from shared.reference.procedures import PROCEDURES
from shared.reference.request_texts import REQUEST_TEXTS
from shared.reference.usage_documents import NAMES as USAGE_DOCUMENT_NAMES
from shared.reference.user_classes import USER_CLASSES

# How a card or certificate travels. Carriers' own names stay Japanese on the envelope, so both are shown.
_CARRIERS = {
    "letter_pack_plus": Text("レターパックプラス", "Letter Pack Plus"),
    "letter_pack_light": Text("レターパックライト", "Letter Pack Light"),
    "simplified_registered_mail": Text("簡易書留", "Simplified registered post"),
    "registered_mail": Text("書留", "Registered post"),
}


class Content(BaseModel):
    """The values that one template shows; kept sealed until the mail is sent."""

    model_config = ConfigDict(frozen=True)


class Dated(Content):
    """Content with a day for the reader's calendar: the id of what is on that day, and when the day was said.

    Contents that were kept before mails had calendar files have neither.
    """

    entry_key: str = ""
    said_at: datetime | None = None


class Name(Content):
    """A text of code or data, as it is kept: in the official languages, and what its translations need."""

    ja: str
    en: str
    template: str = ""
    values: Mapping[str, Any] = Field(default_factory=dict)

    @classmethod
    def of(cls, text: Text | None) -> "Name":
        """The name that a text is; empty for none: codes are not shown."""
        return cls.model_validate(text.stored()) if text else NAMELESS

    @property
    def text(self) -> Text:
        return Text.read(self.model_dump())


NAMELESS = Name(ja="", en="")
_OTHER_ITEM = Text("その他の事項", "Other")


class Item(Content):
    """A thing to correct or to submit: its name, sentences of the reference data about it, and the officer's words."""

    name: Name
    texts: tuple[Name, ...] = ()
    words: str


class Condition(Content):
    """A condition of a grant: its name, what was stated, and what that means for its holder."""

    name: Name
    text: Name
    meaning: Name


class Why(Content):
    """The reason for which an application ended without a grant, in plain words, and the way out."""

    plain: Name
    way_out: Name


def why(kind: EndingKind, code: str | None) -> Why | None:
    """The reason of a code; None for none, or one that is not known here."""
    found = ending(kind, code)
    return Why(plain=Name.of(found.plain), way_out=Name.of(found.way_out)) if found else None


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts beside an event: a function that opens sealed texts, the day, and the application it concerns.

    `procedure` and `office` are codes, None where the event concerns no application.
    """

    open: Callable[[str], str]
    today: date
    procedure: str | None = None
    office: str | None = None

    @property
    def start_of_day(self) -> datetime:
        """When something was said whose event has no time: a notice of a daily job."""
        return datetime.combine(self.today, time.min, JST)

    def procedure_name(self, code: str | None = None) -> Name:
        rule = PROCEDURES.find(self.today, code or self.procedure)
        return Name.of(rule.name if rule else None)

    def office_name(self, code: str | None = None) -> Name:
        wanted = code or self.office
        office = OFFICES.find(self.today, wanted)
        return Name.of(office.name if office else None)

    def items(self, requested: Iterable[RequestedItem]) -> tuple[Item, ...]:
        """The items that an officer asks for. An item without a name is its words; one without either is "other"."""
        found = []
        for each in requested:
            words = self.open(each.sealed_text) if each.sealed_text else ""
            name = self.document_name(each.code)
            rows = [REQUEST_TEXTS.find(self.today, code) for code in each.text_codes]
            texts = tuple(Name.of(row.text) for row in rows if row)
            found.append(Item(name=name if name.ja or words else Name.of(_OTHER_ITEM), texts=texts, words=words))
        return tuple(found)

    def conditions(self, granted: Iterable[GrantedCondition]) -> tuple[Condition, ...]:
        """The conditions of a grant, in words."""
        values = together(
            (one.code, one.choice or self.open(one.sealed_text or ""))
            for one in granted
            if one.choice or one.sealed_text
        )
        stated = [in_words(code, value, self.today) for code, value in values.items()]
        return tuple(
            Condition(name=Name.of(words.name), text=Name.of(words.text), meaning=Name.of(words.meaning))
            for words in stated
        )

    def user_class(self, role: str | None) -> Name:
        rule = USER_CLASSES.find(self.today, role)
        return Name.of(rule.name if rule else None)

    def document_name(self, code: str) -> Name:
        """The document's name; empty for other items, such as a field of the form: their words name them."""
        kind = DOCUMENT_TYPES.find(self.today, code)
        return Name.of(kind.name if kind else USAGE_DOCUMENT_NAMES.get(code))

    def officer_role_name(self, code: str) -> Name:
        return Name.of(OFFICER_ROLE_NAMES.get(code))

    def carrier_name(self, code: str) -> Name:
        return Name.of(_CARRIERS.get(code))


# Makes the content of one mail from its event.
Writer = Callable[[Any, Facts], Content]


def content_model(writer: Writer) -> type[Content]:
    """The model that a mail function returns."""
    model: type[Content] = get_type_hints(writer)["return"]
    return model
