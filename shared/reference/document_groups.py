"""Groups by which lists of documents differ: the organisation's category, or an axis of the status or procedure itself.

Data: `data/documents/groups.toml`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from shared.errors import Text
from shared.reference import document_data
from shared.reference.activities import ACTIVITIES, SECTIONED
from shared.reference.dated import Dated, Table

CATEGORY = "category"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentGroup(Dated):
    """One axis: its options with their names, in the order of the lists. `default` holds while none is known.

    It belongs to applications with form sections for `statuses`, or to every one of `procedures`.
    """

    code: str
    name: Text
    statuses: tuple[str, ...]
    procedures: tuple[str, ...]
    options: Mapping[str, Text] = field(hash=False)
    default: str


def _group(code: str, data: dict[str, Any]) -> DocumentGroup:
    return DocumentGroup(
        code=code,
        name=document_data.text(data["name"]),
        statuses=tuple(data.get("statuses", ())),
        procedures=tuple(data.get("procedures", SECTIONED)),
        options={option: document_data.text(pair) for option, pair in data["options"].items()},
        default=data["default"],
        source=data["source"],
        verify=data.get("verify", False),
    )


DOCUMENT_GROUPS = Table(
    "document_groups", lambda row: row.code, [_group(code, data) for code, data in document_data.read("groups").items()]
)


def list_status(status: str, activity: str | None, day: date) -> str:
    """The status whose list of documents is asked for: that which the activity resembles, else the status itself."""
    row = ACTIVITIES.find(day, (status, activity)) if activity else None
    return (row and row.resembles) or status


@lru_cache(maxsize=4096)
def document_group(procedure: str, status: str, activity: str | None, day: date) -> DocumentGroup | None:
    """The axis by which the documents of this application differ; None where there is one list for all."""
    listed = list_status(status, activity, day)
    for row in DOCUMENT_GROUPS.on(day):
        if procedure in row.procedures and (not row.statuses or listed in row.statuses):
            return row
    return None
