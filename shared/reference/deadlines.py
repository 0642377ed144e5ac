"""Deadlines: first and last days for filing, and the end of the special period."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from shared.clock import end_of_day_jst
from shared.reference.codes import Channel, Procedure
from shared.reference.dated import Dated, Table
from shared.reference.holidays import business_day_from
from shared.reference.periods import add_months


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline(Dated):
    """A length of time with a name: so many months, or so many days."""

    code: str
    months: int = 0
    days: int = 0

    def after(self, day: date) -> date:
        """The last day of the time that begins with an event on `day`."""
        return add_months(day, self.months) + timedelta(days=self.days)

    def before(self, day: date) -> date:
        """The day that lies this long before `day`."""
        return add_months(day, -self.months) - timedelta(days=self.days)


DEADLINES = Table(
    "deadlines",
    lambda row: row.code,
    [
        Deadline(
            code="extension_opens", months=3, source="ISA procedure page, EXTEND: from about 3 months before expiry"
        ),
        Deadline(code="special_period", months=2, source="Immigration Control Act art. 20 (6), 21 (4)"),
        Deadline(code="acquisition", days=30, source="Immigration Control Act art. 22-2 (2)"),
        Deadline(code="acquisition_needed_after", days=60, source="Immigration Control Act art. 22-2 (1)"),
        Deadline(code="coe_validity", months=3, source="Immigration Control Act Enforcement Regulations, COE"),
        Deadline(code="card_materials", days=14, source="ISA completion mail: send within about 14 days", verify=True),
        Deadline(code="requested_documents", days=14, source="Practice: 1 to 2 weeks, set per notice", verify=True),
        Deadline(code="requested_documents_at_most", days=90, source="Project rule"),
        Deadline(code="certificate_age", months=3, source="ISA document lists: issued within 3 months"),
    ],
)
# On how many days before their date people are reminded: of requested documents, of an interview or inquiry.
DOCUMENT_REMINDERS = (7, 2)
INTERVIEW_REMINDERS = (7, 1)
SPECIAL_PERIOD_MIN_STAY_DAYS = 31
EXTENSION_EARLY_MIN_STAY_MONTHS = 6


def special_period_end(expiry: date, applied_on: date, stay_days: int) -> datetime | None:
    """Last moment (UTC) at which the old status still holds while a timely application is pending (特例期間).

    None where the rule does not apply: filed late, or a stay of 30 days or less. A disposition ends it earlier.
    Source: Immigration Control Act art. 20 (6), 21 (4). Months by Civil Code art. 143.
    """
    if applied_on > expiry or stay_days < SPECIAL_PERIOD_MIN_STAY_DAYS:
        return None
    return end_of_day_jst(DEADLINES.get(expiry, "special_period").after(expiry))


def extension_opens_on(expiry: date, granted_on: date | None = None) -> date:
    """First day on which an extension may be filed: 3 months before expiry, halfway through a stay under 6 months.

    Without `granted_on` the stay is taken as 6 months or more. Halfway is practice and not written law.
    """
    if granted_on is not None and expiry < add_months(granted_on, EXTENSION_EARLY_MIN_STAY_MONTHS):
        return granted_on + (expiry - granted_on) / 2
    return DEADLINES.get(expiry, "extension_opens").before(expiry)


def last_filing_day(expiry: date, channel: Channel = Channel.ONLINE) -> date:
    """Last day on which an application counts as in time.

    Online: the day of expiry, also on a holiday, because receipt is immediate. At the counter the next business day
    where that day is an agency holiday. Source: Act on Holidays of Administrative Organs art. 2.
    """
    return expiry if channel is Channel.ONLINE else business_day_from(expiry)


Event = Literal["stay", "cause"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingWindow(Dated):
    """The days on which a procedure can be filed: until the end of the present stay, or for some time after the cause
    of an acquisition. `opens` names the deadline before that end from which on it can; None: from the beginning."""

    procedure: Procedure
    event: Event
    opens: str | None = None


# A certificate of eligibility, and one of authorised employment, know no day by which they must be filed.
FILING_WINDOWS = Table(
    "filing_windows",
    lambda row: row.procedure,
    [
        FilingWindow(
            procedure=Procedure.EXTEND,
            event="stay",
            opens="extension_opens",
            source="ISA procedure page, EXTEND: from about 3 months before expiry, until expiry",
        ),
        FilingWindow(
            procedure=Procedure.CHANGE, event="stay", source="ISA procedure page, CHANGE: from the cause until expiry"
        ),
        FilingWindow(
            procedure=Procedure.ACQUIRE,
            event="cause",
            source="Immigration Control Act art. 22-2 (2)",
        ),
    ],
)


@dataclass(frozen=True, slots=True)
class Window:
    """The first and the last day on which an application is in time, and the event from which they follow.

    None is open on that side; no event is known where both are.
    """

    event: Event | None
    opens: date | None
    closes: date | None


def filing_window(
    procedure: str, day: date, *, expiry: date | None, granted_on: date | None = None, cause_on: date | None = None
) -> Window:
    """The window of an application that would be filed on `day`, as far as its event is known."""
    row = FILING_WINDOWS.find(day, procedure)
    if row is not None and row.event == "stay" and expiry is not None:
        return Window("stay", extension_opens_on(expiry, granted_on) if row.opens else None, last_filing_day(expiry))
    if row is not None and row.event == "cause" and cause_on is not None:
        return Window("cause", cause_on, acquisition_due(cause_on))
    return Window(None, None, None)


def status_needed_after(cause_on: date) -> date:
    """The last day on which a person may stay without a status after birth or loss of nationality on `cause_on`."""
    return DEADLINES.get(cause_on, "acquisition_needed_after").after(cause_on)


def deadline(code: str, day: date) -> Deadline:
    """The named length of time as it is on `day`; raises `NotInRules`."""
    return DEADLINES.get(day, code)


def acquisition_due(cause_on: date) -> date:
    """Last day for acquiring a status after birth or loss of nationality on `cause_on`."""
    return DEADLINES.get(cause_on, "acquisition").after(cause_on)


def coe_valid_until(issued_on: date) -> date:
    """Last day on which a Certificate of Eligibility issued on `issued_on` can be used for landing."""
    return DEADLINES.get(issued_on, "coe_validity").after(issued_on)
