"""Gettext catalogues (.po): read, written in one form, and their progress.

A message that no native speaker has looked at has the translator's comment `not reviewed`. It is shown all the same:
operators see how much of a language there is of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from io import BytesIO

from babel.messages.pofile import read_po

NOT_REVIEWED = "not reviewed"


@dataclass(frozen=True, slots=True)
class Message:
    """A message: its id, what it says (empty where it is not translated), where it stands, and notes about it.

    `context` tells messages of one id apart (`msgctxt`).
    """

    id: str
    text: str = ""
    notes: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    reviewed: bool = True
    context: str = ""

    @property
    def key(self) -> str:
        """The id, after its context where it has one, as gettext joins them."""
        return key_of(self.id, self.context)


def key_of(message_id: str, context: str = "") -> str:
    """The key of a message: its id, after its context where it has one, as gettext joins them."""
    return f"{context}\x04{message_id}" if context else message_id


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of one catalogue: messages there are, translated, and looked at by a native speaker."""

    lang: str
    domain: str
    messages: int
    translated: int
    reviewed: int

    @property
    def complete(self) -> bool:
        """True where every message is translated."""
        return self.translated == self.messages


def read_catalogue(content: bytes) -> list[Message]:
    """The messages of a file, in its order. Raises `PoFileError` for a file that is no catalogue."""
    return [
        Message(
            str(each.id),
            str(each.string),
            tuple(each.auto_comments),
            tuple(place for place, _ in each.locations),
            NOT_REVIEWED not in each.user_comments,
            each.context or "",
        )
        for each in read_po(BytesIO(content), abort_invalid=True)
        if each.id
    ]


def write_catalogue(lang: str, messages: Iterable[Message]) -> str:
    """The file of these messages; `lang` is empty for a template."""
    header = (f"Language: {lang}", "MIME-Version: 1.0", "Content-Type: text/plain; charset=UTF-8")
    lines = ['msgid ""', 'msgstr ""', *(_quoted(f"{line}\n") for line in header)]
    lines += [_quoted("Content-Transfer-Encoding: 8bit\n")]
    for message in messages:
        lines.append("")
        if not message.reviewed:
            lines.append(f"# {NOT_REVIEWED}")
        lines += [f"#. {note}" for note in message.notes]
        lines += [f"#: {place}" for place in message.places]
        if message.context:
            lines.append(f"msgctxt {_quoted(message.context)}")
        lines += [f"msgid {_quoted(message.id)}", f"msgstr {_quoted(message.text)}"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def progress(locale: Traversable, lang: str) -> list[Progress]:
    """The progress of a language in a folder of catalogues (`LANG/LC_MESSAGES/DOMAIN.po`).

    The messages that there have to be are those of `DOMAIN.pot`, else of the Japanese catalogue.
    """
    return [_progress(locale, lang, domain, wanted) for domain, wanted in sorted(_wanted(locale).items())]


def _progress(locale: Traversable, lang: str, domain: str, wanted: frozenset[str]) -> Progress:
    file = locale.joinpath(lang, "LC_MESSAGES", f"{domain}.po")
    found = read_catalogue(file.read_bytes()) if file.is_file() else []
    translated = [message for message in found if message.text and message.key in wanted]
    reviewed = sum(message.reviewed for message in translated)
    return Progress(lang, domain, len(wanted), len({message.key for message in translated}), reviewed)


def _wanted(locale: Traversable) -> Mapping[str, frozenset[str]]:
    templates = [file for file in locale.iterdir() if file.name.endswith(".pot")]
    templates = templates or list(locale.joinpath("ja", "LC_MESSAGES").iterdir())
    return {
        file.name.rpartition(".")[0]: frozenset(message.key for message in read_catalogue(file.read_bytes()))
        for file in templates
        if file.name.endswith((".pot", ".po"))
    }
