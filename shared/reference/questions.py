"""Questions about the rules, answered in lines of text: `python -m shared.reference fee EXTEND 2026-11-29`."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from typing import Any

from shared.reference.codes import Channel
from shared.reference.dated import Dated
from shared.reference.documents import required_documents
from shared.reference.fees import Stay, amounts, stay_group
from shared.reference.offices import office_for
from shared.reference.permitted_periods import permitted_periods
from shared.reference.tables import ALL

_DATES = ("source", "valid_from", "verify")


def fee_lines(procedure: str, stay: str | None, day: date) -> Iterator[str]:
    """The fees of a procedure for applications received on `day`, with their sources; all of them, or those for the
    period of `stay` granted."""
    wanted = set(Stay) if stay is None else {Stay.ANY, stay_group(stay)}
    for channel in Channel:
        for row in amounts(procedure, channel, day):
            if row.stay not in wanted:
                continue
            named = " ".join(part for part in (row.procedure, row.channel, row.option, row.stay) if part)
            yield f"{named}: {row.yen:,} yen{_remark(row)}"


def document_lines(procedure: str, status: str, category: str | None, day: date) -> Iterator[str]:
    """The documents asked for online, in the order of the lists."""
    for asked in required_documents(procedure, status, category, day, Channel.ONLINE):
        name = asked.document.name
        when = f" ({asked.condition.ja} / {asked.condition.en})" if asked.condition else ""
        yield f"{asked.need}: {asked.code}: {name.ja} / {name.en}{when}{' [to verify]' if asked.verify else ''}"


def period_lines(status: str, procedure: str | None, day: date) -> Iterator[str]:
    """The periods of stay that may be granted. Raises `NotInRules` for an unknown status."""
    row = permitted_periods(status, day, procedure)
    if row.choices:
        yield f"{status}: {', '.join(row.choices)}{_remark(row)}"
    if row.designated_up_to:
        yield f"{status}: set per person, up to {row.designated_up_to}{_remark(row)}"


def office_lines(address: str, day: date) -> Iterator[str]:
    """The office that handles an address. Raises `NotInRules` where no prefecture is recognised."""
    office = office_for(address, day)
    yield f"{office.code}: {office.name.ja} / {office.name.en}{_remark(office)}"


def change_lines(first: date, last: date) -> Iterator[str]:
    """Rules that begin or end after `first`, up to and including `last`."""
    for table in ALL:
        for span in table.spans:
            if span.first is not None and first < span.first <= last:
                yield f"{span.first} {table.name}: begins: {_shown(span.row)}{_remark(span.row)}"
            if span.last is not None and first <= span.last < last:
                yield f"{span.last} {table.name}: ends: {_shown(span.row)}"


def _shown(row: Dated) -> str:
    values = {field.name: getattr(row, field.name) for field in fields(row) if field.name not in _DATES}
    return ", ".join(
        f"{name}={_plain(value)}" for name, value in values.items() if value not in (None, "", (), frozenset())
    )


def _plain(value: Any) -> str:
    return getattr(value, "en", None) or str(value)


def _remark(row: Dated) -> str:
    return f" [{row.source}{'; to verify' if row.verify else ''}]"
