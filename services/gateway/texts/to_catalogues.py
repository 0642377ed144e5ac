"""`python -m services.gateway.texts.to_catalogues`: moves the texts of all areas into gettext catalogues, once.

The modules go, and this one with them; `services/gateway/texts.py` reads the catalogues in their place.
"""

import shutil
from importlib import import_module
from pathlib import Path

from services.gateway.texts import AREAS, PAGES

_GATEWAY = Path(__file__).parents[1]
_HEADER = r"""msgid ""
msgstr ""
"Language: {lang}\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Content-Transfer-Encoding: 8bit\n"
"""
_MODULE = '''"""Every sentence of the pages, by language, subject and name.

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
'''


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def _written(lang: str, area: str) -> str:
    parts = [_HEADER.format(lang=lang)]
    for subject in sorted(name for name, of in AREAS.items() if of == area):
        about = (import_module(f"services.gateway.texts.{area}.{subject}").__doc__ or "").strip().splitlines()[0]
        for place, (name, text) in enumerate(PAGES[lang][subject].items()):
            comment = f"#. {about}\n" if place == 0 else ""
            parts.append(f'{comment}msgid "{subject}.{name}"\nmsgstr {_quoted(text)}\n')
    return "\n".join(parts)


def main() -> None:
    """Write all catalogues, and put the module that reads them in the place of the package."""
    for lang in PAGES:
        folder = _GATEWAY / "locale" / lang / "LC_MESSAGES"
        folder.mkdir(parents=True, exist_ok=True)
        for area in sorted(set(AREAS.values())):
            (folder / f"{area}.po").write_text(_written(lang, area), encoding="utf-8")
    shutil.rmtree(_GATEWAY / "texts")
    (_GATEWAY / "texts.py").write_text(_MODULE, encoding="utf-8")


if __name__ == "__main__":
    main()
