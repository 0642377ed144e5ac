"""The corpus of PDFs: what is found in each, and that repaired copies look the same."""

import asyncio
import random
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from uuid import uuid4

import pytest

from services.document.checks.catalogue import Severity
from services.document.checks.pages import opened, picture, same_pictures
from services.document.checks.pdf import check_pdf
from services.document.checks.pool import CheckPool, Job, Limits, Meter
from services.document.checks.queue import Place
from services.document.checks.verdict import Verdict
from tests.services.document.corpus import CORPUS, REPAIRED

# One confined process checks them all, as slow to start as a server.
pytestmark = pytest.mark.server

_MARKS = {Severity.REFUSED: "!", Severity.REPAIRABLE: "~", Severity.ADVICE: ""}


async def _checked(files: Mapping[str, bytes]) -> dict[str, Verdict]:
    pool = CheckPool(1, Limits(checks_per_process=10_000))
    try:
        job = Job("pdf", datetime(2026, 7, 1, tzinfo=UTC))
        return {
            name: await pool.check(job, BytesIO(data), len(data), Place.of_account(uuid4().hex), Meter())
            for name, data in files.items()
        }
    finally:
        await pool.close()


@pytest.fixture(scope="module")
def verdicts() -> dict[str, Verdict]:
    return asyncio.run(_checked({name: data for name, (data, _) in CORPUS.items()}))


@pytest.mark.parametrize("name", CORPUS)
def test_file_of_the_corpus_is_found_to_be_what_it_is(verdicts: dict[str, Verdict], name: str) -> None:
    verdict, (data, expected) = verdicts[name], CORPUS[name]
    found = " ".join(sorted(each.code + _MARKS[each.severity] for each in verdict.findings))
    assert found == expected
    assert verdict.repairable == ("~" in expected)
    if verdict.cleaned is not None:
        assert check_pdf(verdict.cleaned).accepted
        begin = data.find(b"%PDF-")
        assert same_pictures(data[begin:], verdict.cleaned)


def test_copy_that_looks_different_is_not_the_same() -> None:
    """The proof of a repair tells a page apart that lost a word, and one that is missing."""
    data, _ = CORPUS["two pages"]
    assert same_pictures(data, data)
    assert not same_pictures(data, data.replace(b"evidence, page 2", b"evidence         "))
    assert not same_pictures(data, CORPUS["one page"][0])
    assert not same_pictures(data, b"no PDF")


def mutated(data: bytes, dice: random.Random) -> bytes:
    """The file with a few bytes changed, cut out, doubled or moved."""
    changed = bytearray(data)
    for _ in range(dice.randint(1, 6)):
        at, size = dice.randrange(len(changed)), dice.randint(1, 40)
        match dice.randrange(5):
            case 0:
                changed[at] = dice.randrange(256)
            case 1:
                del changed[at : at + size]
            case 2:
                changed[at:at] = changed[at : at + size]
            case 3:
                changed[at : at + size] = bytes(dice.choice(b"0123456789<>[]()/ R") for _ in range(size))
            case _:
                other = dice.randrange(len(changed))
                changed[at : at + size] = changed[other : other + size]
        if not changed:
            return data
    return bytes(changed)


def mutations(number: int, seed: int) -> dict[str, bytes]:
    """So many mutated files, of small ones of the corpus."""
    dice = random.Random(seed)
    small = [(name, data) for name, (data, _) in CORPUS.items() if len(data) < 10_000]
    made = {}
    for index in range(number):
        name, data = dice.choice(small)
        made[f"{seed}/{index} {name}"] = mutated(data, dice)
    return made


def require_sound(files: Mapping[str, bytes]) -> None:
    """No check of these ends its process; what is accepted or repaired shows on every page."""
    for name, verdict in asyncio.run(_checked(files)).items():
        assert "file-not-checkable" not in verdict.problems, name
        kept = verdict.cleaned if verdict.repairable else files[name] if verdict.accepted else None
        if kept is None:
            continue
        with opened(kept) as document:
            assert len(document) == verdict.pages, name
            for page in document:
                picture(page, 0.1)
        if verdict.cleaned is not None:
            begin = max(files[name].find(b"%PDF-"), 0)
            assert same_pictures(files[name][begin:], verdict.cleaned), name


def test_mutated_files_end_no_process_and_what_is_accepted_shows() -> None:
    require_sound(mutations(300, seed=1))


def test_corpus_has_each_kind_of_finding_of_a_pdf() -> None:
    from services.document.checks.catalogue import CATALOGUE

    expected = {code.rstrip("!~") for _, codes in CORPUS.values() for code in codes.split()}
    assert {code for code in CATALOGUE if code.startswith("pdf-")} == expected
    assert len(CORPUS) >= 150
    assert len(REPAIRED) >= 20
