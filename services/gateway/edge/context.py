"""The parts that the gateway's routes share."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, cast

from fastapi import Depends, Request, Response

from services.gateway.edge import cookies
from services.gateway.edge.announcements import Announcements
from services.gateway.edge.blocked_networks import BlockedNetworks
from services.gateway.edge.contracts import Contracts
from services.gateway.edge.csrf import SAFE_METHODS, Csrf
from services.gateway.edge.notes import Notes
from services.gateway.edge.operator import Operator
from services.gateway.edge.places.places import Places
from services.gateway.edge.public_answers import PublicAnswers
from services.gateway.edge.rates import InProgress
from services.gateway.edge.sessions import Granted, Sessions
from services.gateway.edge.shared_rates import Window
from services.gateway.edge.upstream import Upstreams
from services.gateway.settings import Settings
from shared.auth import SessionEnded, TokenVerifier
from shared.clock import Clock
from shared.languages import OfficialLang
from shared.reference.agreements import Agreements
from shared.reference.dated_texts import DatedTexts

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,100}")


@dataclass(frozen=True, slots=True)
class Gateway:
    """The gateway's parts."""

    settings: Settings
    clock: Clock
    upstreams: Upstreams
    sessions: Sessions
    csrf: Csrf
    notes: Notes
    contracts: Contracts
    public_answers: PublicAnswers
    announcements: Announcements
    verifier: TokenVerifier
    by_address: Window
    by_session: Window
    by_client: Window
    notices_by_address: Window
    places: Places
    blocked: BlockedNetworks
    sign_ins: Window
    agreements: Agreements
    site_texts: DatedTexts
    operators: Mapping[OfficialLang, Operator]
    at_once: InProgress
    session_at_once: InProgress
    files: InProgress

    def secret(self, request: Request) -> str | None:
        """The session's secret, from the cookie."""
        return cookies.read(request, self.settings) or None

    def held_session(self, request: Request) -> str | None:
        """The session's secret for registration, where the cookie holds what can be one."""
        secret = self.secret(request)
        return secret if secret and _SECRET.fullmatch(secret) else None

    async def granted(self, secret: str) -> Granted:
        """The session's token and times. A session that is over takes its cookie along: the next call is anonymous."""
        try:
            return await self.sessions.granted(secret)
        except SessionEnded as ended:
            gone = Response()
            self.forget(gone)
            ended.headers = {"Set-Cookie": gone.headers["set-cookie"]}
            raise

    def seen(self, secret: str, method: str, path: str, status: int) -> None:
        """Note a service's answer to a request of this session: where the remembered token was refused, or where the
        session's owner changed something about themselves (the role of the session, say), another one is fetched."""
        changed = method not in SAFE_METHODS and path.startswith("/v1/accounts/me/") and status < 400
        if changed or status == 401:
            self.sessions.forget(secret)

    def keep(self, response: Response, secret: str, expires: datetime) -> None:
        """Have the browser hold the session's secret where scripts cannot read it."""
        cookies.put(response, self.settings, "", secret, max_age=self.seconds_until(expires))

    def forget(self, response: Response) -> None:
        """Have the browser drop the session's cookie."""
        cookies.drop(response, self.settings)

    def seconds_until(self, moment: datetime) -> int:
        """Seconds until `moment`, for a cookie that ends then."""
        return int((moment - self.clock.now()).total_seconds())


def current_gateway(request: Request) -> Gateway:
    """The parts of the running gateway."""
    return cast(Gateway, request.app.state.gateway)


async def _gateway(request: Request) -> Gateway:
    return current_gateway(request)


CurrentGateway = Annotated[Gateway, Depends(_gateway)]
