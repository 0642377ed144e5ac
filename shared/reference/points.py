"""Points of highly skilled professionals (高度専門職ポイント計算表): what each answer counts, and how many are needed.

Kinds: `A` academic research (イ), `B` specialised or technical work (ロ), `C` business management (ハ). Items and
options have the codes of the form: `hsp.edu` is `edu`, its option `01` a doctor's degree.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from shared.reference.dated import Dated, Table

KIND_OF_STATUS = {"HSP1_A": "A", "HSP1_B": "B", "HSP1_C": "C"}
RESEARCH = "research"


@dataclass(frozen=True, slots=True, kw_only=True)
class Points(Dated):
    """The points of one answer: `option` of `item` in the table of `kind`."""

    kind: str
    item: str
    option: str
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PassMark(Dated):
    """The points that are needed."""

    code: str = "points"
    points: int


@dataclass(frozen=True, slots=True)
class Score:
    """The points that answers count, by item in the order of the table."""

    parts: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """The sum."""
        return sum(points for _, points in self.parts)


_FORM = "ISA bulk tools 2026: point table of 高度専門職"
_REFERENCE = f"{_FORM}; the points of this item are generally known"
# kinds, item, option: points for each of the kinds.
_ROWS = """
AB  edu 01 30
BC  edu 02 25
AB  edu 03 20
C   edu 04 20
ABC edu 05 10
ABC two_degrees 02 5
A   career 05 15
A   career 07 10
A   career 09 5
B   career 02 20
B   career 04 15
B   career 07 10
B   career 09 5
C   career 01 25
C   career 03 20
C   career 06 15
C   career 08 10
AB  age 00 15
AB  age 01 10
AB  age 02 5
AB  salary 01 40
AB  salary 02 35
AB  salary 03 30
AB  salary 04 25
AB  salary 05 20
AB  salary 06 15
AB  salary 07 10
C   salary 12 50
C   salary 13 40
C   salary 14 30
C   salary 15 20
C   salary 16 10
C   position 01 10
C   position 02 5
B   licences 01 10
B   licences 02 5
ABC add1.innovation 01 10
ABC add1.innovation_sme 01 10
ABC add1.local_gov 01 10
ABC add2.rd_sme 02 5
ABC add3.foreign_licence 02 5
ABC add4.japan 01 25
ABC add4.japan 02 15
ABC add4.japan 03 10
ABC add4.japan 04 10
ABC add5.growth 01 10
ABC add6.university 01 10
ABC add7.jica 02 5
C   investment 02 5
BC  asset_management 01 10
"""
# Research achievements count by how many of the four kinds there are.
_RESEARCH_ROWS = """
A research 1 20
A research 2 25
B research 1 15
B research 2 15
"""


def _rows(text: str, source: str, *, verify: bool) -> Iterator[Points]:
    for line in text.split("\n"):
        if line:
            kinds, item, option, points = line.split()
            for kind in kinds:
                yield Points(kind=kind, item=item, option=option, points=int(points), source=source, verify=verify)


POINTS = Table(
    "points",
    lambda row: (row.kind, row.item, row.option),
    [*_rows(_ROWS, _FORM, verify=False), *_rows(_RESEARCH_ROWS, _REFERENCE, verify=True)],
)
PASS_MARKS = Table(
    "pass_marks", lambda row: row.code, [PassMark(points=70, source="Ministerial ordinance on 高度専門職")]
)


def score(kind: str, answers: Mapping[str, str], research: int, day: date) -> Score:
    """The points of `answers` (option by item) with so many kinds of research achievements, by the table of `kind`.

    An answer that the table does not have counts nothing.
    """
    given = {**answers, RESEARCH: str(min(research, 2))}
    counted = {row.item: row.points for row in POINTS.on(day) if row.kind == kind and given.get(row.item) == row.option}
    return Score(tuple(counted.items()))


def points_needed(day: date) -> int:
    """The points that are needed on `day`."""
    return PASS_MARKS.get(day, "points").points
