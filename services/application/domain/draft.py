"""An application as the rules see it: what is entered and attached, who files, what others told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from services.application.domain.field import Filing, Form, FormVersion

# Who files for the applicant by profession or office; the person and the family need no 取次者 in the form.
_FAMILY = frozenset({"self", "legal_rep", "relative"})


@dataclass(frozen=True, slots=True)
class File:
    """A file as the document service told of it. `size` in bytes."""

    id: UUID
    kind: Literal["photo", "pdf"] | str
    size: int
    state: str
    problems: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file and the documents it holds: one PDF may hold several."""

    document_id: UUID
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """What registration told of the account that files; `state` is None where it has told nothing yet."""

    state: str | None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything the rules of filing need to know. `known_category` is registration's, not the applicant's, word."""

    version: FormVersion
    procedure: str
    combined_with: tuple[str, ...]
    status_of_residence: str
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
        return self.known_category or self.form["org.category"]

    @property
    def filing(self) -> Filing:
        """What the form's fields depend on besides themselves."""
        return Filing(by_agent=self.role not in _FAMILY, category_known=self.known_category is not None)

    @property
    def attached_codes(self) -> frozenset[str]:
        """Which documents are there, in whatever file."""
        return frozenset(code for attachment in self.attachments for code in attachment.codes)
