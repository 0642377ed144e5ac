"""The line of a list of receipts for an application that was filed with an import."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.application.filing.domain.receipt import fees_of, office_name
from services.application.forms.catalogue import form_of
from services.application.forms.field import Form
from services.application.papers.receipts import ReceiptLine
from shared.errors import Text
from shared.reference.procedures import PROCEDURES
from shared.reference.statuses import STATUSES

_PROCEDURES = {str(row.code): row.name for row in PROCEDURES.rows}
_STATUSES = {str(row.code): row.name for row in STATUSES.rows}


@dataclass(frozen=True, slots=True)
class FiledRow:
    """A row that was filed, with what its application says; `position` is its place in the file, `number` that in its
    sheet."""

    position: int
    key: str
    receipt_number: str
    procedure: str
    combined_with: Sequence[str]
    status_of_residence: str
    submitted_at: datetime
    legal_date: date
    office: str
    form_version: str
    form: str
    sheet: str
    number: int

    def line(self) -> ReceiptLine:
        """The row in words."""
        procedures = (self.procedure, *self.combined_with)
        names = [_PROCEDURES[code] for code in procedures]
        return ReceiptLine(
            receipt_number=self.receipt_number,
            applicant=form_of(self.form_version).fact("name", Form(json.loads(self.form))) or "",
            key=self.key,
            procedures=Text("、".join(name.ja for name in names), ", ".join(name.en for name in names)),
            status_of_residence=_STATUSES[self.status_of_residence],
            received_at=self.submitted_at,
            office=office_name(self.office, self.legal_date),
            fee=fee_words(procedures, self.legal_date),
        )


def fee_words(procedures: Sequence[str], day: date) -> Text:
    """The least and the most that may be paid for everything that was filed together on a day."""
    found = [[row.yen for row in fees_of([procedure], day)] or [0] for procedure in procedures]
    least, most = sum(min(each) for each in found), sum(max(each) for each in found)
    if not most:
        return Text("なし", "none")
    if least == most:
        return Text("{most}円", "{most} yen").with_values(most=most)
    return Text("{least}～{most}円", "{least} to {most} yen").with_values(least=least, most=most)
