"""The catalogues of the pages: a language has every message of an area, with the same placeholders, once."""

import re
from pathlib import Path

import pytest

from services.gateway.texts import AT_DESK, OFFERED, OFFICERS, areas_of, languages_at, shown_in
from shared.languages import LANGUAGES, OFFICIAL, Lang
from tests.guards.sources import ROOT

LOCALE = ROOT / "services/gateway/locale"
NOT_REVIEWED = "# not reviewed"
AREAS = areas_of("ja")
PUBLIC = {area for area in AREAS if area not in OFFICERS}
_MESSAGE = re.compile(r'^msgid "(?P<id>[^"]+)"\nmsgstr (?P<text>(?:".*"\n?)+)', re.M)
_GAP = re.compile(r"\{(\w*)(?::\w+)?\}")


def _messages(lang: Lang, area: str) -> dict[str, str]:
    """Texts by id, in the order of the file."""
    found = _MESSAGE.findall(_path(lang, area).read_text(encoding="utf-8"))
    messages = {key: "".join(re.findall(r'"(.*)"', text)) for key, text in found}
    assert len(messages) == len(found), f"{lang}/{area}: an id is there once"
    return messages


def _path(lang: Lang, area: str) -> Path:
    return LOCALE / lang / "LC_MESSAGES" / f"{area}.po"


def _having(area: str) -> list[Lang]:
    return [lang for lang in LANGUAGES if area in areas_of(lang)]


def test_folders_are_those_of_languages() -> None:
    assert {path.name for path in LOCALE.iterdir()} <= set(LANGUAGES)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_language_has_the_areas_that_everybody_sees_or_none(lang: Lang) -> None:
    """Officers' pages may be missing; the two official languages have everything."""
    assert set(areas_of(lang)) in ([set(AREAS)] if lang in OFFICIAL else [set(), PUBLIC, set(AREAS)])


@pytest.mark.parametrize("area", AREAS)
def test_languages_have_the_same_messages_in_the_same_order(area: str) -> None:
    in_japanese = list(_messages("ja", area))
    assert in_japanese
    for lang in _having(area):
        assert list(_messages(lang, area)) == in_japanese, lang


@pytest.mark.parametrize("area", AREAS)
def test_messages_have_the_same_placeholders_and_no_markup(area: str) -> None:
    in_japanese = _messages("ja", area)
    wrong = [
        (lang, key)
        for lang in _having(area)
        for key, text in _messages(lang, area).items()
        if sorted(_GAP.findall(text)) != sorted(_GAP.findall(in_japanese[key])) or re.search(r"</?[a-z]+>|&\w+;", text)
    ]
    assert wrong == []


@pytest.mark.parametrize("area", AREAS)
def test_messages_are_finished(area: str) -> None:
    for lang in _having(area):
        assert "fuzzy" not in _path(lang, area).read_text(encoding="utf-8"), lang
        assert [key for key, text in _messages(lang, area).items() if not text.strip()] == [], lang


def test_what_stands_in_the_official_languages_needs_no_mark() -> None:
    assert [lang for lang in OFFICIAL for area in AREAS if NOT_REVIEWED in _path(lang, area).read_text("utf-8")] == []


def test_a_subject_has_one_name_among_all_areas() -> None:
    """A later one would take the place of an earlier one in `PAGES`."""
    subjects = [subject for area in AREAS for subject in {key.partition(".")[0] for key in _messages("ja", area)}]
    assert sorted(subjects) == sorted(set(subjects))


def test_pages_are_offered_in_the_languages_that_have_them() -> None:
    """A reader of another one sees the official language that is nearest, also where only the desk is missing."""
    assert set(OFFICIAL) <= set(AT_DESK) <= set(OFFERED) <= set(LANGUAGES)
    assert all(set(areas_of(lang)) >= PUBLIC for lang in OFFERED)
    assert all(set(areas_of(lang)) == set(AREAS) for lang in AT_DESK)
    assert (languages_at("/desk"), languages_at("/desk/cases"), languages_at("/desks")) == (AT_DESK, AT_DESK, OFFERED)
    for lang, language in LANGUAGES.items():
        assert shown_in(lang, "/") == (lang if lang in OFFERED else language.paired)
        assert shown_in(lang, "/desk/cases") == (lang if lang in AT_DESK else language.paired)
