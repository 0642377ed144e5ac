"""Catalogues: one form that is read back as it was written, and how far a language is."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from shared.catalogues import Message, Progress, progress, read_catalogue, write_catalogue

TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters='\n"\\'), min_size=1, max_size=60)

MESSAGES = st.builds(Message, TEXTS, TEXTS, reviewed=st.booleans(), context=st.one_of(st.just(""), TEXTS))


@given(st.lists(MESSAGES, unique_by=lambda each: each.key, max_size=5))
def test_a_catalogue_is_read_as_it_was_written(messages: list[Message]) -> None:
    assert read_catalogue(write_catalogue("vi", messages).encode()) == messages


def test_progress_counts_what_is_translated_and_what_was_looked_at(tmp_path: Path) -> None:
    (tmp_path / "shared.pot").write_text(write_catalogue("", [Message("One"), Message("Two"), Message("Three")]))
    folder = tmp_path / "vi" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    taken = [Message("One", "Một"), Message("Two", "Hai", reviewed=False), Message("Gone", "Đi")]
    (folder / "shared.po").write_text(write_catalogue("vi", taken))
    assert progress(tmp_path, "vi") == [Progress("vi", "shared", 3, 2, 1)]
    assert progress(tmp_path, "ko") == [Progress("ko", "shared", 3, 0, 0)]


def test_without_templates_the_japanese_catalogue_says_what_there_has_to_be(tmp_path: Path) -> None:
    folder = tmp_path / "ja" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "kit.po").write_text(write_catalogue("ja", [Message("kit.title", "題")]))
    (found,) = progress(tmp_path, "ko")
    assert (found.domain, found.messages, found.complete) == ("kit", 1, False)
