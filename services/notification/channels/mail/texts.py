"""Every sentence of the mails, by language, template and name.

A template writes `t.lead` for its own sentences, and `label.office` for those that several share. They are gettext
catalogues in `locale/`: one for each language, with ids of template and name (`documents_requested.lead`).
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from shared.catalogues import Progress, progress, read_catalogue
from shared.languages import TRANSLATED, Lang, official

Texts = Mapping[str, Mapping[str, str]]
# Subjects of the catalogues that are no template: what is around every mail, words that several templates share, and
# entries of calendar files.
FRAME, LABEL, CALENDAR = "frame", "label", "calendar"


@cache
def texts(lang: Lang) -> Texts:
    """The sentences of a language by template and name; none for a language without a catalogue."""
    file = files("services.notification.channels.mail").joinpath("locale", lang, "LC_MESSAGES", "mail.po")
    found: dict[str, dict[str, str]] = {}
    if file.is_file():
        for message in read_catalogue(file.read_bytes()):
            template, _, name = message.id.partition(".")
            found.setdefault(template, {})[name] = message.text
    return found


@cache
def translated() -> list[Progress]:
    """Progress of the mails in each language beside the official ones."""
    folder = files("services.notification.channels.mail").joinpath("locale")
    return [one for lang in TRANSLATED for one in progress(folder, lang)]


def language_of_mail(lang: Lang) -> Lang:
    """The language of a mail to a reader of `lang`: an official one where the mails are not translated."""
    return lang if texts(lang) else official(lang)


def sections(lang: Lang) -> tuple[Lang, Lang]:
    """The languages of a mail, the reader's first: Japanese stands beside every other one, and English beside it."""
    first = language_of_mail(lang)
    return (first, "en") if first == "ja" else (first, "ja")
