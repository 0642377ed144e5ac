"""Questions about the rules, answered in lines of text: `python -m shared.reference fee EXTEND 2026-11-29`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from shared.errors import Text
from shared.reference.codes import Channel
from shared.reference.dated import Dated, Table, Withdrawn
from shared.reference.document_groups import document_group
from shared.reference.documents import required_documents
from shared.reference.fees import FEE_REDUCTIONS, Stay, amounts, payment_charge, stay_group
from shared.reference.offices import office_for
from shared.reference.permitted_periods import permitted_periods
from shared.reference.procedures import PROCEDURES
from shared.reference.statuses import STATUSES
from shared.reference.tables import ALL

# Lists of periods no longer than this are named by their codes.
_NAMED = 9
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
            charge = payment_charge(procedure, day, stay) if channel is Channel.ONLINE else 0
            paying = f", and {charge} yen for paying it" if charge else ""
            yield f"{named}: {row.yen:,} yen{paying}{_remark(row)}"
    for reduction in FEE_REDUCTIONS.on(day):
        if reduction.procedure == procedure:
            yield f"{procedure} counter {reduction.name.en}: {reduction.yen:,} yen{_remark(reduction)}"


@dataclass(frozen=True, slots=True)
class Asked:
    """An application whose documents are asked for; what is None is not known."""

    procedure: str
    status: str
    activity: str | None = None
    group: str | None = None


def document_lines(asked: Asked, day: date) -> Iterator[str]:
    """The documents asked for online, in the order of the lists, below the group whose list it is."""
    axis = document_group(asked.procedure, asked.status, asked.activity, day)
    if axis is not None:
        option = asked.group if asked.group in axis.options else axis.default
        yield f"{axis.name.ja} / {axis.name.en}: {option} of {', '.join(axis.options)}"
    for row in required_documents(
        asked.procedure, asked.status, asked.group, day, Channel.ONLINE, activity=asked.activity
    ):
        name = row.document.name
        when = f" ({row.condition.ja} / {row.condition.en})" if row.condition else ""
        yield f"{row.need}: {row.code}: {name.ja} / {name.en}{when}{' [to verify]' if row.verify else ''}"


def period_lines(status: str, procedure: str | None, day: date, activity: str | None = None) -> Iterator[str]:
    """The periods of stay that may be granted. Raises `NotInRules` for an unknown status."""
    row = permitted_periods(status, day, procedure, activity)
    if row.choices and not row.any_length:
        named = ", ".join(row.choices) if len(row.choices) <= _NAMED else row.offered.en
        yield f"{status}: {named}{_remark(row)}"
    if row.designated_up_to:
        yield f"{status}: set per person, up to {row.designated_up_to}{_remark(row)}"


def office_lines(address: str, day: date) -> Iterator[str]:
    """The office that handles an address. Raises `NotInRules` where no prefecture is recognised."""
    office = office_for(address, day)
    yield f"{office.code}: {office.name.ja} / {office.name.en}{_remark(office)}"


# The fields by which a row is about a procedure or a status; empty ones are about every one.
_PROCEDURES = ("procedure", "procedures", "main", "added")
_STATUSES = ("status", "statuses")


def day_lines(day: date, procedure: str | None = None, status: str | None = None) -> Iterator[str]:
    """Every rule that holds on `day`, by table; only those about the procedure or the status, where one is given."""
    for table in ALL:
        rows = [row for row in table.on(day) if _is_about(row, table, procedure, status)]
        if rows:
            yield f"{table.name} ({len(rows)})"
            yield from (f"  {_shown(row)}{_remark(row)}" for row in rows)


def _is_about(row: Dated, table: Table[Any], procedure: str | None, status: str | None) -> bool:
    if procedure is None and status is None:
        return True
    codes = {PROCEDURES.name: _PROCEDURES, STATUSES.name: _STATUSES}
    named = [_about(row, names, table.name == own) for own, names in codes.items()]
    wanted = [procedure, status]
    if all(found is None for found in named):
        return False
    return all(one is None or found is None or one in found for one, found in zip(wanted, named, strict=True))


def _about(row: Dated, names: tuple[str, ...], own: bool) -> set[str] | None:
    """The codes that a row is about; None where it is about none, or about every one."""
    names = (*names, "code") if own else names
    values = [getattr(row, name) for name in names if getattr(row, name, None)]
    if not values:
        return None
    return {str(code) for value in values for code in ([value] if isinstance(value, str) else value)}


def change_lines(first: date, last: date) -> Iterator[str]:
    """The differences after `first`, up to and including `last`: a line for each rule that begins, with what it
    was where it replaces another, or that ends."""
    for day in sorted({day for table in ALL for day in table.changes() if first < day <= last}):
        for table in ALL:
            yield from (f"{day} {table.name}: {line}" for line in _differences(table, day))


def _differences(table: Table[Any], day: date) -> Iterator[str]:
    eve = day - timedelta(days=1)
    for key in dict.fromkeys(_key(table, row) for row in table.written if row.valid_from == day):
        before, now = table.find(eve, key), table.find(day, key)
        if now is not None:
            yield f"begins: {_shown(now)}{_was(before, now) if before else ''}{_remark(now)}"
        elif before is not None:
            yield f"ends: {_shown(before)}"


def _key(table: Table[Any], row: Dated) -> Any:
    return row.key if isinstance(row, Withdrawn) else table.key(row)


def _was(before: Dated, now: Dated) -> str:
    """The values that the row before had otherwise."""
    new = _values(now)
    old = [f"{name}={value or 'nothing'}" for name, value in _values(before).items() if value != new[name]]
    return f" (was {', '.join(old)})" if old else ""


def _shown(row: Dated) -> str:
    return ", ".join(f"{name}={value}" for name, value in _values(row).items() if value)


def _values(row: Dated) -> dict[str, str]:
    """The values of a row in words, without its dates and source; empty where the row leaves the usual one."""
    values = {field.name: (getattr(row, field.name), field.default) for field in fields(row)}
    return {
        name: "" if value == usual else _plain(value) for name, (value, usual) in values.items() if name not in _DATES
    }


def _plain(value: Any) -> str:
    match value:
        case None:
            return ""
        case Text():
            return value.en
        case bool():
            return "yes"
        case Mapping():
            return ", ".join(f"{code} {_plain(each)}" for code, each in value.items())
        case tuple() | frozenset():
            return " ".join(sorted(map(_plain, value)) if isinstance(value, frozenset) else map(_plain, value))
        case _:
            return str(value)


def _remark(row: Dated) -> str:
    return f" [{row.source}{'; to verify' if row.verify else ''}]"
