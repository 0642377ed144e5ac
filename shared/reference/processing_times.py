"""Duration of examinations: the published standard and the measured average."""

from dataclasses import dataclass
from datetime import date

from shared.errors import Text
from shared.reference.codes import Procedure
from shared.reference.dated import Dated, Table
from shared.reference.usage_documents import Occasion


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardTime(Dated):
    """The standard processing period of a procedure (標準処理期間); 0 days is the same day. Its days count from the
    receipt, unless `from_receipt` is false."""

    procedure: Procedure
    text: Text
    shortest_days: int
    longest_days: int
    from_receipt: bool = True


def _standard(procedure: Procedure, text: Text, shortest: int, longest: int, from_receipt: bool = True) -> StandardTime:
    return StandardTime(
        procedure=procedure,
        text=text,
        shortest_days=shortest,
        longest_days=longest,
        from_receipt=from_receipt,
        source="ISA procedure pages: standard processing periods",
    )


STANDARD_TIMES = Table(
    "standard_times",
    lambda row: row.procedure,
    [
        _standard(Procedure.COE, Text("1か月～3か月", "1 to 3 months"), 30, 90),
        _standard(Procedure.CHANGE, Text("2週間～1か月", "2 weeks to 1 month"), 14, 30),
        _standard(Procedure.EXTEND, Text("2週間～1か月", "2 weeks to 1 month"), 14, 30),
        _standard(
            Procedure.ACQUIRE, Text("事由発生から60日以内", "within 60 days of the cause"), 0, 60, from_receipt=False
        ),
        _standard(Procedure.PR, Text("4か月", "4 months"), 120, 120),
        _standard(Procedure.REENTRY, Text("当日", "the same day"), 0, 0),
        _standard(Procedure.EXTRA_ACT, Text("2週間～2か月", "2 weeks to 2 months"), 14, 60),
        _standard(
            Procedure.WORKCERT,
            Text("当日（転職後は1か月～3か月）", "the same day; 1 to 3 months after changing employer"),
            0,
            90,
        ),
    ],
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualTime(Dated):
    """The usual duration of the examination of a usage registration (利用申出), once everything has arrived."""

    code: Occasion
    text: Text


USUAL_TIMES = Table(
    "usual_times",
    lambda row: row.code,
    [
        UsualTime(
            code="usage_registration",
            text=Text("1週間から2週間程度", "one to two weeks"),
            source="No published period: this project's estimate",
            verify=True,
        )
    ],
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AverageTime(Dated):
    """Average days from receipt to notice of permission, over the grants of `month` (its first day).

    Waiting for documents and for the applicant's visit is in it; refusals and withdrawals are not.
    """

    procedure: Procedure
    status: str
    month: date
    days: float


_NOVEMBER_2025 = {
    "BUS_MGR": (137.5, 48.0, 65.7),
    "ENG_HUM_INT": (63.2, 38.4, 41.6),
    "SKILLED": (88.2, 29.0, 44.3),
    "SSW1": (75.1, 38.6, 58.5),
    "SPOUSE_JP": (84.5, 44.9, 58.9),
    "DEPENDENT": (86.4, 36.3, 30.3),
}
# Month of the grants, and the day from which on the figure is shown.
_LATER = (
    (Procedure.COE, "ENG_HUM_INT", date(2026, 5, 1), date(2026, 8, 1), 62.9),
    (Procedure.COE, "STUDENT", date(2026, 5, 1), date(2026, 8, 1), 41.0),
    (Procedure.PR, "PR", date(2026, 7, 1), date(2026, 10, 1), 310.2),
)
AVERAGE_TIMES = Table(
    "average_times",
    lambda row: (row.procedure, row.status),
    [
        AverageTime(
            procedure=procedure,
            status=status,
            month=date(2025, 11, 1),
            days=days,
            source="ISA monthly averages, grants of 2025-11",
        )
        for status, averages in _NOVEMBER_2025.items()
        for procedure, days in zip((Procedure.COE, Procedure.EXTEND, Procedure.CHANGE), averages, strict=True)
    ]
    + [
        AverageTime(
            procedure=procedure,
            status=status,
            month=month,
            days=days,
            valid_from=known,
            source="ISA monthly averages, third-party copies; day of publication not confirmed",
            verify=True,
        )
        for procedure, status, month, known, days in _LATER
    ],
)
