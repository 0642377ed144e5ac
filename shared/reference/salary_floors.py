"""Floors of pay by status of residence: a yearly or hourly amount in law, and pay like that of a Japanese worker.

They are for hints to officers alone: what a contract pays in all (bonuses, allowances) a form does not ask.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.errors import Text
from shared.reference.dated import Dated, Table


class Per(StrEnum):
    """The time for which an amount is paid."""

    YEAR = "year"
    HOUR = "hour"


@dataclass(frozen=True, slots=True, kw_only=True)
class SalaryFloor(Dated):
    """The least pay of a status of residence. `special`: for those who use the scheme without points (J-Skip)."""

    status: str
    per: Per
    yen: int
    name: Text
    special: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EqualPay(Dated):
    """A status of residence whose criteria ask for pay not below that of a Japanese in the same work."""

    status: str


_POINTS = "Ministerial Ordinance on highly skilled professionals, art. 1: 3,000,000 yen a year in total"
_SKIP = "ISA bulk tools 2026 on J-Skip; amount from memory"
_WAGE = (
    "Lowest of the regional minimum wages of fiscal 2025, in force everywhere from 2026-03-31; fiscal 2026 not known"
)
_LEAST = Text("高度専門職の最低年収", "The least yearly pay of a highly skilled professional")
_SPECIAL = Text("特別高度人材の年収", "The yearly pay of a special highly skilled professional")
_MINIMUM = Text("最も低い地域別最低賃金", "The lowest of the regional minimum wages")

SALARY_FLOORS = Table(
    "salary_floors",
    lambda row: (row.status, row.per, row.special),
    [
        *(
            SalaryFloor(status=status, per=Per.YEAR, yen=3_000_000, name=_LEAST, source=_POINTS)
            for status in ("HSP1_B", "HSP1_C")
        ),
        *(
            SalaryFloor(status=status, per=Per.YEAR, yen=yen, name=_SPECIAL, special=True, source=_SKIP, verify=True)
            for status, yen in (("HSP1_A", 20_000_000), ("HSP1_B", 20_000_000), ("HSP1_C", 40_000_000))
        ),
        *(
            SalaryFloor(
                status=status,
                per=Per.HOUR,
                yen=1_023,
                name=_MINIMUM,
                valid_from=date(2026, 3, 31),
                source=_WAGE,
                verify=True,
            )
            for status in ("SSW1", "SSW2")
        ),
    ],
)
EQUAL_PAY = Table(
    "equal_pay",
    lambda row: row.status,
    [
        *(
            EqualPay(
                status=status, source="Ordinance on criteria for landing permission (基準省令), the item of the status"
            )
            for status in ("ENG_HUM_INT", "RESEARCHER", "INSTRUCTOR", "ICT", "SKILLED", "NURSING")
        ),
        *(
            EqualPay(status=status, source="Ordinance on contracts of specified skilled workers, art. 1")
            for status in ("SSW1", "SSW2")
        ),
    ],
)


def salary_floors(status: str, *, special: bool, day: date) -> Iterator[SalaryFloor]:
    """The floors of a status of residence on a day."""
    return (row for row in SALARY_FLOORS.on(day) if row.status == status and row.special is special)


def needs_equal_pay(status: str, day: date) -> bool:
    """Whether the criteria of a status of residence ask for pay like that of a Japanese."""
    return EQUAL_PAY.find(day, status) is not None
