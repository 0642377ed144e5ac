"""Texts of code and data: templates are those of the code, and a language that is offered has every text."""

import ast

import pytest

from deploy.translations import LOCALE, every_text, placeholders, texts_of_code, texts_of_data
from shared.catalogues import Message, progress, read_catalogue
from shared.languages import LANGUAGES, OFFERED, TRANSLATED, Lang
from tests.guards.sources import ROOT, python_files, tree

DOMAINS = sorted(path.stem for path in LOCALE.glob("*.pot"))
# Where a text is made of what stands in data, in settings or in a request, and not of words in the code.
FROM_DATA = {
    "services/application/forms/loading.py",
    "services/application/forms/options.py",
    "services/application/forms/topics.py",
    "services/document/checks/catalogue.py",
    "services/gateway/pages/kit/words.py",
    "services/notification/app.py",
    "shared/words.py",
    "shared/http/validation.py",
    "shared/reference/dated_texts.py",
    "shared/reference/document_data.py",
    "shared/reference/document_types.py",
    "shared/reference/lists.py",
}


def _catalogue(lang: Lang, domain: str) -> list[Message]:
    path = LOCALE / lang / "LC_MESSAGES" / f"{domain}.po"
    return read_catalogue(path.read_bytes()) if path.is_file() else []


def test_templates_have_every_text_of_code_and_data() -> None:
    found = {domain: [message.id for message in messages] for domain, messages in every_text().items()}
    written = {
        domain: [message.id for message in read_catalogue((LOCALE / f"{domain}.pot").read_bytes())]
        for domain in DOMAINS
    }
    assert written == found, "run python -m deploy.translations template"


@pytest.mark.parametrize("lang", TRANSLATED)
def test_translations_keep_the_placeholders(lang: Lang) -> None:
    for domain in DOMAINS:
        for message in _catalogue(lang, domain):
            assert placeholders(message.text) == placeholders(message.id), f"{domain}: {message.id}"


def test_an_offered_language_is_complete() -> None:
    offered = [lang for lang in OFFERED if lang in TRANSLATED]
    assert [each for lang in offered for each in progress(LOCALE, lang) if not each.complete] == []


def test_catalogues_are_of_known_languages_and_domains() -> None:
    for path in LOCALE.rglob("*.po"):
        assert path.parts[-3] in LANGUAGES and path.stem in DOMAINS, path


def test_words_stand_in_the_code_as_templates() -> None:
    """A text made in place has no key by which catalogues know it: its values go to `with_values`."""
    made = {
        str(path.relative_to(ROOT))
        for path in python_files("shared", "services")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text"
        # The same words in both languages need no translation.
        if len({ast.unparse(each) for each in node.args}) == 2
        and not all(isinstance(each, ast.Constant) or _joins(each) for each in node.args)
    }
    found = {place for place in made if "/papers/" not in place and "/bulk/domain/receipts" not in place}
    assert found == FROM_DATA


def _joins(node: ast.AST) -> bool:
    """Letters or words that people typed, between separators."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "join"


@pytest.mark.parametrize("made", ['Text(f"{n}件", f"{n} files")', 'Text("件" + more, "Files " + more)'])
def test_a_text_made_in_place_is_found(made: str) -> None:
    with pytest.raises(ValueError, match="with_values"):
        list(texts_of_code(ast.parse(made)))


def test_words_of_data_are_found_under_their_languages_and_in_rows() -> None:
    data = {"one": {"ja": "一", "en": "One", "help": {"ja": "助", "en": "Help"}}, "rows": {"A": ["二", "Two", "show"]}}
    assert list(texts_of_data(data)) == [("一", "One"), ("助", "Help"), ("二", "Two")]
