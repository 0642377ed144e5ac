"""Findings of eighty photos, and what no photo may do to the check."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from PIL import Image

from services.document.checks.photo import check_photo
from tests.services.document.photo_corpus import corpus

TODAY = datetime(2026, 7, 1, tzinfo=UTC)

pytestmark = pytest.mark.server  # computes for seconds


def test_each_photo_of_the_corpus_has_its_findings_and_no_others() -> None:
    wrong: list[object] = []
    number = 0
    for case in corpus():
        number += 1
        verdict = check_photo(case.data, TODAY)
        found = {each.code for each in verdict.findings}
        if found != case.findings:
            wrong.append((case.name, sorted(found ^ case.findings), verdict.photo and verdict.photo.measures))
        if verdict.photo and case.kept is not None and (verdict.photo.part.width == 100) != case.kept:
            wrong.append((case.name, verdict.photo.part, verdict.photo.measures))
        if verdict.cleaned:
            assert Image.open(BytesIO(verdict.cleaned)).size == (verdict.width, verdict.height)
    assert not wrong, "\n".join(map(str, wrong))
    assert number >= 80
