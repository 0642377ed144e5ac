"""Documents that an application needs, by procedure, status of residence and the organisation's category."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from shared.errors import Text
from shared.reference.codes import Category, Channel
from shared.reference.dated import Table
from shared.reference.document_rows import eng_hum_int, general, ssw
from shared.reference.document_rows.row import Need, Requirement
from shared.reference.document_types import DOCUMENT_TYPES, DocumentType
from shared.reference.statuses import categories_apply

REQUIREMENTS = Table(
    "required_documents",
    lambda row: (row.procedure, row.status, row.category, row.document),
    [*general.ROWS, *eng_hum_int.ROWS, *ssw.ROWS],
)


@dataclass(frozen=True, slots=True)
class RequiredDocument:
    """One document that is asked for. `need` is `required`, or `conditional` where `condition` says when."""

    document: DocumentType
    need: Literal["required", "conditional"]
    condition: Text | None
    source: str
    verify: bool

    @property
    def code(self) -> str:
        return self.document.code


def required_documents(
    procedure: str,
    status: str,
    category: str | None,
    day: date,
    channel: str = Channel.ONLINE,
) -> tuple[RequiredDocument, ...]:
    """The documents asked for on `day`, in the order of the lists; the photo is not among it (see `needs_photo`).

    The general rows always hold; a status with a list of its own adds to them. `category` counts where the status has
    categories; unknown (None) is category 4, because a category has to be proven.
    """
    rank = (category or Category.CAT4) if categories_apply(status) else ""
    found: dict[str, Requirement] = {}
    for row in REQUIREMENTS.on(day):
        fits = row.procedure == procedure and row.status in ("", status) and row.category in ("", rank)
        if fits and row.channel in ("", channel):
            found[row.document] = row
    return tuple(
        RequiredDocument(
            document=DOCUMENT_TYPES.get(day, row.document),
            need="required" if row.need is Need.REQUIRED else "conditional",
            condition=row.condition,
            source=row.source,
            verify=row.verify,
        )
        for row in found.values()
        if row.need is not Need.NOT_ASKED
    )


def has_own_list(procedure: str, status: str) -> bool:
    """Whether the status has a list of its own; without one only the general rows are known."""
    return any(row.procedure == procedure and row.status == status for row in REQUIREMENTS.rows)


__all__ = ["REQUIREMENTS", "Need", "RequiredDocument", "Requirement", "has_own_list", "required_documents"]
