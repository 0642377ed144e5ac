"""The rows of the lists of required documents. Data: `data/documents/lists/`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import product
from typing import Any

from shared.reference import document_data
from shared.reference.codes import Procedure
from shared.reference.dated import Dated
from shared.reference.document_groups import DOCUMENT_GROUPS, DocumentGroup


class Need(StrEnum):
    """As written in the cells of the lists: R, c, x."""

    REQUIRED = "R"
    CONDITIONAL = "c"
    NOT_ASKED = "x"


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement(Dated):
    """A document for a procedure. Empty `status`, `activity`, `group` or `channel` means every one.

    A row with the need `NOT_ASKED` ends an earlier one, or stands where sources disagree on whether the document is
    asked. `condition` is a code of `CONDITIONS`, where the need is conditional.
    """

    document: str
    procedure: Procedure
    status: str = ""
    activity: str = ""
    group: str = ""
    channel: str = ""
    need: Need
    condition: str = ""


CONDITIONS = document_data.texts("conditions")
NOTHING = "-"


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of a list as it is written: the document, a cell for each procedure, condition and particulars."""

    document: str
    cells: dict[str, str]
    condition: str
    valid_from: date | None
    disputed: dict[str, str]


def read_list(data: dict[str, Any]) -> Iterator[Requirement]:
    """The rows of one list, a cell at a time. ValueError names the document whose cells do not fit the list."""
    groups = _groups(data)
    for written in data["rows"]:
        row = _row(written, data)
        for procedure, cell in row.cells.items():
            # Where every group has the same need there is one row for all of them.
            options = groups if len(cell) > 1 and groups else ("",)
            if len(cell) != len(options):
                raise ValueError(f"{row.document}: {cell!r} has not one cell for each of {', '.join(options)}")
            for option, need in zip(options, cell, strict=True):
                yield from _requirements(data, row, procedure, option, need)


def _row(written: list[Any], data: dict[str, Any]) -> _Row:
    columns = data["columns"]
    document, *cells = written[: len(columns) + 1]
    rest = written[len(columns) + 1 :]
    particulars: dict[str, Any] = next((each for each in rest if isinstance(each, dict)), {})
    row = _Row(
        document,
        dict(zip(columns, cells, strict=True)),
        next((each for each in rest if isinstance(each, str)), ""),
        particulars.get("from", data.get("from")),
        particulars.get("disputed", {}),
    )
    if bool(row.condition) != any(Need.CONDITIONAL in cell for cell in cells):
        raise ValueError(f"{document}: a conditional document has a condition, and no other one has")
    return row


def _requirements(data: dict[str, Any], row: _Row, procedure: str, option: str, written: str) -> Iterator[Requirement]:
    dispute = row.disputed.get(f"{procedure} {option}".strip())
    if written == NOTHING and dispute is None:
        return
    need = Need.NOT_ASKED if written == NOTHING else Need(written)
    for status, activity in product(data.get("statuses", [""]), data.get("activities", [""])):
        yield Requirement(
            document=row.document,
            procedure=Procedure(procedure),
            status=status,
            activity=activity,
            group=option,
            channel=data.get("channel", ""),
            need=need,
            condition=row.condition if need is Need.CONDITIONAL else "",
            valid_from=row.valid_from,
            source=f"{data['source']}; {dispute}" if dispute else data["source"],
            verify=data.get("verify", False) or dispute is not None,
        )


def _groups(data: dict[str, Any]) -> tuple[str, ...]:
    """The options of the axis of a list: that which it names, else that of its statuses."""
    named, statuses = data.get("group"), data.get("statuses", ())
    axes: list[DocumentGroup] = [
        row
        for row in DOCUMENT_GROUPS.rows
        if (row.code == named if named else bool(statuses) and set(statuses) <= set(row.statuses))
    ]
    return tuple(axes[0].options) if axes else ()


def read_lists() -> list[Requirement]:
    """The rows of all lists, in the order in which documents are named."""
    return [
        row
        for name in document_data.LISTS
        for each in document_data.read(f"lists/{name}")["lists"]
        for row in read_list(each)
    ]
