"""Japanese eras (元号). Source: Era Name Act (元号法) and the cabinet orders that begin each era."""

import re
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Era:
    """An era with its first and last day; the present one has no last day. Until 1926 a day of change has two eras."""

    name: str
    letter: str
    first: date
    last: date | None

    def year(self, number: int) -> int:
        """Its year `number` in the Western calendar; the first year (元年) is 1."""
        return self.first.year + number - 1

    def has(self, day: date) -> bool:
        """Whether `day` lies in it."""
        return self.first <= day <= (self.last or date.max)

    def has_month(self, year: int, month: int) -> bool:
        """Whether a day of that month lies in it."""
        last = self.last or date.max
        return (self.first.year, self.first.month) <= (year, month) <= (last.year, last.month)

    def has_year(self, year: int) -> bool:
        """Whether a day of that year lies in it."""
        return self.first.year <= year <= (self.last or date.max).year


ERAS = (
    Era("明治", "M", date(1868, 1, 25), date(1912, 7, 30)),
    Era("大正", "T", date(1912, 7, 30), date(1926, 12, 25)),
    Era("昭和", "S", date(1926, 12, 25), date(1989, 1, 7)),
    Era("平成", "H", date(1989, 1, 8), date(2019, 4, 30)),
    Era("令和", "R", date(2019, 5, 1), None),
)
_BY_SIGN = {sign: era for era in ERAS for sign in (era.name, era.letter, era.name[0])}
_BEGINNING = re.compile(r"(明治|大正|昭和|平成|令和|[MTSHR明大昭平令])[.-]?(元|\d{1,2})(?=[-/.年]|$)")


def split_era(written: str) -> tuple[Era, int, str] | None:
    """The era that `written` begins with, the year in it, and the rest; None where it begins with none.

    `written` is in half width, in upper case, without spaces: `令和3年4月1日`, `R3.4.1`, `平成元年1月8日`.
    """
    found = _BEGINNING.match(written)
    if found is None:
        return None
    return _BY_SIGN[found[1]], 1 if found[2] == "元" else int(found[2]), written[found.end() :]
