"""An application as the rules see it: the form, the files, the filer, and facts of other services."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from services.application.forms.field import Filing, Form
from services.application.forms.form import Filled, FormVersion

# Who files for the applicant by profession or office; the person and the family need no 取次者 in the form.
_FAMILY = frozenset({"self", "legal_rep", "relative"})


@dataclass(frozen=True, slots=True)
class File:
    """A file as the document service reported it. `size` in bytes."""

    id: UUID
    kind: Literal["photo", "pdf"] | str
    size: int
    state: str
    problems: Sequence[str] = ()
    reported_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file and the documents it holds: one PDF may hold several."""

    document_id: UUID
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """The account that files, as registration reported it; `state` is None where it has reported nothing yet."""

    state: str | None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything the rules of filing need to know.

    `activity` is that of a status which has several. `known_category` is registration's, not the applicant's, word.
    """

    version: FormVersion
    procedure: str
    combined_with: tuple[str, ...]
    status_of_residence: str
    activity: str | None
    role: str
    form: Form
    notify_email: str | None
    photo_id: UUID | None
    attachments: tuple[Attachment, ...]
    files: Mapping[UUID, File]
    known_category: str | None
    standing: Standing
    other_open: bool

    @property
    def category(self) -> str | None:
        """The organisation's category: what registration says, else what the form declares."""
        return self.known_category or self.fact("category")

    @property
    def category_missing(self) -> bool:
        """The form asks for the category and nobody has given it yet: which documents are needed is not known."""
        return self.category is None and self.version.asks("category", self.status_of_residence)

    def fact(self, fact: str) -> Any:
        """The form's answer to a fact of `Facts`; None where it is empty or the form does not ask it."""
        return self.version.fact(fact, self.form)

    def filled(self, day: date) -> Filled:
        """The form as its checks see it on `day`."""
        return Filled(self.version, self.form, self.status_of_residence, day, self.activity)

    @property
    def filing(self) -> Filing:
        """Facts besides the form on which its fields depend."""
        return Filing(by_agent=self.role not in _FAMILY, category_known=self.known_category is not None)

    @property
    def attached_codes(self) -> frozenset[str]:
        """Codes of the documents that are attached, in any file."""
        return frozenset(code for attachment in self.attachments for code in attachment.codes)
