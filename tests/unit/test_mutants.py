"""The bugs that `make mutants` plants (tests/mutants)."""

from pathlib import Path
from types import FunctionType
from unittest.mock import Mock

import pytest

from tests.mutants import operators
from tests.mutants.__main__ import PARTS, choose, files_of
from tests.mutants.operators import Mutant, mutants, mutated

TEXT = '''
def within(value: int, most: int = 10) -> bool:
    """Not a change: 5."""
    found = [each for each in (1, 2, value) if each > 0]
    if not found and value:
        raise ValueError(f"no {value + 1}")
    log.info("not a change", most=1)
    return value <= most


class Counter:
    @property
    def next(self) -> int:
        self.count += 1
        return self.count
'''
CHANGES = {
    "2 for 1",
    "3 for 2",
    "1 for 0",
    "not `each > 0`",
    "`each >= 0` for `each > 0`",
    "not `not found and value`",
    "`not found or value` for `not found and value`",
    "`found` for its reverse",
    "without `raise ValueError(f'no {value + 1}')`",
    "`return None` for `return value <= most`",
    "`value < most` for `value <= most`",
    "without `self.count += 1`",
    "`return None` for `return self.count`",
}


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(operators, "ROOT", tmp_path)
    path = tmp_path / "sample.py"
    path.write_text(TEXT)
    return path


def test_changes_are_of_what_a_function_does_and_not_of_its_texts_and_logs(file: Path) -> None:
    assert {each.what for each in mutants(file)} == CHANGES


def test_a_mutant_differs_in_its_one_place(file: Path) -> None:
    mutant = next(each for each in mutants(file) if each.what == "`value < most` for `value <= most`")
    assert str(mutant) == "sample.py:8 in within: `value < most` for `value <= most`"
    within = FunctionType(mutated(mutant), {"log": Mock()})
    assert not within(10, 10)
    assert within(9, 10)


def test_the_method_of_a_decorator_is_found(file: Path) -> None:
    mutant = next(each for each in mutants(file) if each.what == "without `self.count += 1`")
    counter = type("Counter", (), {"count": 3})()
    assert FunctionType(mutated(mutant), {})(counter) == 3


@pytest.mark.parametrize("part", PARTS)
def test_a_seed_draws_the_same_mutants_and_shards_divide_them(part: str) -> None:
    drawn = choose(part, 30, 7, (1, 1))
    assert len(drawn) == 30
    assert {each.path for each in drawn} <= set(files_of(part))
    shards: list[Mutant] = [mutant for number in (1, 2, 3) for mutant in choose(part, 30, 7, (number, 3))]
    assert sorted(map(str, shards)) == sorted(map(str, drawn))
