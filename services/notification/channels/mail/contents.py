"""Sealed contents of messages, for every channel that writes from them: made from an event, opened, summed up."""

from collections.abc import Mapping, Sequence

from services.notification.channels.mail.content.facts import Content, Facts, Writer, content_model
from services.notification.channels.mail.content.summary import SummaryLine, summary_of
from services.notification.channels.mail.rendering import Site, subject_for_inbox
from services.notification.channels.mail.texts import sections
from services.notification.channels.protocol import Held, Message
from shared.languages import Lang, known
from shared.sealing import Sealer


class SealedContents:
    """Contents made by `writers` (by template), for messages of `site`."""

    def __init__(self, sealer: Sealer, writers: Mapping[str, Writer], site: Site) -> None:
        self._sealer = sealer
        self._writers = writers
        self._site = site

    def prepare(self, message: Message) -> str:
        """The sealed content of a message."""
        facts = Facts(self._sealer.open, message.today, message.procedure, message.office)
        content = self._writers[message.template](message.event, facts)
        return self._sealer.seal(content.model_dump_json())

    def open(self, template: str, sealed_content: str) -> Content:
        """The content of a message. Raises `SealBroken`."""
        return content_model(self._writers[template]).model_validate_json(self._sealer.open(sealed_content))

    def summarise(self, held: Sequence[Held], language: str, *, officer: bool) -> str:
        """The sealed content of one message that stands for those of one recipient, a reader of `language`."""
        shown = sections(known(language))
        return self._sealer.seal(
            summary_of([self._line(each, shown) for each in held], officer=officer).model_dump_json()
        )

    def _line(self, held: Held, shown: Sequence[Lang]) -> SummaryLine:
        content = dict(self.open(held.template, held.sealed_content))
        subjects = {lang: subject_for_inbox(held.template, content, lang, self._site) for lang in shown}
        return SummaryLine(subject=subjects, number=held.number or "", at=held.created_at)
