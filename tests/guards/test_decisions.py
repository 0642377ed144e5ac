"""Decision records have one form, and the index lists each of them."""

import re

import pytest

from tests.guards.sources import ROOT

FOLDER = ROOT / "docs" / "decisions"
RECORDS = sorted(FOLDER.glob("[0-9]*.md"))
SECTIONS = ["Context", "Decision", "Alternatives", "Consequences"]


@pytest.mark.parametrize("name", [record.name for record in RECORDS])
def test_a_record_has_number_status_and_the_four_sections(name: str) -> None:
    text = (FOLDER / name).read_text()
    title, _, status, *_ = text.splitlines()
    assert re.fullmatch(rf"# {name[:4]} \S.*", title)
    assert re.fullmatch(r"Status: (accepted|replaced by \d{4})", status)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == SECTIONS
    for section in re.split(r"^## .+$", text, flags=re.MULTILINE)[1:]:
        assert section.strip(), "a section is empty"


def test_the_index_lists_every_record_with_its_title() -> None:
    index = (FOLDER / "README.md").read_text()
    expected = [
        f"| [{record.name[:4]}]({record.name}) | {record.read_text().splitlines()[0][7:]} |" for record in RECORDS
    ]
    assert [line for line in index.splitlines() if re.match(r"\| \[\d", line)] == expected


def test_every_number_is_taken_once() -> None:
    numbers = [record.name[:4] for record in RECORDS]
    assert sorted(set(numbers)) == numbers
