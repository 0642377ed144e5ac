"""The channel of short messages: what the message is about and where to read it, in the reader's language."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import structlog

from services.notification.channels.mail.contents import SealedContents
from services.notification.channels.mail.rendering import Site, subject_for_inbox
from services.notification.channels.mail.texts import FRAME, language_of_mail, texts
from services.notification.channels.protocol import Accepted, Claimed, Failure, Held, Message, Outcome
from services.notification.channels.short.port import NotNow, Provider, Refused, ShortMessage
from shared.languages import Lang, known
from shared.sealing import SealBroken, Sealer

log = structlog.get_logger(__name__)


def short_text(template: str, content: Mapping[str, Any], language: Lang, site: Site) -> str:
    """The subject of the message and the address of the inbox: nothing of anybody, as a locked screen shows it."""
    lang = language_of_mail(language)
    subject = subject_for_inbox(template, content, lang, site)
    return texts(lang)[FRAME]["short"].format(subject=subject, link=f"{site.public_url.rstrip('/')}/messages")


class ShortChannel:
    """Messages of `contents` for `site`, sent through `provider`."""

    paces: Mapping[str, timedelta] = {}

    def __init__(
        self, provider: Provider, sealer: Sealer, contents: SealedContents, *, site: Site, concurrency: int = 4
    ) -> None:
        self._provider = provider
        self._sealer = sealer
        self._contents = contents
        self._site = site
        self.concurrency = concurrency

    def destination(self, claimed: Claimed) -> str | None:
        return None

    def prepare(self, message: Message) -> str:
        return self._contents.prepare(message)

    def summarise(self, held: Sequence[Held], language: str, *, officer: bool) -> str:
        return self._contents.summarise(held, language, officer=officer)

    async def deliver(self, claimed: Claimed) -> Outcome:
        try:
            content = dict(self._contents.open(claimed.template, claimed.sealed_content))
            recipient = self._sealer.open(claimed.sealed_address)
        except SealBroken:
            return Failure("sealed-with-another-key", permanent=False)
        text = short_text(claimed.template, content, known(claimed.language), self._site)
        try:
            reference = await self._provider.send(ShortMessage(f"{claimed.id}.{claimed.round}", recipient, text))
        except Refused as error:
            return Failure(str(error), permanent=True)
        except NotNow as error:
            return Failure(str(error), permanent=False, throttled=error.throttled)
        return Accepted(reference)
