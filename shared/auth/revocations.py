"""Revocations: a token of a session, client or grant that has ended is refused although it has not expired."""

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from shared.auth.actor import Actor
from shared.auth.published import Document, Fetch, Published, over_http
from shared.errors import Text, Unauthenticated, Unavailable


class SessionEnded(Unauthenticated):
    """The session has ended or never existed; or the session, client or grant that a token came from has ended."""

    code = "session-ended"
    title = Text("ログインし直してください", "Sign in again")
    headers: Mapping[str, str] = {}


class NoRevocations(Unavailable):
    """The list has not been fetched since the start."""

    code = "revocations-unavailable"
    title = Text("ログインの確認が一時的にできません", "Sign-in cannot be checked at the moment")


class Revocations:
    """The ids of sessions, clients and grants that ended while a token of theirs may still be in force."""

    def __init__(self, fetch: Fetch | None = None, *, known: Collection[UUID] = (), **options: Any) -> None:
        self._published = Published("revocations", frozenset(known), _parse, fetch, **options)

    @classmethod
    def at(cls, registration_url: str, **options: Any) -> "Revocations":
        """The list that the registration service publishes."""
        return cls(over_http(registration_url, "revocations.json"), **options)

    def cover(self, actor: Actor) -> bool:
        """Whether what the token of `actor` came from has ended."""
        # A client stands in `sub` where it acts for itself. Of people it is the sessions that are listed.
        ids = {actor.session_id, actor.client_id, actor.id if actor.kind == "client" else None}
        return not self._published.held.isdisjoint(ids)

    async def check(self) -> None:
        """The readiness check. Without a list tokens are still believed: they end by themselves in a few minutes."""
        if not self._published.fetched:
            raise NoRevocations()
        await self._published.check()

    async def refresh(self) -> bool:
        """Fetch the list now; False, with the old one kept, where that fails."""
        return await self._published.refresh()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Revocations"]:
        """Keep the list fresh in the background for as long as the block lasts."""
        async with self._published.running():
            yield self


def _parse(document: Document) -> frozenset[UUID]:
    return frozenset(UUID(identity) for identity in document["revoked"])
