"""The verdict of a check on a file."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Verdict:
    """`problems` empty: the file can be used. Codes are those of `services.document.files.problems`.

    `pages` is of a PDF, `width` and `height` (pixels) of the photo as it is stored, `cleaned` its bytes.
    """

    problems: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    pages: int | None = None
    width: int | None = None
    height: int | None = None
    cleaned: bytes | None = None

    @classmethod
    def refused(cls, *problems: str) -> "Verdict":
        return cls(problems=problems)

    @property
    def accepted(self) -> bool:
        return not self.problems

    def described(self) -> dict[str, Any]:
        """Everything but the bytes, in JSON's types."""
        fields = asdict(self)
        del fields["cleaned"]
        return fields

    @classmethod
    def of(cls, fields: dict[str, Any], cleaned: bytes | None) -> "Verdict":
        """The opposite of `described`."""
        return cls(
            problems=tuple(fields["problems"]),
            advice=tuple(fields["advice"]),
            pages=fields["pages"],
            width=fields["width"],
            height=fields["height"],
            cleaned=cleaned,
        )
