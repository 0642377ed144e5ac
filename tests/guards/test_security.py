"""The pages on security name files and tests that exist, and every item of the standard once."""

import re
from functools import cache
from pathlib import Path

import pytest

from tests.guards.sources import ROOT

FOLDER = ROOT / "docs/security"
PAGES = sorted(FOLDER.glob("*.md"))
STATES = {"met", "part", "gap", "site", "none"}
# Items of levels 1 and 2 of ASVS 5.0.0: how many each section has. They are its first ones.
ITEMS = {
    1: {1: 2, 2: 9, 3: 11, 4: 3, 5: 2},
    2: {1: 3, 2: 3, 3: 4, 4: 1},
    3: {2: 2, 3: 4, 4: 6, 5: 5, 7: 2},
    4: {1: 3, 2: 1, 3: 2, 4: 4},
    5: {1: 1, 2: 3, 3: 2, 4: 3},
    6: {1: 3, 2: 12, 3: 4, 4: 4, 5: 5, 6: 3, 8: 4},
    7: {1: 3, 2: 4, 3: 2, 4: 5, 5: 2, 6: 2},
    8: {1: 2, 2: 3, 3: 1, 4: 1},
    9: {1: 3, 2: 4},
    10: {1: 2, 2: 2, 3: 4, 4: 11, 5: 5, 6: 2, 7: 3},
    11: {1: 2, 2: 3, 3: 3, 4: 4, 5: 1, 6: 1},
    12: {1: 3, 2: 2, 3: 4},
    13: {1: 1, 2: 5, 3: 2, 4: 5},
    14: {1: 2, 2: 4, 3: 3},
    15: {1: 3, 2: 3, 3: 7},
    16: {1: 1, 2: 5, 3: 4, 4: 3, 5: 3},
    17: {1: 1, 2: 4, 3: 2},
}


@cache
def _rows() -> tuple[tuple[str, str, str, str], ...]:
    """Items, state, code and tests of each line."""
    text = (FOLDER / "asvs.md").read_text()
    found = re.findall(r"^\| ([\d.]+(?:-\d+)?) \| (\w+) \| .*? \|(.*?)\|(.*?)\|$", text, re.MULTILINE)
    return tuple(found)


def _items(named: str) -> list[str]:
    first, _, last = named.partition("-")
    section, _, begin = first.rpartition(".")
    return [f"{section}.{number}" for number in range(int(begin), int(last or begin) + 1)]


def test_every_item_of_both_levels_stands_once() -> None:
    expected = [
        f"{chapter}.{section}.{number}"
        for chapter, sections in ITEMS.items()
        for section, count in sections.items()
        for number in range(1, count + 1)
    ]
    assert [item for named, *_ in _rows() for item in _items(named)] == expected


def test_every_line_has_a_state_and_what_is_met_names_code_and_test() -> None:
    for named, state, code, test in _rows():
        assert state in STATES, named
        assert code.strip() or state in {"gap", "none"}, named
        assert test.strip() or state in {"gap", "none", "site", "part"} or "docs/" in code, named


def test_the_counts_at_the_top_are_those_of_the_lines() -> None:
    counts = dict.fromkeys(STATES, 0)
    for named, state, *_ in _rows():
        counts[state] += len(_items(named))
    top = re.findall(r"^\| (\w+) \| [^|]* \| (\d+) \|$", (FOLDER / "asvs.md").read_text(), re.MULTILINE)
    assert {state: int(count) for state, count in top} == counts


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_and_tests_that_a_page_names_exist(page: Path) -> None:
    missing = []
    named = re.findall(r"`((?:services|shared|deploy|docs|tests|clients)/[^`\s]+)`", page.read_text())
    for path, _, test in (each.partition("::") for each in named):
        file = ROOT / path
        if "NAME" in path:
            continue
        if not file.exists() or (test and f"def {test}(" not in file.read_text()):
            missing.append(f"{path}::{test}" if test else path)
    assert missing == []


def test_the_inventory_of_keys_names_every_secret_of_the_settings() -> None:
    keys = (FOLDER / "keys.md").read_text()
    secrets = re.findall(
        r"^\| `(ZAIRYU_\w*(?:_KEY|_KEYS|_PASSWORD|_SECRET|DATABASE_URL|MIGRATION_URL))` ",
        (ROOT / "docs/settings.md").read_text(),
        re.MULTILINE,
    )
    assert len(secrets) > 15
    assert {name for name in secrets if f"`{name}`" not in keys} == set()
