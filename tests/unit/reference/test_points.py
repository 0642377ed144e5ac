"""The point table of highly skilled professionals: its sums, its bounds, and that more is never less."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.reference.points import POINTS, RESEARCH, points_needed, score

TODAY = date(2026, 11, 29)
KINDS = "ABC"


def options(kind: str, item: str) -> dict[str, int]:
    """The points of each option of an item; of none the empty one."""
    rows = {row.option: row.points for row in POINTS.on(TODAY) if (row.kind, row.item) == (kind, item)}
    return {"00x": 0} | rows


def items(kind: str) -> list[str]:
    return sorted({row.item for row in POINTS.on(TODAY) if row.kind == kind and row.item != RESEARCH})


@st.composite
def answered(draw: st.DrawFn) -> tuple[str, dict[str, str], int]:
    kind = draw(st.sampled_from(KINDS))
    chosen = {item: draw(st.sampled_from(sorted(options(kind, item)))) for item in items(kind)}
    return kind, chosen, draw(st.integers(0, 4))


@pytest.mark.parametrize(
    ("kind", "answers", "research", "total"),
    [
        ("A", {"edu": "01", "career": "05", "age": "01", "salary": "05"}, 1, 30 + 15 + 10 + 20 + 20),
        ("A", {"edu": "01"}, 4, 30 + 25),
        (
            "B",
            {"edu": "02", "career": "02", "age": "00", "salary": "01", "licences": "01"},
            3,
            25 + 20 + 15 + 40 + 10 + 15,
        ),
        (
            "C",
            {"edu": "02", "career": "01", "salary": "12", "position": "01", "investment": "02"},
            2,
            25 + 25 + 50 + 10 + 5,
        ),
        ("B", {"edu": "05", "add4.japan": "01", "add6.university": "01"}, 0, 10 + 25 + 10),
        ("C", {"edu": "01", "age": "00"}, 0, 0),
    ],
)
def test_the_sum_of_a_table(kind: str, answers: dict[str, str], research: int, total: int) -> None:
    assert score(kind, answers, research, TODAY).total == total


def test_seventy_points_are_needed() -> None:
    assert points_needed(TODAY) == 70


@given(answered())
def test_the_points_lie_between_nothing_and_all(case: tuple[str, dict[str, str], int]) -> None:
    kind, answers, research = case
    most = sum(max(options(kind, item).values()) for item in items(kind)) + max(options(kind, RESEARCH).values())
    counted = score(kind, answers, research, TODAY)
    assert 0 <= counted.total <= most
    assert counted.total == sum(points for _, points in counted.parts)


@given(answered(), st.data())
def test_a_better_answer_never_counts_less(case: tuple[str, dict[str, str], int], data: st.DataObject) -> None:
    kind, answers, research = case
    item = data.draw(st.sampled_from(items(kind)))
    worth = options(kind, item)
    better = data.draw(st.sampled_from([option for option in worth if worth[option] >= worth[answers[item]]]))
    before = score(kind, answers, research, TODAY).total
    assert score(kind, answers | {item: better}, research, TODAY).total == before - worth[answers[item]] + worth[better]
    assert score(kind, answers, research + 1, TODAY).total >= before


def test_what_the_table_does_not_have_counts_nothing() -> None:
    assert score("A", {"position": "01", "licences": "01", "edu": "99"}, 0, TODAY).parts == ()
    assert score("X", {"edu": "01"}, 2, TODAY).parts == ()
