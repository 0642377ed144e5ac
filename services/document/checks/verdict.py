"""The verdict of a check on a file."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from services.document.checks.catalogue import CATALOGUE, Severity, sentence
from services.document.checks.crops import Part
from shared.errors import Text
from shared.reference.photo_ranges import Outcome


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found. `code` is one of the catalogue's; `page` counts from 1, None: the whole file.

    `values` are the numbers of the sentence (`measured`, `allowed`). The severity is kept with it: what the catalogue
    says of a code may change after a file was accepted.
    """

    code: str
    severity: Severity
    page: int | None = None
    values: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, code: str, page: int | None = None, **values: float) -> "Finding":
        """A finding as the catalogue has it."""
        entry = CATALOGUE[code]
        assert values.keys() == entry.values, f"{code} has the values {sorted(entry.values)}"
        return cls(code, entry.severity, page, values)

    @classmethod
    def read(cls, fields: Mapping[str, Any]) -> "Finding":
        """The opposite of `described`."""
        return cls(fields["code"], Severity(fields["severity"]), fields["page"], fields["values"])

    def described(self) -> dict[str, Any]:
        """The finding in JSON's types."""
        return asdict(self)

    @property
    def text(self) -> Text:
        return sentence(self.code, self.page, self.values)


@dataclass(frozen=True, slots=True)
class Measure:
    """One measurement of a photo, with the range in which it passes; None is open on that side."""

    code: str
    value: float
    unit: str
    low: float | None
    high: float | None
    outcome: Outcome

    @classmethod
    def read(cls, fields: Mapping[str, Any]) -> "Measure":
        """The opposite of `asdict`."""
        return cls(**{**fields, "outcome": Outcome(fields["outcome"])})


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """Facts of an accepted photo: its measurements, the part of the sent picture that was kept, and its likeness.

    Photos that look alike have a likeness (hex) of which few bits differ.
    """

    measures: tuple[Measure, ...]
    part: Part
    likeness: str

    @classmethod
    def read(cls, fields: Mapping[str, Any]) -> "PhotoFacts":
        """The opposite of `asdict`."""
        return cls(tuple(map(Measure.read, fields["measures"])), Part(**fields["part"]), fields["likeness"])


@dataclass(frozen=True, slots=True)
class Verdict:
    """The findings; the file can be used where all of them are advice.

    `pages` is of a PDF, `width` and `height` (pixels) of the photo as it is stored, `photo` what else is known of it.
    `cleaned` are its bytes, those of the PDF that was made of pictures, or those of a repaired PDF, which are offered.
    """

    findings: tuple[Finding, ...] = ()
    pages: int | None = None
    width: int | None = None
    height: int | None = None
    photo: PhotoFacts | None = None
    cleaned: bytes | None = None

    @classmethod
    def refused(cls, code: str, page: int | None = None, **values: float) -> "Verdict":
        """The verdict of a check that ends with its first finding."""
        return cls((Finding.of(code, page, **values),))

    @property
    def problems(self) -> tuple[str, ...]:
        """The codes because of which the file cannot be used as it is."""
        return tuple(each.code for each in self.findings if each.severity is not Severity.ADVICE)

    @property
    def advice(self) -> tuple[str, ...]:
        return tuple(each.code for each in self.findings if each.severity is Severity.ADVICE)

    @property
    def accepted(self) -> bool:
        return not self.problems

    @property
    def repairable(self) -> bool:
        """Whether a copy that can be used was made of a file that cannot."""
        return not self.accepted and self.cleaned is not None

    @property
    def made_of_pictures(self) -> bool:
        """Whether the file that is kept is a PDF that was made of pictures."""
        return self.accepted and self.cleaned is not None and self.photo is None

    @property
    def kept(self) -> bool:
        """Whether anything is kept: the file, or a copy of it."""
        return self.accepted or self.repairable

    def described(self) -> dict[str, Any]:
        """Everything but the bytes, in JSON's types."""
        fields = asdict(self)
        del fields["cleaned"]
        return fields

    @classmethod
    def of(cls, fields: dict[str, Any], cleaned: bytes | None) -> "Verdict":
        """The opposite of `described`."""
        return cls(
            findings=tuple(map(Finding.read, fields["findings"])),
            pages=fields["pages"],
            width=fields["width"],
            height=fields["height"],
            photo=fields["photo"] and PhotoFacts.read(fields["photo"]),
            cleaned=cleaned,
        )
