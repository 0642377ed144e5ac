"""Tables of a draft, changed by position: two people may work on one table, and nothing of either is lost."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.application.filing.domain.answers import patched, read_patch
from services.application.filing.domain.changes import Collision, collisions
from services.application.filing.domain.tables import read_cells
from services.application.forms.extend.n import EXTEND_N
from services.application.forms.field import Rows, pointer_of
from services.application.progress.domain import Change, Changes
from shared.ids import new_id

STATUS, NOW = "ENG_HUM_INT", datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
TABLE = next(item for item in EXTEND_N.items if isinstance(item, Rows) and item.code == "family")
VALUES: dict[str, list[Any]] = {
    "relationship": ["REL01", "REL03", None],
    "nationality": ["VNM", "CHN", None],
    "lives_together": [True, False, None],
    "birth_date": ["1996-01", "2001-12", None],
}
ROW = st.fixed_dictionaries({column: st.sampled_from(values[:2]) for column, values in VALUES.items()})


@dataclass(frozen=True)
class Kept:
    """A draft as the rules of merging see it."""

    answers: dict[str, Any]
    changes: Changes = field(default_factory=lambda: Changes({}))
    revision: int = 1

    @property
    def rows(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.answers.get("family") or []
        return rows


def change(kept: Kept, patch: Any, since: int, who: UUID) -> Kept | tuple[Collision, ...]:
    """The draft after a patch of its table that started from revision `since`, or what collides."""
    cells = read_cells(EXTEND_N, STATUS, {"family": patch}, kept.answers)
    entered, problems = read_patch(EXTEND_N, STATUS, cells.patch)
    assert not [*cells.problems, *problems]
    wanted, present = cells.values(entered), cells.values(kept.answers)
    if found := collisions(kept.changes, since, wanted, present):
        return found
    changed = [pointer for pointer, value in wanted.items() if value != present.get(pointer)]
    if not changed:
        return kept
    done = Change(kept.revision + 1, who, NOW)
    return replace(
        kept,
        answers=patched(kept.answers, entered),
        changes=kept.changes.with_changed(changed, done),
        revision=kept.revision + 1,
    )


def cells_of(patch: dict[str, dict[str, Any]]) -> dict[tuple[int, str], Any]:
    return {(int(number), column): value for number, row in patch.items() for column, value in row.items()}


Draw = dict[tuple[int, str], int]
DRAWS = st.dictionaries(st.tuples(st.integers(0, 3), st.sampled_from(sorted(VALUES))), st.integers(0, 2), min_size=1)


def patch_of(draw: Draw, rows: int) -> dict[str, dict[str, Any]]:
    """A patch of cells in a table of so many rows."""
    patch: dict[str, dict[str, Any]] = {}
    for (number, column), choice in draw.items():
        patch.setdefault(str(number % rows), {})[column] = VALUES[column][choice]
    return patch


@given(st.lists(ROW, min_size=1, max_size=4), DRAWS, DRAWS)
def test_cells_of_two_people_merge_in_either_order_and_the_same_cell_collides(
    rows: list[dict[str, Any]], one_draw: Draw, other_draw: Draw
) -> None:
    mine, yours = patch_of(one_draw, len(rows)), patch_of(other_draw, len(rows))
    begun = Kept({"family": rows})
    us = new_id(), new_id()
    first, second = cells_of(mine), cells_of(yours)
    start = {(number, column): value for number, row in enumerate(rows) for column, value in row.items()}
    differ = {place for place in first.keys() & second.keys() if first[place] != second[place]}
    met = {place for place in differ if start[place] != first[place]}
    one = change(begun, mine, 1, us[0])
    assert isinstance(one, Kept)
    both = change(one, yours, 1, us[1])
    if met:
        assert isinstance(both, tuple)
        pointers = {f"{pointer_of('family')}/{number}/{column}" for number, column in met}
        assert {collision.pointer for collision in both} == pointers
        assert {(c.yours, c.theirs) for c in both} == {(second[place], first[place]) for place in met}
        assert {collision.change.account_id for collision in both} == {us[0]}
        both = change(one, yours, one.revision, us[1])
    assert isinstance(both, Kept)
    wanted = {**start, **first, **second}
    kept = {(n, column): row.get(column) for n, row in enumerate(both.rows) for column in VALUES}
    assert kept == {place: wanted[place] for place in kept}
    assert change(both, yours, 1, us[1]) == both or met, "a patch that is sent again changes nothing"
    if not differ:
        other = change(begun, yours, 1, us[1])
        assert isinstance(other, Kept)
        again = change(other, mine, 1, us[0])
        assert isinstance(again, Kept)
        assert again.rows == both.rows


@given(st.lists(ROW, min_size=2, max_size=4), st.data())
def test_a_row_that_goes_collides_with_every_change_of_the_table(
    rows: list[dict[str, Any]], data: st.DataObject
) -> None:
    """The others move up: a cell by its old position would be another person's."""
    begun, us = Kept({"family": rows}), (new_id(), new_id())
    gone = {str(data.draw(st.integers(0, len(rows) - 1))): None}
    number = data.draw(st.integers(0, len(rows) - 1))
    other = {"VNM": "CHN", "CHN": "VNM"}
    cell = {str(number): {"nationality": other[rows[number]["nationality"]]}}
    for first, second in ((gone, cell), (cell, gone)):
        one = change(begun, first, 1, us[0])
        assert isinstance(one, Kept)
        cells = read_cells(EXTEND_N, STATUS, {"family": second}, one.answers)
        met = cells.problems or change(one, second, 1, us[1])
        value = number < len(one.rows) and one.rows[number]["nationality"] == cell[str(number)]["nationality"]
        assert isinstance(met, list | tuple) or (second is cell and value), "the same value changes nothing"


