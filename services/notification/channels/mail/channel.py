"""The mail channel: content from the function of each mail, delivered through the relay."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import structlog

from services.notification.channels.mail.content.facts import Writer
from services.notification.channels.mail.contents import SealedContents
from services.notification.channels.mail.links import MessageLinks
from services.notification.channels.mail.relay import Mail, MailRelay, NotNow, Refused, Unreachable
from services.notification.channels.mail.rendering import Site, render
from services.notification.channels.mail.return_paths import ReturnPaths
from services.notification.channels.mail.texts import sections
from services.notification.channels.protocol import Accepted, Claimed, Failure, Held, Message, NotTried, Outcome
from shared.languages import known
from shared.sealing import SealBroken, Sealer

log = structlog.get_logger(__name__)


class MailChannel:
    """Mails of `writers` (by template), rendered for `site`, sent through `relay`, with Message-IDs of `domain`.

    With `return_paths`, reports about each mail go to an address of its own. `paces` is the time between two mails to a
    domain, for those that have one. With `leaving`, mails that may be left out have a link for it; with `confirming`,
    mails to an address that nobody confirmed.
    """

    def __init__(
        self,
        relay: MailRelay,
        sealer: Sealer,
        writers: Mapping[str, Writer],
        *,
        site: Site,
        domain: str,
        concurrency: int = 8,
        return_paths: ReturnPaths | None = None,
        paces: Mapping[str, timedelta] | None = None,
        leaving: MessageLinks | None = None,
        confirming: MessageLinks | None = None,
    ) -> None:
        self.relay = relay
        self._sealer = sealer
        self._contents = SealedContents(sealer, writers, site)
        self._site = site
        self._domain = domain
        self._concurrency = concurrency
        self._return_paths = return_paths
        self.paces = paces or {}
        self._leaving = leaving
        self._confirming = confirming

    @property
    def concurrency(self) -> int:
        return self.relay.places(self._concurrency)

    def destination(self, claimed: Claimed) -> str | None:
        try:
            return self._sealer.open(claimed.sealed_address).rpartition("@")[2].strip().lower() or None
        except SealBroken:
            return None

    def prepare(self, message: Message) -> str:
        return self._contents.prepare(message)

    def summarise(self, held: Sequence[Held], language: str, *, officer: bool) -> str:
        return self._contents.summarise(held, language, officer=officer)

    async def deliver(self, claimed: Claimed) -> Outcome:
        try:
            mail = self._compose(claimed)
        except SealBroken:
            # The keys of two services differ: an operator corrects that, and nothing is lost until then.
            return Failure("sealed-with-another-key", permanent=False)
        except Exception as error:
            log.error("sender.not_rendered", template=claimed.template, error_type=type(error).__name__)
            return Failure("not-rendered", permanent=False)
        try:
            await self.relay.send(mail)
        except Refused as error:
            return Failure(str(error), permanent=True, status=error.status)
        except Unreachable as error:
            return NotTried(str(error))
        except NotNow as error:
            return Failure(str(error), permanent=False, throttled=error.throttled)
        return Accepted()

    def _compose(self, claimed: Claimed) -> Mail:
        content = self._contents.open(claimed.template, claimed.sealed_content)
        name = self._sealer.open(claimed.sealed_name) if claimed.sealed_name else None
        confirm = self._confirming.of(claimed.id) if self._confirming and claimed.unconfirmed else None
        rendered = render(claimed.template, dict(content), known(claimed.language), self._site, name, confirm)
        return Mail(
            # The same at every attempt of a round: a server that has it already can recognise it.
            message_id=f"{claimed.id}.{claimed.round}@{self._domain}",
            recipient=self._sealer.open(claimed.sealed_address),
            subject=rendered.subject,
            text=rendered.text,
            html=rendered.html,
            languages=sections(known(claimed.language)),
            calendar=rendered.calendar,
            unsubscribe=self._leaving.of(claimed.id) if self._leaving and claimed.may_be_left_out else None,
            return_path=self._return_paths.of(claimed.id, claimed.round) if self._return_paths else None,
        )
