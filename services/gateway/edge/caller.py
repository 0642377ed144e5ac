"""The caller of a request: found out once, by whatever needs it first, and kept on the request.

A request acts by one proof alone, which is what is counted, judged by its place and passed on: a second proof in it
changes nothing.
"""

import re
from enum import Enum, auto
from functools import cached_property
from ipaddress import ip_address
from typing import cast

from fastapi import Request

from services.gateway.edge.context import Gateway, current_gateway
from services.gateway.edge.headers import decode_value
from services.gateway.edge.places.places import Verdict
from services.gateway.edge.sessions import Granted
from shared import tracing
from shared.auth import Actor
from shared.errors import Problem, Unauthenticated
from shared.http import request_id
from shared.http.addresses import address_key
from shared.http.forwarded import refused_kinds_header, stated

_BEARER = re.compile(r"bearer\s+(\S+)", re.IGNORECASE)
_KEPT = "zairyu.caller"


class ActsBy(Enum):
    """The proof of who asks that a route goes by."""

    SESSION = auto()  # pages and `/session`: the cookie
    TOKEN = auto()  # `/api`: the access token of an API client, else the cookie
    NEITHER = auto()  # notices and standards' routes: a signature or a secret that the service behind checks


class Caller:
    """The caller of one request."""

    def __init__(self, request: Request, gateway: Gateway, acts_by: ActsBy) -> None:
        self.gateway = gateway
        self.path: str = request.scope["path"]
        self.host = request.client.host if request.client else None
        # The connection's address, or the one that a trusted proxy states (see `__main__`), for counting.
        self.address = address_key(self.host)
        sent = _BEARER.fullmatch(request.headers.get("authorization", "")) if acts_by is ActsBy.TOKEN else None
        self.token = sent[1] if sent else None
        self.secret = None if sent or acts_by is ActsBy.NEITHER else gateway.secret(request)
        self.is_admitted = False
        self._found: tuple[Actor, Granted | None] | Problem | None = None

    @cached_property
    def place(self) -> Verdict:
        """The verdict of the rules on places about the caller's address."""
        return self.gateway.places.verdict(self.host)

    async def actor(self) -> Actor:
        """The actor of the token or the session, verified once. Raises `Unauthenticated`, `SessionEnded` among them,
        or `Unavailable` where that cannot be said."""
        return (await self._look_up())[0]

    async def session(self) -> tuple[Actor, Granted]:
        """The actor of the session, with its token and times. Raises like `actor`."""
        actor, granted = await self._look_up()
        if granted is None:
            raise Unauthenticated()
        return actor, granted

    async def granted(self) -> Granted:
        """The token and times of the session, not verified here unless they were already. Raises like `actor`."""
        if isinstance(self._found, tuple) or self.secret is None:
            return (await self.session())[1]
        return await self.gateway.granted(self.secret)

    async def _look_up(self) -> tuple[Actor, Granted | None]:
        if self._found is None:
            try:
                self._found = await self._verified()
            except Problem as problem:
                self._found = problem
        if isinstance(self._found, Problem):
            raise self._found
        return self._found

    async def _verified(self) -> tuple[Actor, Granted | None]:
        verifier = self.gateway.verifier
        if self.token is not None:
            return await verifier.verify(self.token), None
        if self.secret is None:
            raise Unauthenticated()
        granted = await self.gateway.granted(self.secret)
        try:
            return await verifier.verify(granted.token), granted
        except Unauthenticated:  # a remembered token that is no longer valid is fetched again
            self.gateway.sessions.forget(self.secret)
            granted = await self.gateway.granted(self.secret)
            return await verifier.verify(granted.token), granted


def caller_of(request: Request, acts_by: ActsBy = ActsBy.SESSION) -> Caller:
    """The caller of a request. `acts_by` is the route's, and counts for the first who asks: admission."""
    # In the scope, which is the request's own: servers may give several requests one state.
    found = request.scope.get(_KEPT)
    if found is None:
        found = request.scope[_KEPT] = Caller(request, current_gateway(request), acts_by)
    return cast(Caller, found)


def outgoing_headers(request: Request) -> dict[str, str]:
    """Headers by which the gateway describes a request to a service. The caller's own of these names are dropped."""
    caller = caller_of(request)
    headers = {
        "X-Request-Id": request_id(request),
        **stated(caller.gateway.settings.gateway_key, _stated_address(caller.host)),
        **refused_kinds_header(caller.place.kinds),
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


def _stated_address(host: str | None) -> str:
    """The caller's address as it is stated to services: always an address, or `unknown`."""
    try:
        return str(ip_address(host or ""))
    except ValueError:
        return "unknown"
