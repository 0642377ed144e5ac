"""A browser's session, exchanged for an access token. Registration owns the session; the gateway only remembers."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from services.gateway.edge.upstream import Reply, ServiceDown, Upstreams
from shared.auth import SessionEnded
from shared.clock import Clock
from shared.tasks import LeakedCancellation, contained
from shared.tracing import inject

# What happens to a session elsewhere is seen here within this time.
REMEMBERED = timedelta(seconds=30)
# A token that is about to expire would be refused by the service that gets it.
SPARE = timedelta(seconds=10)
KEPT_SESSIONS = 10_000


@dataclass(frozen=True, slots=True)
class Granted:
    """An access token, remembered until `until`, when the session behind it ends, and whose it is.

    `name` and `organisation` are what every page shows of its visitor; they come with the token, so that no page asks
    for them.
    """

    token: str
    until: datetime
    idle_ends_at: datetime
    ends_at: datetime
    warn_at: datetime
    fresh_until: datetime | None
    name: str
    organisation: str


class Sessions:
    """Access tokens of sessions, remembered for half a minute by the digest of the session's secret."""

    def __init__(self, upstreams: Upstreams, clock: Clock) -> None:
        self._upstreams = upstreams
        self._clock = clock
        self._tokens: OrderedDict[bytes, Granted] = OrderedDict()
        self._asking: dict[bytes, asyncio.Task[Granted]] = {}

    async def token(self, secret: str) -> str:
        """An access token. Raises like `granted`."""
        return (await self.granted(secret)).token

    async def granted(self, secret: str) -> Granted:
        """An access token, and how long the session lasts.

        Raises `SessionEnded`, or `ServiceDown` where registration does not answer.
        """
        digest = sha256(secret.encode()).digest()
        known = self._tokens.get(digest)
        if known is not None and known.until > self._clock.now():
            self._tokens.move_to_end(digest)
            return known
        # The requests of one page arrive together: one of them asks, and going away it does not stop the others.
        task = self._asking.get(digest)
        if task is None:
            task = asyncio.create_task(self._exchange(digest, secret))  # watched: awaited by its callers
            self._asking[digest] = task
            task.add_done_callback(lambda done: self._settle(digest, done))
        try:
            with contained():
                return await asyncio.shield(task)
        except LeakedCancellation as error:
            raise ServiceDown() from error

    async def open(self, login_id: str, password: str, headers: dict[str, str], held: str | None = None) -> Reply:
        """Registration's answer to a sign-in. `held` is the session that the browser had before, which ends."""
        return await self._begin("/v1/sessions", {"login_id": login_id, "password": password}, headers, held)

    async def second_step(self, proof: dict[str, Any], headers: dict[str, str], held: str | None = None) -> Reply:
        """Registration's answer to the second step of a sign-in; `held` as for the first."""
        return await self._begin("/v1/sessions/second-factor", proof, headers, held)

    async def ask_for_passkey(self, headers: dict[str, str]) -> Reply:
        """Registration's question for a passkey."""
        return await self._upstreams.call("registration", "POST", "/v1/sessions/passkey/options", headers=headers)

    async def open_with_passkey(
        self, credential: dict[str, Any], headers: dict[str, str], held: str | None = None
    ) -> Reply:
        """Registration's answer to a sign-in with a passkey alone; `held` as for a password."""
        return await self._begin("/v1/sessions/passkey", {"credential": credential}, headers, held)

    async def step_up(self, secret: str, proof: dict[str, Any], headers: dict[str, str]) -> Reply:
        """Registration's answer to a new proof; where it is right, `secret` is worth nothing any more."""
        body = {"session_secret": secret, **proof}
        answer = await self._upstreams.call("registration", "POST", "/v1/sessions/step-up", json=body, headers=headers)
        if answer.is_success:
            self.forget(secret)
        return answer

    async def end(self, secret: str, headers: dict[str, str]) -> None:
        """End the session for good. Raises `ServiceDown` where registration does not confirm it."""
        body = {"session_secret": secret}
        try:
            answer = await self._upstreams.call("registration", "POST", "/v1/sessions/end", json=body, headers=headers)
        finally:
            # Also where no answer came: it may be over.
            self.forget(secret)
        # 401 and 404: it was over already, which is what was asked for.
        if not answer.is_success and answer.status_code not in (401, 404):
            raise ServiceDown()

    def forget(self, secret: str) -> None:
        """Forget the token of this session, and one that is on its way: the next request fetches another."""
        digest = sha256(secret.encode()).digest()
        self._tokens.pop(digest, None)
        self._asking.pop(digest, None)

    async def _begin(self, path: str, body: dict[str, Any], headers: dict[str, str], held: str | None) -> Reply:
        body = body | ({"held_session": held} if held else {})
        answer = await self._upstreams.call("registration", "POST", path, json=body, headers=headers)
        if held and answer.status_code == 201:
            self.forget(held)
        return answer

    async def _exchange(self, digest: bytes, secret: str) -> Granted:
        headers = {"traceparent": inject() or ""}
        asked = {"session_secret": secret}
        answer = await self._upstreams.call(
            "registration", "POST", "/v1/sessions/token", json=asked, headers=headers, harmless=True
        )
        # 422: what the cookie holds was never a session.
        if answer.status_code in (401, 404, 422):
            self._tokens.pop(digest, None)
            raise SessionEnded()
        if not answer.is_success:
            raise ServiceDown()
        body = answer.json()
        expires = datetime.fromisoformat(body["expires_at"])
        granted = Granted(
            token=body["access_token"],
            until=min(self._clock.now() + REMEMBERED, expires - SPARE),
            idle_ends_at=datetime.fromisoformat(body["idle_ends_at"]),
            ends_at=datetime.fromisoformat(body["ends_at"]),
            warn_at=datetime.fromisoformat(body["warn_at"]),
            fresh_until=datetime.fromisoformat(body["fresh_until"]) if body["fresh_until"] else None,
            name=body.get("name") or "",
            organisation=body.get("organisation_name") or "",
        )
        if self._asking.get(digest) is not asyncio.current_task():
            return granted  # forgotten while it was on its way
        self._tokens[digest] = granted
        self._tokens.move_to_end(digest)
        if len(self._tokens) > KEPT_SESSIONS:
            self._tokens.popitem(last=False)
        return granted

    def _settle(self, digest: bytes, done: "asyncio.Task[Granted]") -> None:
        if self._asking.get(digest) is done:
            del self._asking[digest]
        if not done.cancelled():
            done.exception()  # seen, even where every caller has gone away
