"""Whoever is signed in at the browser that asks for a page, and what they ask registration."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from services.gateway.csrf import SAFE_METHODS
from services.gateway.desk import Desk, TheDesk
from services.gateway.pages.asking import Answer, ProveAgain, ask
from services.gateway.pages.forms import Posted
from services.gateway.pages.frame import PageLanguage
from services.gateway.sessions import Granted
from shared.auth import Actor
from shared.errors import Forbidden, Unauthenticated
from shared.http import Lang


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

    async def ask(self, method: str, path: str, json: object = None, *, if_match: str | None = None) -> Answer:
        """Call registration as this session. Raises as `asking.ask` does."""
        token = self.granted.token
        more = None if if_match is None else {"If-Match": if_match}
        answer = await ask(self.request, self.desk, self.lang, method, path, json, token=token, more=more)
        self.desk.seen(self.secret, method, path, answer.status)
        return answer

    async def fetch(self, path: str) -> Answer:
        """What a page cannot be shown without. Raises `Forbidden` where it is not theirs to see."""
        answer = await self.ask("GET", path)
        if not answer.ok:
            raise Forbidden()
        return answer


async def visitor_of(request: Request, desk: Desk, lang: Lang, csrf_token: str) -> Visitor:
    """Whose session rides along. Raises `Unauthenticated` or `SessionEnded`, which lead to the sign-in page, and
    `CrossSite` for a change without the session's `csrf_token`."""
    secret = desk.secret(request)
    if secret is None:
        raise Unauthenticated()
    if request.method not in SAFE_METHODS:
        desk.csrf.require(request, secret, csrf_token)
    granted = await desk.granted(secret)
    return Visitor(request, desk, lang, secret, await desk.verifier.verify(granted.token), granted)


async def _visitor(request: Request, desk: TheDesk, lang: PageLanguage, form: Posted) -> Visitor:
    return await visitor_of(request, desk, lang, form["csrf_token"])


async def _proved(visitor: Annotated[Visitor, Depends(_visitor)]) -> Visitor:
    """Asked before the form is shown: nobody fills it in to be told afterwards."""
    if not visitor.is_fresh:
        raise ProveAgain()
    return visitor


CurrentVisitor = Annotated[Visitor, Depends(_visitor)]
FreshVisitor = Annotated[Visitor, Depends(_proved)]
