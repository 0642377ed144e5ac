"""Periods of stay that may be granted for a status, and those that can be asked for, by day, procedure and activity."""

from dataclasses import dataclass
from datetime import date

from shared.errors import Text
from shared.reference.activities import ACTIVITIES
from shared.reference.codes import Procedure
from shared.reference.dated import Dated, Table
from shared.reference.periods import Period, monthly, period_name

SSW_CHANGE = date(2025, 9, 30)
ENTERTAINER_CHANGE = date(2023, 8, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PermittedPeriods(Dated):
    """The listed `choices`, the longest first, and any length up to `designated_up_to` where the law lets it be set per
    person (個々に指定).

    `any_length`: such a length can be asked for as well; otherwise only the choices can. Empty `procedure` or
    `activity` means every one without a row of its own.
    """

    status: str
    procedure: str = ""
    activity: str = ""
    choices: tuple[str, ...] = ()
    designated_up_to: str | None = None
    any_length: bool = False

    def permits(self, period: str) -> bool:
        """Whether the period code may be granted; a code that is no period may not."""
        if period in self.choices:
            return True
        try:
            wanted = Period.parse(period)
        except ValueError:
            return False
        return self.designated_up_to is not None and wanted.fits_in(Period.parse(self.designated_up_to))

    def offers(self, period: str) -> bool:
        """Whether the period code can be asked for."""
        return period in self.choices or (self.any_length and self.permits(period))

    @property
    def offered(self) -> Text:
        """The periods that can be asked for, in words: every choice, or the shortest and the longest of many."""
        if self.any_length and self.designated_up_to:
            most = period_name(self.designated_up_to)
            return Text("{most}までの期間", "any period of at most {most}").with_values(most=most)
        names = [period_name(code) for code in self.choices]
        if len(names) <= _SHOWN:
            return Text("{names}", "{names}").with_values(names=names)
        longest, shortest = names[0], names[-1]
        return Text(
            "{shortest}から{longest}までの月単位の期間", "{shortest} to {longest}, in whole months"
        ).with_values(shortest=shortest, longest=longest)


# Lists no longer than this are named one by one.
_SHOWN = 9
_LAW = "Immigration Control Act Enforcement Regulations, annexed table 2"
_TOOL = f"{_LAW}; offered as in the ISA bulk tools of 2026"


def _rows(codes: str, choices: str, designated_up_to: str | None = None) -> list[PermittedPeriods]:
    return [
        PermittedPeriods(status=code, choices=tuple(choices.split()), designated_up_to=designated_up_to, source=_LAW)
        for code in codes.split()
    ]


def _in_months(codes: str, shortest: str, longest: str) -> list[PermittedPeriods]:
    """Set per person by law, and offered in steps of a month."""
    return [
        PermittedPeriods(status=code, choices=monthly(shortest, longest), designated_up_to=longest, source=_TOOL)
        for code in codes.split()
    ]


def _ssw1(procedure: Procedure | None, first: date | None, choices: tuple[str, ...]) -> PermittedPeriods:
    return PermittedPeriods(
        status="SSW1",
        procedure=procedure or "",
        choices=choices,
        designated_up_to="Y3" if "Y3" in choices else None,
        valid_from=first,
        source="ISA notice on Specified Skilled Worker, change of 2025-09-30 (not for COE); months by the bulk tools",
    )


def _designated(activity: str, resembles: str) -> PermittedPeriods:
    family = resembles == "DEPENDENT"
    return PermittedPeriods(
        status="DESIGNATED",
        activity=activity,
        choices=monthly("M1", "Y5") if family else ("Y5", "Y3", "Y1", "M3"),
        designated_up_to="Y5",
        source="ISA bulk tools of 2026: periods offered with those of the status that it resembles",
        verify=True,
    )


_SSW1_BEFORE = ("Y1", "M6", "M4")
PERMITTED = Table(
    "permitted_periods",
    lambda row: (row.status, row.procedure, row.activity),
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
        _ssw1(None, None, _SSW1_BEFORE),
        _ssw1(None, SSW_CHANGE, monthly("M4", "Y3")),
        _ssw1(Procedure.COE, SSW_CHANGE, _SSW1_BEFORE),
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
        *_in_months("TITP1_A TITP1_B", "M4", "Y1"),
        *_in_months("TITP2_A TITP2_B", "M1", "Y2"),
        *_in_months("TITP3_A TITP3_B", "M4", "Y2"),
        *(
            PermittedPeriods(status=code, valid_from=date(2027, 4, 1), source="Periods not yet published", verify=True)
            for code in ("ESD", "ICT2")
        ),
        *_rows("CULTURAL", "Y3 Y1 M6 M3"),
        *_rows("TEMP_VISITOR", "D90 D30", "D15"),
        *_in_months("STUDENT", "M1", "Y4M3"),
        PermittedPeriods(
            status="TRAINEE",
            choices=("Y2", "Y1", "M6", "M3"),
            source="ISA bulk tools of 2026; older lists of periods do not have two years",
            verify=True,
        ),
        *_in_months("DEPENDENT", "M1", "Y5"),
        PermittedPeriods(
            status="DESIGNATED",
            choices=("Y5", "Y3", "Y1", "M6", "M3"),
            designated_up_to="Y5",
            any_length=True,
            source=_TOOL,
        ),
        *(
            _designated(row.code, row.resembles)
            for row in ACTIVITIES.rows
            if row.status == "DESIGNATED" and row.resembles
        ),
        *_rows("SPOUSE_JP SPOUSE_PR", "Y5 Y3 Y1 M6"),
        *_rows("LTR", "Y5 Y3 Y1 M6", "Y5"),
    ],
)


def permitted_periods(
    status: str, day: date, procedure: str | None = None, activity: str | None = None
) -> PermittedPeriods:
    """The periods that may be granted on `day`: the row of procedure or activity, or the general one.

    Raises `NotInRules`.
    """
    asked = [(status, p, a) for p in (procedure or "", "") for a in (activity or "", "")]
    return PERMITTED.get(day, *asked)
