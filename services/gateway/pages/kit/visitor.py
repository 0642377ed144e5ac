"""Whoever is signed in at the browser that asks for a page, and what they ask registration."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from services.gateway.edge.context import Desk, TheDesk
from services.gateway.edge.csrf import SAFE_METHODS
from services.gateway.edge.sessions import Granted
from services.gateway.pages.kit.client import ProveAgain, ServiceClient, Session
from services.gateway.pages.kit.forms import Posted
from services.gateway.pages.kit.language import PageLanguage
from shared.auth import Actor, SessionEnded
from shared.errors import Problem, Unauthenticated
from shared.http import Lang

_FOUND = "visitor"


@dataclass(frozen=True, slots=True)
class Visitor:
    """A session, and the request that rides on it."""

    request: Request
    desk: Desk
    lang: Lang
    secret: str
    actor: Actor
    granted: Granted

    @property
    def csrf_token(self) -> str:
        """What the session's forms carry."""
        return self.desk.csrf.token(self.secret)

    @property
    def owner(self) -> str:
        """Whose forms these are."""
        return self.desk.csrf.owner(self.actor.id)

    @property
    def roles(self) -> list[str]:
        """The roles that hold now, in an order that stays."""
        return sorted(self.actor.roles)

    @property
    def is_person(self) -> bool:
        return self.actor.kind == "person"

    @property
    def must_enrol(self) -> bool:
        """An officer whose session began with the password alone: it is good for a second factor and nothing else."""
        return self.actor.kind == "officer" and not self.actor.roles

    @property
    def ends_soon(self) -> bool:
        """Whether the session is about to end although it has just been used."""
        return self._now >= self.granted.warn_at

    @property
    def is_fresh(self) -> bool:
        """Whether acts that change how one gets in need no further proof."""
        return self.granted.fresh_until is not None and self.granted.fresh_until > self._now

    @property
    def _now(self) -> datetime:
        return self.desk.clock.now()

    def is_past(self, moment: str) -> bool:
        """Whether a moment that registration told is over."""
        return datetime.fromisoformat(moment) <= self._now

    @property
    def session(self) -> Session:
        """The session as which services are called."""
        return Session(self.request, self.desk, self.lang, self.granted.token, self.secret)

    @property
    def registration(self) -> ServiceClient:
        """Registration, called as this session."""
        return self.service("registration")

    def service(self, name: str) -> ServiceClient:
        """A service, called as this session."""
        return ServiceClient(name, self.session)


async def visitor_of(request: Request, desk: Desk, lang: Lang, csrf_token: str) -> Visitor:
    """Whose session rides along. Raises `Unauthenticated` or `SessionEnded`, which lead to the sign-in page, and
    `CrossSite` for a change without the session's `csrf_token`."""
    secret = desk.secret(request)
    if secret is None:
        raise Unauthenticated()
    if request.method not in SAFE_METHODS:
        desk.csrf.require(request, secret, csrf_token)
    return await _known(request, desk, lang, secret)


async def reader_of(request: Request, desk: Desk, lang: Lang) -> Visitor | None:
    """The visitor who reads a page, for its head; None for anybody not signed in, and where nobody can say."""
    secret = desk.secret(request)
    if secret is None:
        return None
    try:
        return await _known(request, desk, lang, secret)
    except Problem:
        return None


async def _known(request: Request, desk: Desk, lang: Lang, secret: str) -> Visitor:
    """Looked up once for each request, whatever the answer: the head of the page and its content ask the same."""
    found: Visitor | Problem | None = getattr(request.state, _FOUND, None)
    if found is None:
        try:
            granted = await desk.granted(secret)
            actor = await desk.verifier.verify(granted.token)
            found = Visitor(request, desk, lang, secret, actor, granted)
        except Problem as problem:
            found = problem
        setattr(request.state, _FOUND, found)
    if isinstance(found, Problem):
        raise found
    return found


def shown_to(request: Request) -> Visitor | None:
    """The reader that `look_up` found."""
    found = getattr(request.state, _FOUND, None)
    return found if isinstance(found, Visitor) else None


def cookie_to_drop(request: Request) -> str | None:
    """The `Set-Cookie` that takes the cookie of a session away which was found to be over."""
    found = getattr(request.state, _FOUND, None)
    return (found.headers or {}).get("Set-Cookie") if isinstance(found, SessionEnded) else None


async def look_up(request: Request, desk: TheDesk, lang: PageLanguage) -> None:
    """Look up the visitor for a page's head; every page depends on this."""
    await reader_of(request, desk, lang)


async def _visitor(request: Request, desk: TheDesk, lang: PageLanguage, form: Posted) -> Visitor:
    return await visitor_of(request, desk, lang, form["csrf_token"])


async def _proved(visitor: Annotated[Visitor, Depends(_visitor)]) -> Visitor:
    """Asked before the form is shown: nobody fills it in to be told afterwards."""
    if not visitor.is_fresh:
        raise ProveAgain()
    return visitor


CurrentVisitor = Annotated[Visitor, Depends(_visitor)]
FreshVisitor = Annotated[Visitor, Depends(_proved)]
