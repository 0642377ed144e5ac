"""Recognition of personal data in logs, metrics, traces and events."""

import json

import pytest

from tests.e2e.personal import KNOWN, found_in


def test_known_data_is_found_however_it_is_written() -> None:
    # No parameters: the addresses are other ones in every process, and workers compare the names of tests.
    for text in KNOWN:
        for written in (text, json.dumps({"a": text}), text.lower()):
            assert text in found_in(f"before {written} after".encode())


@pytest.mark.parametrize("text", ["a.b@example.org", "x=a%40example.org", "AB12345678CD", "1995-04-12", "19950412"])
def test_what_has_the_form_of_personal_data_is_found(text: str) -> None:
    assert found_in(f"before {text} after".encode())
    assert not found_in(b"from no-reply@zairyu.local at 2026-11-30T10:00:00Z, id 0198f0c2-1995-7412-8888-19950412aaaa")
