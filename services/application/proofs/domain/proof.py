"""The facts of a proof."""

from dataclasses import dataclass
from datetime import date, datetime

from services.application.papers.codes import Proven
from services.application.progress.domain import Progress
from services.application.proofs.domain.standing import is_pending
from shared.clock import legal_date
from shared.errors import Text
from shared.reference.offices import OFFICES
from shared.reference.procedures import PROCEDURES
from shared.reference.statuses import STATUSES


@dataclass(frozen=True, slots=True)
class Filed:
    """A filed application as a proof sees it. `applicant` and `birth_year` stand on the holder's own copy alone."""

    receipt_number: str
    procedures: tuple[str, ...]
    status_of_residence: str
    office: str
    received_on: date
    stay_expiry: date | None
    special_period_end: datetime | None
    state: str
    progress: Progress
    applicant: str
    birth_year: str

    @property
    def pending(self) -> bool:
        """Whether no disposition has taken effect."""
        return is_pending(self.procedures[0], self.state, self.progress)

    @property
    def special_period_day(self) -> date | None:
        """The last day of the special period, in Japan."""
        return legal_date(self.special_period_end) if self.special_period_end else None

    @property
    def procedure_names(self) -> tuple[Text, ...]:
        """The procedures in words, those that were filed together with the first one behind it."""
        return tuple(PROCEDURES.get(self.received_on, code).name for code in self.procedures)

    @property
    def office_name(self) -> Text:
        """The office in words."""
        return OFFICES.get(self.received_on, self.office).name

    @property
    def status_name(self) -> Text:
        """The status of residence in words."""
        return next(row.name for row in STATUSES.rows if row.code == self.status_of_residence)

    def proven(self, issued_on: date) -> Proven:
        """The facts that its code says."""
        return Proven(self.receipt_number, self.received_on, self.special_period_day, issued_on)
