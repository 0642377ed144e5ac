"""The morning's mail that stands for several messages."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from services.notification.channels.mail.content.facts import Content, Facts
from shared.languages import Lang, official

# A mail that is still read; the inbox has all of them.
_MOST_LINES = 100


class SummaryLine(Content):
    """A message that a summary names, with its subject by language."""

    subject: Mapping[str, str]
    number: str
    at: datetime

    def subject_in(self, lang: Lang) -> str:
        """The subject in a language; contents that were kept before have the official ones."""
        return self.subject.get(lang) or self.subject[official(lang)]


class MorningSummary(Content):
    lines: tuple[SummaryLine, ...]
    count: int
    further: int
    officer: bool


def summary_of(lines: Sequence[SummaryLine], *, officer: bool) -> MorningSummary:
    """The summary of messages, those of the first of them named."""
    shown = tuple(lines[:_MOST_LINES])
    return MorningSummary(lines=shown, count=len(lines), further=len(lines) - len(shown), officer=officer)


def morning_summary(lines: Sequence[SummaryLine], _: Facts) -> MorningSummary:
    return summary_of(lines, officer=False)
