"""Every sentence of the pages, by language, subject and name.

A template writes `t.usage_registration.title`. The sentences are gettext catalogues in `locale/`: one for each language
and area of pages, with ids of subject and name (`usage_registration.title`). A subject has one name among all areas.
"""

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO

from babel.messages.pofile import read_po

from shared.http import Lang

LANGUAGES: tuple[Lang, ...] = ("ja", "en")


@cache
def catalogue(lang: Lang, area: str) -> dict[str, str]:
    """The messages of one area by id. Raises `PoFileError` for a file that is not a catalogue."""
    content = _folder(lang).joinpath(f"{area}.po").read_bytes()
    read = read_po(BytesIO(content), locale=lang, abort_invalid=True)
    return {str(message.id): str(message.string) for message in read if message.id}


def _folder(lang: Lang) -> Traversable:
    return files("services.gateway").joinpath("locale", lang, "LC_MESSAGES")


def _areas() -> list[str]:
    names = (file.name for file in _folder("ja").iterdir())
    return sorted(name.removesuffix(".po") for name in names if name.endswith(".po"))


def _by_subject(lang: Lang) -> dict[str, dict[str, str]]:
    texts: dict[str, dict[str, str]] = {}
    for area in _areas():
        for key, text in catalogue(lang, area).items():
            subject, _, name = key.partition(".")
            texts.setdefault(subject, {})[name] = text
    return texts


# By language, subject and name.
PAGES: dict[str, dict[str, dict[str, str]]] = {lang: _by_subject(lang) for lang in LANGUAGES}
# The area of each subject.
AREAS: dict[str, str] = {key.partition(".")[0]: area for area in _areas() for key in catalogue("ja", area)}
