"""What holds on one day: the entry point for services."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from shared.reference import (
    deadlines,
    documents,
    fees,
    files,
    forms,
    notification_kinds,
    offices,
    organisations,
    passwords,
    permitted_periods,
    procedures,
    processing_times,
    receipt_numbers,
    rights,
    statuses,
)
from shared.reference.codes import Category, Channel


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules in force on `day` (a day in Japan). Immutable; every method is a pure function of its arguments.

    Procedures, statuses, categories and so on are given by code. A code that does not hold on the day raises
    `NotInRules`, except where a method answers yes or no and says otherwise.
    """

    day: date

    def fee(
        self,
        procedure: str,
        channel: str = Channel.ONLINE,
        received_on: date | None = None,
        option: str = "",
        stay: str | None = None,
    ) -> int:
        """Yen to pay on grant for an application received on that day (default: `day`). See `fees.fee`."""
        return fees.fee(procedure, channel, received_on or self.day, option=option, stay=stay)

    def required_documents(
        self, procedure: str, status: str, category: str | None = None, channel: str = Channel.ONLINE
    ) -> tuple[documents.RequiredDocument, ...]:
        """What is asked for; without a proven category, what category 4 is asked for."""
        return documents.required_documents(procedure, status, category, self.day, channel)

    def permitted_periods(self, status: str, procedure: str | None = None) -> permitted_periods.PermittedPeriods:
        """Which periods of stay may be granted."""
        return permitted_periods.permitted_periods(status, self.day, procedure)

    def may_file(
        self,
        role: str,
        procedure: str,
        *,
        status: str | None = None,
        age: int | None = None,
        unable: bool = False,
    ) -> bool:
        """Whether a user class may file the procedure; False for unknown codes. See `rights.may_file`."""
        return rights.may_file(role, procedure, self.day, status=status, age=age, unable=unable)

    def online(
        self,
        status: str,
        procedure: str,
        *,
        present_status: str | None = None,
        designation: str | None = None,
        together_with: str | None = None,
    ) -> bool:
        """Whether the procedure for the wanted status can be filed online by somebody who holds `present_status`.

        REENTRY and EXTRA_ACT only `together_with` a main procedure.
        """
        return procedures.is_online(procedure, self.day, together_with=together_with) and statuses.online(
            status, procedure, self.day, present_status=present_status, designation=designation
        )

    def combination_allowed(self, main: str, added: str) -> bool:
        """Whether `added` may be filed in one application with `main`."""
        return procedures.combination_allowed(main, added, self.day)

    def parallel_allowed(self, pending: str, second: str) -> bool:
        """Whether a person with an open application `pending` may open another one."""
        return procedures.parallel_allowed(pending, second)

    def needs_photo(self, procedure: str, status: str, age: int) -> bool:
        """Whether an applicant of that age (years) needs a photo."""
        return files.needs_photo(procedure, status, age, self.day)

    def photo_rules(self) -> files.PhotoRules:
        """Size, recency and formats of the photo."""
        return files.photo_rules(self.day)

    def file_limits(self) -> files.FileLimits:
        """How many files, how many bytes, what a PDF may not have."""
        return files.file_limits(self.day)

    def row_limit(self, code: str) -> forms.RowLimit:
        """How many rows a repeating list of the form may have: `family`, `jobs`, `industries`, `occupations`."""
        return forms.ROW_LIMITS.get(self.day, code)

    def special_period_end(self, expiry: date, applied_on: date, stay_days: int) -> datetime | None:
        """End of the special period (特例期間) as UTC, or None where there is none."""
        return deadlines.special_period_end(expiry, applied_on, stay_days)

    def extension_opens_on(self, expiry: date, granted_on: date | None = None) -> date:
        """First day on which an extension may be filed."""
        return deadlines.extension_opens_on(expiry, granted_on)

    def last_filing_day(self, expiry: date, channel: Channel = Channel.ONLINE) -> date:
        """Last day on which an application counts as in time."""
        return deadlines.last_filing_day(expiry, channel)

    def deadline(self, code: str) -> deadlines.Deadline:
        """A named length of time, e.g. `requested_documents`."""
        return deadlines.DEADLINES.get(self.day, code)

    def office(self, code: str) -> offices.Office:
        """The office of that code."""
        return offices.OFFICES.get(self.day, code)

    def office_for(self, address: str) -> offices.Office:
        """The office that handles an address or prefecture. See `offices.prefecture_of`."""
        return offices.office_for(address, self.day)

    def receipt_number(self, office: str, procedure: str, section: str, serial: int) -> str:
        """The receipt number of the `serial`-th application that the office received this year."""
        return receipt_numbers.receipt_number(office, procedure, section, self.day, serial)

    def registration_validity(self, starts_on: date | None = None) -> organisations.RegistrationValidity:
        """How long a registration or report approved on `day` lasts, counted from `starts_on` (default: `day`)."""
        return organisations.registration_validity(self.day, starts_on)

    def treated_as(self, category: str, *, registration_approved: bool, report_approved: bool) -> Category:
        """The category whose documents are asked of an organisation."""
        return organisations.treated_as(
            category, registration_approved=registration_approved, report_approved=report_approved
        )

    def password_rules(self) -> passwords.PasswordRules:
        """What a password set on `day` must be."""
        return passwords.password_rules(self.day)

    def procedure(self, code: str) -> procedures.ProcedureRule:
        """Name, article, form and letter of a procedure."""
        return procedures.PROCEDURES.get(self.day, code)

    def procedures(self) -> tuple[procedures.ProcedureRule, ...]:
        """All procedures."""
        return procedures.PROCEDURES.on(self.day)

    def status(self, code: str) -> statuses.Status:
        """Name, annex and form sections of a status of residence."""
        return statuses.status(code, self.day)

    def statuses(self) -> tuple[statuses.Status, ...]:
        """All statuses of residence."""
        return statuses.STATUSES.on(self.day)

    def standard_time(self, procedure: str) -> processing_times.StandardTime:
        """The standard processing period."""
        return processing_times.STANDARD_TIMES.get(self.day, procedure)

    def average_time(self, procedure: str, status: str) -> processing_times.AverageTime | None:
        """The published average, or None where none is known."""
        return processing_times.AVERAGE_TIMES.find(self.day, (procedure, status))

    def notification_kind(self, code: str) -> notification_kinds.NotificationKind:
        """Who is told, and when before a deadline."""
        return notification_kinds.NOTIFICATION_KINDS.get(self.day, code)


@lru_cache(maxsize=64)
def rules_on(day: date) -> Rules:
    """The rules in force on `day`; use `shared.clock.legal_date(now)` for "today"."""
    return Rules(day)
