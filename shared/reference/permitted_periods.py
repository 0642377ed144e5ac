"""Periods of stay that may be granted for a status, by day and procedure."""

from dataclasses import dataclass
from datetime import date

from shared.reference.codes import Procedure
from shared.reference.dated import Dated, Table
from shared.reference.periods import Period

SSW_CHANGE = date(2025, 9, 30)
ENTERTAINER_CHANGE = date(2023, 8, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PermittedPeriods(Dated):
    """The listed `choices`, and any length up to `designated_up_to` where it is set per person (個々に指定).

    `procedure` is empty where the row holds for every procedure that has no row of its own.
    """

    status: str
    procedure: str = ""
    choices: tuple[str, ...] = ()
    designated_up_to: str | None = None

    def permits(self, period: str) -> bool:
        """Whether the period code may be granted; a code that is no period may not."""
        if period in self.choices:
            return True
        try:
            wanted = Period.parse(period)
        except ValueError:
            return False
        return self.designated_up_to is not None and wanted.fits_in(Period.parse(self.designated_up_to))


def _rows(codes: str, choices: str, designated_up_to: str | None = None) -> list[PermittedPeriods]:
    source = "Immigration Control Act Enforcement Regulations, annexed table 2"
    return [
        PermittedPeriods(status=code, choices=tuple(choices.split()), designated_up_to=designated_up_to, source=source)
        for code in codes.split()
    ]


def _ssw1(procedure: Procedure | None, first: date | None, up_to: str | None) -> PermittedPeriods:
    return PermittedPeriods(
        status="SSW1",
        procedure=procedure or "",
        choices=() if up_to else ("Y1", "M6", "M4"),
        designated_up_to=up_to,
        valid_from=first,
        source="ISA notice on Specified Skilled Worker, change of 2025-09-30 (not for COE)",
    )


PERMITTED = Table(
    "permitted_periods",
    lambda row: (row.status, row.procedure),
    [
        *_rows("DIPLOMAT", "DIP"),
        *_rows("OFFICIAL", "Y5 Y3 Y1 M3 D30 D15"),
        *_rows("PROFESSOR ARTIST RELIGIOUS JOURNALIST", "Y5 Y3 Y1 M3"),
        *_rows("LEGAL_ACCT MEDICAL RESEARCHER INSTRUCTOR ENG_HUM_INT ICT NURSING SKILLED", "Y5 Y3 Y1 M3"),
        *_rows("HSP1_A HSP1_B HSP1_C", "Y5"),
        *_rows("HSP2 PR", "INF"),
        *_rows("BUS_MGR", "Y5 Y3 Y1 M6 M4 M3"),
        PermittedPeriods(
            status="ENTERTAINER",
            choices=("Y3", "Y1", "M6", "M3", "D15"),
            source="Older lists of periods",
            verify=True,
        ),
        PermittedPeriods(
            status="ENTERTAINER",
            choices=("Y3", "Y1", "M6", "M3", "D30"),
            valid_from=ENTERTAINER_CHANGE,
            source="Recent lists of periods; date of change not confirmed",
            verify=True,
        ),
        _ssw1(None, None, None),
        _ssw1(None, SSW_CHANGE, "Y3"),
        _ssw1(Procedure.COE, SSW_CHANGE, None),
        PermittedPeriods(
            status="SSW2",
            choices=("Y3", "Y1", "M6"),
            source="ISA notice on Specified Skilled Worker",
        ),
        PermittedPeriods(
            status="SSW2",
            choices=("Y3", "Y2", "Y1", "M6"),
            valid_from=SSW_CHANGE,
            source="ISA notice on Specified Skilled Worker, change of 2025-09-30",
        ),
        *_rows("TITP1_A TITP1_B", "", "Y1"),
        *_rows("TITP2_A TITP2_B TITP3_A TITP3_B", "", "Y2"),
        *(
            PermittedPeriods(status=code, valid_from=date(2027, 4, 1), source="Periods not yet published", verify=True)
            for code in ("ESD", "ICT2")
        ),
        *_rows("CULTURAL", "Y3 Y1 M6 M3"),
        *_rows("TEMP_VISITOR", "D90 D30", "D15"),
        *_rows("STUDENT", "", "Y4M3"),
        *_rows("TRAINEE", "Y1 M6 M3"),
        *_rows("DEPENDENT", "", "Y5"),
        *_rows("DESIGNATED", "Y5 Y3 Y1 M6 M3", "Y5"),
        *_rows("SPOUSE_JP SPOUSE_PR", "Y5 Y3 Y1 M6"),
        *_rows("LTR", "Y5 Y3 Y1 M6", "Y5"),
    ],
)


def permitted_periods(status: str, day: date, procedure: str | None = None) -> PermittedPeriods:
    """The periods that may be granted on `day`: the row of the procedure, or the general one. Raises `NotInRules`."""
    return PERMITTED.get(day, (status, procedure or ""), (status, ""))
