"""A broadcast as a message: its texts in the languages in which it was written."""

from collections.abc import Mapping

from services.notification.channels.mail.content.facts import Content, Facts
from shared.languages import Lang, official


class Said(Content):
    """Title and body in one language."""

    lang: Lang
    title: str
    body: str

    @property
    def paragraphs(self) -> list[str]:
        """The body, divided at empty lines."""
        return [part.strip() for part in self.body.split("\n\n") if part.strip()]


class Broadcast(Content):
    """A notice of `kind` (maintenance, law or other), in Japanese, in English and in the languages that it has."""

    kind: str
    texts: Mapping[str, Said]


def said_in(texts: Mapping[str, Said], lang: Lang) -> Said:
    """The text for a reader of `lang`; in the official language that is paired with it where there is no other."""
    return texts.get(lang) or texts[official(lang)]


def broadcast_of(kind: str, texts: Mapping[Lang, Mapping[str, str]]) -> Broadcast:
    """The content of a broadcast with these texts, each with `title` and `body`."""
    said = {lang: Said(lang=lang, title=each["title"], body=each["body"]) for lang, each in texts.items()}
    return Broadcast(kind=kind, texts=said)


def broadcast(texts: Mapping[str, Said], _: Facts) -> Broadcast:
    return Broadcast(kind="other", texts=texts)
