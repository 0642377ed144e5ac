"""Documents that an application needs, by procedure, status of residence, activity and group."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from shared.errors import Text
from shared.reference.codes import Channel
from shared.reference.dated import Table
from shared.reference.document_groups import document_group, list_status
from shared.reference.document_types import DOCUMENT_TYPES, DocumentType
from shared.reference.requirements import CONDITIONS, Need, Requirement, read_lists

REQUIREMENTS = Table(
    "required_documents",
    lambda row: (row.procedure, row.status, row.activity, row.group, row.document),
    read_lists(),
)


@dataclass(frozen=True, slots=True)
class RequiredDocument:
    """One document that is asked for. `need` is `required`, or `conditional` where `condition` says when.

    `condition_code` is the code of the condition, by which a form names the answer that decides it.
    """

    document: DocumentType
    need: Literal["required", "conditional"]
    condition_code: str
    source: str
    verify: bool

    @property
    def code(self) -> str:
        return self.document.code

    @property
    def condition(self) -> Text | None:
        return CONDITIONS.get(self.condition_code)


@lru_cache(maxsize=4096)
def required_documents(
    procedure: str,
    status: str,
    group: str | None,
    day: date,
    channel: str = Channel.ONLINE,
    activity: str | None = None,
) -> tuple[RequiredDocument, ...]:
    """The documents asked for on `day`, in the order of the lists; the photo is not among it (see `needs_photo`).

    The general rows always hold; the list of the status, or of the one that the activity resembles, adds to them.
    `group` is the option of `document_group` (the organisation's category, the criterion, ...); where it is unknown
    the default of the axis is asked for, which for organisations is category 4, because a category has to be proven.
    """
    axis = document_group(procedure, status, activity, day)
    option = "" if axis is None else group if group in axis.options else axis.default
    statuses = ("", status, list_status(status, activity, day))
    found: dict[str, Requirement] = {}
    for row in REQUIREMENTS.on(day):
        fits = row.procedure == procedure and row.status in statuses and row.group in ("", option)
        if fits and row.activity in ("", activity) and row.channel in ("", channel):
            found[row.document] = row
    return tuple(
        RequiredDocument(
            document=DOCUMENT_TYPES.get(day, row.document),
            need="required" if row.need is Need.REQUIRED else "conditional",
            condition_code=row.condition,
            source=row.source,
            verify=row.verify,
        )
        for row in found.values()
        if row.need is not Need.NOT_ASKED
    )
