"""One row of the lists of required documents."""

from dataclasses import dataclass
from enum import StrEnum

from shared.errors import Text
from shared.reference.codes import Procedure
from shared.reference.dated import Dated


class Need(StrEnum):
    """As printed in the lists: R, c, or blank."""

    REQUIRED = "R"
    CONDITIONAL = "c"
    NOT_ASKED = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement(Dated):
    """A document for a procedure. Empty `status`, `category` or `channel` means every one.

    A row with the need `NOT_ASKED` stands where sources disagree on whether the document is asked.
    """

    document: str
    procedure: Procedure
    status: str = ""
    category: str = ""
    channel: str = ""
    need: Need
    condition: Text | None = None