def test_rows_that_two_people_add_at_one_place_collide() -> None:
    """They are never put together into one."""
    begun, us = Kept({}), (new_id(), new_id())
    one = change(begun, {"0": {"relationship": "REL03"}}, 1, us[0])
    assert isinstance(one, Kept)
    (met,) = change(one, {"0": {"nationality": "VNM"}}, 1, us[1])  # type: ignore[misc]
    assert (met.pointer, met.change.account_id) == ("/form/family/0/nationality", us[0])
    after = change(one, {"1": {"nationality": "VNM"}}, 1, us[1])
    assert isinstance(after, Kept)
    assert after.rows == [{"relationship": "REL03"}, {"nationality": "VNM"}]


def test_a_whole_list_meets_cells_that_changed_since() -> None:
    begun, us = Kept({"family": [{"relationship": "REL03"}]}), (new_id(), new_id())
    one = change(begun, {"0": {"nationality": "VNM"}}, 1, us[0])
    assert isinstance(one, Kept)
    (met,) = change(one, [{"relationship": "REL01"}], 1, us[1])  # type: ignore[misc]
    assert (met.pointer, met.theirs) == ("/form/family", [{"relationship": "REL03", "nationality": "VNM"}])
    whole = change(one, [{"relationship": "REL01"}], 2, us[1])
    assert isinstance(whole, Kept)
    (late,) = change(whole, {"0": {"nationality": "CHN"}}, 2, us[0])  # type: ignore[misc]
    assert late.change.account_id == us[1]


@pytest.mark.parametrize(
    ("patch", "pointer", "code"),
    [
        ({"2": {"sex": "F"}}, "/form/family/2", "no-such-row"),
        ({"-1": {}}, "/form/family/-1", "no-such-row"),
        ({"x/y": {}}, "/form/family/x~1y", "no-such-row"),
        ({"1": None}, "/form/family/1", "no-such-row"),
        ({"0": "VNM"}, "/form/family/0", "not-a-row"),
        ({"0": {"hobby": "go"}}, "/form/family/0/hobby", "unknown-field"),
        ({"0": {"nationality": "?"}}, "/form/family/0/nationality", "not-in-list"),
        ({str(number): {} for number in range(TABLE.most + 1)}, "/form/family", "too-many-rows"),
    ],
)
def test_what_is_no_row_is_a_problem_with_its_place(patch: Any, pointer: str, code: str) -> None:
    cells = read_cells(EXTEND_N, STATUS, {"family": patch}, {"family": [{"relationship": "REL03"}]})
    found = [*cells.problems, *read_patch(EXTEND_N, STATUS, cells.patch)[1]]
    assert [(problem.pointer, problem.code) for problem in found] == [(pointer, code)]
