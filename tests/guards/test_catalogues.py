"""The catalogues of texts: every language has every message, with the same placeholders, once."""

import re
from pathlib import Path

import pytest

from tests.guards.sources import ROOT

LOCALE = ROOT / "services/gateway/locale"
LANGUAGES = ("ja", "en")
AREAS = sorted(path.stem for path in (LOCALE / "ja" / "LC_MESSAGES").glob("*.po"))
_GAP = re.compile(r"\{(\w*)(?::\w+)?\}")
_MESSAGE = re.compile(r'^msgid "(?P<id>[^"]+)"\nmsgstr (?P<text>(?:".*"\n?)+)', re.M)


def _messages(lang: str, area: str) -> list[tuple[str, str]]:
    """Ids and texts in the order of the file."""
    content = _path(lang, area).read_text(encoding="utf-8")
    return [(found["id"], "".join(re.findall(r'"(.*)"', found["text"]))) for found in _MESSAGE.finditer(content)]


def _path(lang: str, area: str) -> Path:
    return LOCALE / lang / "LC_MESSAGES" / f"{area}.po"


@pytest.mark.parametrize("area", AREAS)
def test_languages_have_the_same_messages_in_the_same_order(area: str) -> None:
    in_japanese, in_english = ([key for key, _ in _messages(lang, area)] for lang in LANGUAGES)
    assert in_japanese and in_japanese == in_english
    assert len(set(in_japanese)) == len(in_japanese), "an id is there once"


@pytest.mark.parametrize("area", AREAS)
def test_messages_have_the_same_placeholders(area: str) -> None:
    in_english = dict(_messages("en", area))
    for key, text in _messages("ja", area):
        assert sorted(re.findall(r"\{(\w*)(?::\w+)?\}", text)) == sorted(
            re.findall(r"\{(\w*)(?::\w+)?\}", in_english[key])
        ), key


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_messages_are_finished(lang: str, area: str) -> None:
    assert "fuzzy" not in _path(lang, area).read_text(encoding="utf-8")
    assert [key for key, text in _messages(lang, area) if not text.strip()] == []


def test_a_subject_has_one_name_among_all_areas() -> None:
    """A later one would take the place of an earlier one in `PAGES`."""
    subjects = [subject for area in AREAS for subject in {key.partition(".")[0] for key, _ in _messages("ja", area)}]
    assert sorted(subjects) == sorted(set(subjects))


def test_every_language_has_every_catalogue() -> None:
    assert {
        lang: sorted(path.stem for path in (LOCALE / lang / "LC_MESSAGES").glob("*.po")) for lang in LANGUAGES
    } == dict.fromkeys(LANGUAGES, AREAS)
