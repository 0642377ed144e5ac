"""The rules that a receipt shows: special period (特例期間), office, fees of the day, usual duration."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from shared.errors import Text
from shared.reference.codes import Channel, Procedure
from shared.reference.deadlines import special_period_end
from shared.reference.fees import Fee, amounts
from shared.reference.offices import OFFICES
from shared.reference.periods import Period, add_months, stay_days
from shared.reference.processing_times import STANDARD_TIMES


def stay_began_on(expiry: date, period: str) -> date | None:
    """The day on which the present stay was granted, counted back from its end; None for a stay without an end."""
    length = Period.parse(period)
    if length.indefinite:
        return None
    return add_months(expiry, -(length.years * 12 + length.months)) - timedelta(days=length.days)


# The procedures that keep a stay going: a certificate or a first status does not.
_KEEP_THE_STAY = frozenset({Procedure.CHANGE, Procedure.EXTEND})


def special_period(procedure: str, expiry: date | None, period: str | None, filed_on: date) -> datetime | None:
    """Until when the old status holds while this application pends (特例期間); None where the rule does not apply.

    `expiry` and `period` are the end and the length of the present stay; an applicant who is abroad has neither.
    """
    if procedure not in _KEEP_THE_STAY or expiry is None or period is None:
        return None
    began = stay_began_on(expiry, period)
    if began is None:
        return None
    return special_period_end(expiry, filed_on, stay_days(began, expiry))


def office_name(code: str, day: date) -> Text:
    """The name of an office on a day."""
    return OFFICES.get(day, code).name


def fees_of(procedures: Iterable[str], day: date) -> tuple[Fee, ...]:
    """Everything that may be paid for an application received on `day`; empty where it is free."""
    rows = (row for procedure in procedures for row in amounts(procedure, Channel.ONLINE, day))
    return tuple(row for row in rows if row.yen)


def standard_period(procedure: str, day: date) -> Text | None:
    """The usual duration of the examination (標準処理期間); None where nothing is published."""
    row = STANDARD_TIMES.find(day, procedure)
    return row.text if row else None
