"""The relays of a site in the order in which they are preferred: mails go by the first that works."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog
from prometheus_client import Counter, Gauge

from services.notification.channels.mail.domain.circuit import Circuit, RelayState
from services.notification.channels.mail.relay.port import Mail, MailRelay, NotNow, Refused, Unreachable
from shared.clock import Clock

log = structlog.get_logger(__name__)

# The notice to operators while a relay does not answer, although no mail may be waiting.
RELAY_AWAY = "mail-relay-away"

USED = Gauge("zairyu_mail_relay_used", "1 while mails go by the relay, 0 while it is left aside", ["relay"])
FAILURES = Counter("zairyu_mail_relay_failures_total", "Failures of a mail relay", ["relay", "reason"])


@dataclass(frozen=True, slots=True)
class RelayHealth:
    """A relay as this process knows it: its failures in a row, `since` the first of them, and the last, a code."""

    name: str
    state: RelayState
    since: datetime | None
    failures: int
    error: str | None


class Relays:
    """Relays by name, the preferred one first. One that fails several times in a row is left aside for a while, and
    comes back once it took a mail.

    `notices` receives a code for each relay that is left aside.
    """

    def __init__(
        self, relays: Mapping[str, MailRelay], clock: Clock, chance: Callable[[], float] = random.random
    ) -> None:
        self._relays = dict(relays)
        self._circuits = {name: Circuit() for name in self._relays}
        self._clock = clock
        self._chance = chance
        self.notices: set[str] = set()
        for name in self._relays:
            USED.labels(name).set(1)

    @property
    def health(self) -> list[RelayHealth]:
        """Every relay in its order."""
        return [
            RelayHealth(name, circuit.state, circuit.since, circuit.failures, circuit.error)
            for name, circuit in self._circuits.items()
        ]

    def places(self, most: int) -> int:
        """All places while one relay is used; else one, for the mail that tries a relay out; or none."""
        if any(circuit.state is RelayState.USED for circuit in self._circuits.values()):
            return most
        now = self._clock.now()
        return int(any(circuit.takes(now) for circuit in self._circuits.values()))

    async def send(self, mail: Mail) -> None:
        unreachable = Unreachable("relays-aside")
        for name in self._relays:
            if not self._circuits[name].takes(self._clock.now()):
                continue
            try:
                return await self._send(name, mail)
            except Unreachable as error:
                unreachable = error
        raise unreachable

    async def check(self) -> None:
        """Ask every relay whether it answers, also those that are left aside."""
        for relay in self._relays.values():
            await relay.check()

    async def close(self) -> None:
        for relay in self._relays.values():
            await relay.close()

    async def _send(self, name: str, mail: Mail) -> None:
        self._circuits[name] = self._circuits[name].begun()
        try:
            await self._relays[name].send(mail)
        except NotNow as error:
            if error.by_relay:
                self._failed(name, str(error))
            else:
                self._succeeded(name)
            raise
        except Refused:
            self._succeeded(name)
            raise
        except BaseException:
            self._circuits[name] = self._circuits[name].dropped()
            raise
        self._succeeded(name)

    def _failed(self, name: str, reason: str) -> None:
        FAILURES.labels(name, reason).inc()
        before, now = self._circuits[name], self._clock.now()
        self._circuits[name] = after = before.failed(reason, now, self._chance())
        if before.state is RelayState.USED and after.state is RelayState.ASIDE:
            USED.labels(name).set(0)
            self.notices.add(_notice(name))
            log.warning("mail_relay.left_aside", relay=name, reason=reason)

    def _succeeded(self, name: str) -> None:
        before = self._circuits[name]
        self._circuits[name] = before.succeeded()
        if before.state is not RelayState.USED:
            USED.labels(name).set(1)
            self.notices.discard(_notice(name))
            log.info("mail_relay.back", relay=name)


def _notice(name: str) -> str:
    return f"mail-relay-{name}-aside"
