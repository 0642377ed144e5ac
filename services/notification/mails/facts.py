"""What mail functions work with, and the kinds of values that their contents are made of."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict

from shared.errors import Text
from shared.reference.document_types import DOCUMENT_TYPES
from shared.reference.officer_roles import NAMES as OFFICER_ROLE_NAMES
from shared.reference.offices import OFFICES
from shared.reference.procedures import PROCEDURES
from shared.reference.usage_documents import NAMES as USAGE_DOCUMENT_NAMES

# How a card or certificate travels. Carriers' own names stay Japanese on the envelope, so both are shown.
_CARRIERS = {
    "letter_pack_plus": Text("レターパックプラス", "Letter Pack Plus"),
    "letter_pack_light": Text("レターパックライト", "Letter Pack Light"),
    "simplified_registered_mail": Text("簡易書留", "Simplified registered mail"),
    "registered_mail": Text("書留", "Registered mail"),
}


class Content(BaseModel):
    """What one template shows; kept sealed until the mail is sent."""

    model_config = ConfigDict(frozen=True)


class Name(Content):
    """A thing's name in both languages."""

    ja: str
    en: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What a mail function may use beside its event: opening sealed texts, and the application it is about.

    `procedure` and `office` are codes, None where the event is about no application.
    """

    open: Callable[[str], str]
    today: date
    procedure: str | None = None
    office: str | None = None

    def procedure_name(self) -> Name:
        rule = PROCEDURES.find(self.today, self.procedure)
        return _name(rule.name if rule else None, self.procedure or "")

    def office_name(self, code: str | None = None) -> Name:
        wanted = code or self.office
        office = OFFICES.find(self.today, wanted)
        return _name(office.name if office else None, wanted or "")

    def document_name(self, code: str) -> Name:
        kind = DOCUMENT_TYPES.find(self.today, code)
        return _name(kind.name if kind else USAGE_DOCUMENT_NAMES.get(code), code)

    def officer_role_name(self, code: str) -> Name:
        return _name(OFFICER_ROLE_NAMES.get(code), code)

    def carrier_name(self, code: str) -> Name:
        return _name(_CARRIERS.get(code), code)


def _name(text: Text | None, code: str) -> Name:
    """A name that the reference data does not know yet is shown as its code."""
    return Name(ja=text.ja, en=text.en) if text else Name(ja=code, en=code)
