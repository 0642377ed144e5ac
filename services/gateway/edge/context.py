"""The parts that the gateway's routes share, and the checks that every request passes."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from ipaddress import ip_address
from typing import Annotated, cast

from fastapi import Depends, Request, Response

from services.gateway.edge import cookies
from services.gateway.edge.announcements import Announcements
from services.gateway.edge.blocked_networks import BlockedNetworks
from services.gateway.edge.contracts import Contracts
from services.gateway.edge.csrf import SAFE_METHODS, Csrf
from services.gateway.edge.exposure import is_from_everywhere
from services.gateway.edge.headers import decode_value
from services.gateway.edge.notes import Notes
from services.gateway.edge.operator import Operator
from services.gateway.edge.places.places import Places, Verdict
from services.gateway.edge.public_answers import PublicAnswers
from services.gateway.edge.rates import InProgress
from services.gateway.edge.sessions import Granted, Sessions
from services.gateway.edge.shared_rates import Window
from services.gateway.edge.upstream import Upstreams
from services.gateway.settings import Settings
from shared import tracing
from shared.auth import Actor, SessionEnded, TokenVerifier
from shared.clock import Clock
from shared.errors import Unauthenticated, Unavailable
from shared.http import request_id
from shared.http.addresses import address_key
from shared.http.forwarded import refused_kinds_header, stated
from shared.languages import OfficialLang
from shared.reference.agreements import Agreements
from shared.reference.dated_texts import DatedTexts

BEARER = re.compile(r"bearer\s+(\S+)", re.IGNORECASE)
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

    async def token(self, secret: str) -> str:
        """The session's access token. Raises like `granted`."""
        return (await self.granted(secret)).token

    async def granted(self, secret: str) -> Granted:
        """The session's token and times. A session that is over takes its cookie along: the next call is anonymous."""
        try:
            return await self.sessions.granted(secret)
        except SessionEnded as ended:
            gone = Response()
            self.forget(gone)
            ended.headers = {"Set-Cookie": gone.headers["set-cookie"]}
            raise

    async def actor(self, secret: str) -> tuple[Actor, Granted]:
        """The actor of the session, with its token and times. A remembered token that is no longer valid is fetched
        again."""
        granted = await self.granted(secret)
        try:
            return await self.verifier.verify(granted.token), granted
        except Unauthenticated:
            self.sessions.forget(secret)
            granted = await self.granted(secret)
            return await self.verifier.verify(granted.token), granted

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


async def within_limits(request: Request, gateway: CurrentGateway) -> AsyncIterator[None]:
    """Raise `RateLimited` for an address or a session that calls too often, `Busy` for one with too many requests at
    once, and `NetworkBlocked` or `NotFromHere` for the place that they come from. What is still arriving is no request
    yet: `shared.http.bodies` waits for it."""
    gateway.blocked.check(_host(request))
    address = client_address(request)
    await gateway.by_address.admit(address)
    with ExitStack() as counted:
        counted.enter_context(gateway.at_once.one(address))
        if secret := gateway.secret(request):
            session = sha256(secret.encode()).hexdigest()
            await gateway.by_session.admit(session)
            counted.enter_context(gateway.session_at_once.one(session))
        if sent := BEARER.fullmatch(request.headers.get("authorization", "")):
            await _count_client(gateway, sent[1])
        await _require_allowed_place(request, gateway)
        yield


async def _count_client(gateway: Gateway, token: str) -> None:
    """Count a request of an API client. A token that is not valid counts for nobody: strangers use up no other's."""
    try:
        actor = await gateway.verifier.verify(token)
    except (Unauthenticated, Unavailable):
        return
    await gateway.by_client.admit(str(actor.client_id or actor.id))


def place_of(request: Request, gateway: Gateway) -> Verdict:
    """The verdict of the rules on places about the caller's address."""
    return gateway.places.verdict(_host(request))


def _host(request: Request) -> str | None:
    return request.client.host if request.client else None


async def _require_allowed_place(request: Request, gateway: Gateway) -> None:
    """Raise `NotFromHere`. Who asks is looked up only where the answer depends on it."""
    await gateway.places.look_again()
    verdict = place_of(request, gateway)
    if not (verdict.people or verdict.officers) or is_from_everywhere(request.url.path):
        return
    actor = await _actor_of(request, gateway)
    if reason := verdict.reason_for(actor, gateway.clock.now()):
        raise gateway.places.refuse(verdict, reason)


async def _actor_of(request: Request, gateway: Gateway) -> Actor:
    """The actor of a request's token or session; an anonymous one without either that is valid."""
    sent = BEARER.fullmatch(request.headers.get("authorization", ""))
    try:
        if sent is not None:
            return await gateway.verifier.verify(sent[1])
        if secret := gateway.held_session(request):
            return (await gateway.actor(secret))[0]
    except Unauthenticated:
        pass  # the route says so to those who may ask from here
    return Actor.anonymous()


async def notices_within_limits(request: Request, gateway: CurrentGateway) -> None:
    """Raise `RateLimited` for an address that sends too many notices. Others' addresses have windows of their own, so
    that no stranger can keep those of an outside system away. Raises `NetworkBlocked` as well."""
    gateway.blocked.check(_host(request))
    await gateway.notices_by_address.admit(client_address(request))


def client_address(request: Request) -> str:
    """The caller's address, for counting: the connection's, or the one that a trusted proxy states (see `__main__`)."""
    return address_key(_host(request))


def _stated_address(request: Request) -> str:
    """The same as it is stated to services: always an address, or `unknown`."""
    try:
        return str(ip_address(_host(request) or ""))
    except ValueError:
        return "unknown"


def outgoing_headers(request: Request) -> dict[str, str]:
    """Headers by which the gateway describes a request to a service. The caller's own of these names are dropped."""
    gateway = current_gateway(request)
    headers = {
        "X-Request-Id": request_id(request),
        **stated(gateway.settings.gateway_key, _stated_address(request)),
        **refused_kinds_header(place_of(request, gateway).kinds),
    }
    if traceparent := tracing.inject():
        headers["traceparent"] = traceparent
    return headers


def browser_headers(request: Request, lang: str) -> dict[str, str]:
    """The same with the browser's language and its own description of itself."""
    return outgoing_headers(request) | {
        "Accept-Language": lang,
        "User-Agent": decode_value(request.headers.get("user-agent", "").encode("latin-1")),
    }
