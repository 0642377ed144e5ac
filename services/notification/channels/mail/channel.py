"""The mail channel: content from the function of each mail, delivered through the relay."""

from collections.abc import Mapping

import structlog

from services.notification.channels.mail.content.facts import Facts, Writer, content_model
from services.notification.channels.mail.relay import Mail, MailRelay, NotNow, Refused
from services.notification.channels.mail.rendering import Site, render
from services.notification.channels.protocol import Accepted, Claimed, Failure, Message, Outcome
from shared.sealing import SealBroken, Sealer

log = structlog.get_logger(__name__)


class MailChannel:
    """Mails of `writers` (by template), rendered for `site`, sent through `relay`, with Message-IDs of `domain`."""

    def __init__(
        self,
        relay: MailRelay,
        sealer: Sealer,
        writers: Mapping[str, Writer],
        *,
        site: Site,
        domain: str,
        concurrency: int = 8,
    ) -> None:
        self.relay = relay
        self._sealer = sealer
        self._writers = writers
        self._site = site
        self._domain = domain
        self._concurrency = concurrency

    @property
    def concurrency(self) -> int:
        return self._concurrency

    def prepare(self, message: Message) -> str:
        facts = Facts(self._sealer.open, message.today, message.procedure, message.office)
        content = self._writers[message.template](message.event, facts)
        return self._sealer.seal(content.model_dump_json())

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
            return Failure(str(error), permanent=True)
        except NotNow as error:
            return Failure(str(error), permanent=False)
        return Accepted()

    def _compose(self, claimed: Claimed) -> Mail:
        model = content_model(self._writers[claimed.template])
        content = model.model_validate_json(self._sealer.open(claimed.sealed_content))
        name = self._sealer.open(claimed.sealed_name) if claimed.sealed_name else None
        rendered = render(claimed.template, dict(content), claimed.language, self._site, name)
        return Mail(
            # The same at every attempt of a round: a server that has it already can recognise it.
            message_id=f"{claimed.id}.{claimed.round}@{self._domain}",
            recipient=self._sealer.open(claimed.sealed_address),
            subject=rendered.subject,
            text=rendered.text,
            html=rendered.html,
            language=claimed.language,
        )
