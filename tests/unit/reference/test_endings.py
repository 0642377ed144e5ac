"""Reasons for an end without a grant: what officers choose, applicants are told, and can do."""

import pytest

from shared.reference.endings import ENDINGS, Ending, ending, names


@pytest.mark.parametrize("row", ENDINGS.rows, ids=lambda row: row.code)
def test_each_reason_names_its_law_and_says_more_than_its_name(row: Ending) -> None:
    assert row.source
    for lang in ("ja", "en"):
        name, plain, way_out = (getattr(text, lang) for text in (row.name, row.plain, row.way_out))
        assert len({name, plain, way_out}) == 3
        assert plain.endswith(("。", "."))
        assert way_out.endswith(("。", "."))


def test_a_reason_is_found_by_kind_and_code() -> None:
    assert set(names("refusal")) & set(names("termination")) == set()
    assert ending("refusal", "conduct") is not None
    assert ending("termination", "conduct") is None
    assert ending("refusal", None) is None
