"""Every sentence of the pages, by language, subject and name, and the languages in which a page is shown.

A template writes `t.usage_registration.title`. The sentences are gettext catalogues in `locale/`: one for each language
and area of pages, with ids of subject and name (`usage_registration.title`). A subject has one name among all areas.

A language is offered when it has the catalogues of all areas that everybody sees. Officers' pages have areas of their
own, and are offered in the languages that have it too: elsewhere they speak the official language that is nearest.
"""

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from shared import languages
from shared.catalogues import read_catalogue
from shared.languages import Lang, official

# The areas of officers' pages, and the address below which they stand.
OFFICERS = ("desk", "board")
_DESK_PATH = "/desk"


@cache
def catalogue(lang: Lang, area: str) -> dict[str, str]:
    """The messages of one area by id. Raises `PoFileError` for a file that is not a catalogue."""
    content = _folder(lang).joinpath(f"{area}.po").read_bytes()
    return {message.id: message.text for message in read_catalogue(content)}


def areas_of(lang: Lang) -> list[str]:
    """The areas of which a language has the catalogue."""
    folder = _folder(lang)
    names = (file.name for file in folder.iterdir()) if folder.is_dir() else ()
    return sorted(name.removesuffix(".po") for name in names if name.endswith(".po"))


def _folder(lang: Lang) -> Traversable:
    return files("services.gateway").joinpath("locale", lang, "LC_MESSAGES")


def _having(*areas: str) -> tuple[Lang, ...]:
    return tuple(lang for lang in languages.OFFERED if set(areas) <= set(areas_of(lang)))


class _Pages(dict[str, dict[str, dict[str, str]]]):
    """Read when a language is first asked for: most visitors of a site share two or three."""

    def __missing__(self, lang: Lang) -> dict[str, dict[str, str]]:
        # Where a language has no catalogue of an area, its official language speaks.
        texts = dict(self[official(lang)]) if official(lang) != lang else {}
        texts |= _by_subject(lang)
        self[lang] = texts
        return texts


def _by_subject(lang: Lang) -> dict[str, dict[str, str]]:
    texts: dict[str, dict[str, str]] = {}
    for area in areas_of(lang):
        for key, text in catalogue(lang, area).items():
            subject, _, name = key.partition(".")
            texts.setdefault(subject, {})[name] = text
    return texts


def languages_at(path: str) -> tuple[Lang, ...]:
    """The languages that a page offers."""
    return AT_DESK if path == _DESK_PATH or path.startswith(f"{_DESK_PATH}/") else OFFERED


def shown_in(lang: Lang, path: str) -> Lang:
    """The language in which a page is shown to a reader of `lang`."""
    return lang if lang in languages_at(path) else official(lang)


# By language, subject and name.
PAGES = _Pages()
# The area of each subject.
AREAS: dict[str, str] = {key.partition(".")[0]: area for area in areas_of("ja") for key in catalogue("ja", area)}
OFFERED = _having(*(area for area in areas_of("ja") if area not in OFFICERS))
AT_DESK = _having(*areas_of("ja"))
