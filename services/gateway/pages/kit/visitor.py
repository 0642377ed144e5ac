"""The visitor of a page: the account that is signed in, and services called as its session."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import Depends, Request

from services.gateway.edge.caller import caller_of
from services.gateway.edge.context import CurrentGateway, Gateway
from services.gateway.edge.csrf import SAFE_METHODS
from services.gateway.edge.sessions import Granted
from services.gateway.pages.kit.client import EnrolmentRequired, ServiceClient, Session, StepUpRequired
from services.gateway.pages.kit.forms import LongForm, Posted
from services.gateway.pages.kit.language import PageLanguage
from shared.auth import BULK_ROLES, EXAMINING_ROLES, Actor, Record, Role, SessionEnded, readers
from shared.clock import legal_date
from shared.errors import Forbidden, Problem, Unauthenticated
from shared.http import Lang

_FOUND = "zairyu.visitor"


@dataclass(frozen=True, slots=True)
class Visitor:
    """A session, and the request that rides on it."""

    request: Request
    gateway: Gateway
    lang: Lang
    secret: str
    actor: Actor
    granted: Granted

    @property
    def csrf_token(self) -> str:
        """The token that the session's forms carry."""
        return self.gateway.csrf.token(self.secret)

    @property
    def owner(self) -> str:
        """The mark of the account in its own forms."""
        return self.gateway.csrf.owner(self.actor.id)

    @property
    def roles(self) -> list[str]:
        """The roles that hold now, in an order that stays."""
        return sorted(self.actor.roles)

    @property
    def is_person(self) -> bool:
        return self.actor.kind == "person"

    @property
    def files_many(self) -> bool:
        """Whether the visitor may file many applications in one file: organisations and professionals."""
        return self.is_person and bool(self.actor.roles & BULK_ROLES)

    def reads(self, *records: Record) -> bool:
        """Whether an officer's roles read any of these kinds of records, of one office or of all."""
        return self.actor.kind == "officer" and self.actor.has(*readers(*records))

    @property
    def sees_cases(self) -> bool:
        """Whether the visitor's roles read cases."""
        return self.reads(Record.CASE)

    @property
    def has_cases(self) -> bool:
        """Whether cases are allocated to the visitor, who then gets messages about them."""
        return self.actor.has(*EXAMINING_ROLES)

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
        """Whether changes to the means of signing in need no further proof."""
        return self.granted.fresh_until is not None and self.granted.fresh_until > self._now

    @property
    def today(self) -> date:
        """The day in Japan."""
        return legal_date(self._now)

    @property
    def _now(self) -> datetime:
        return self.gateway.clock.now()

    def is_past(self, moment: str) -> bool:
        """Whether a moment that registration stated has passed."""
        return datetime.fromisoformat(moment) <= self._now

    @property
    def session(self) -> Session:
        """The session as which services are called."""
        return Session(self.request, self.gateway, self.lang, self.granted.token, self.secret)

    @property
    def registration(self) -> ServiceClient:
        """Registration, called as this session."""
        return self.service("registration")

    def service(self, name: str) -> ServiceClient:
        """A service, called as this session."""
        return ServiceClient(name, self.session)


async def require_visitor(request: Request, gateway: Gateway, lang: Lang, csrf_token: str) -> Visitor:
    """The visitor of the request's session.

    Raises `Unauthenticated` or `SessionEnded`, which lead to the sign-in page, and `CrossSite` for a change without the
    session's `csrf_token`.
    """
    secret = gateway.secret(request)
    if secret is None:
        raise Unauthenticated()
    if request.method not in SAFE_METHODS:
        gateway.csrf.require(request, secret, csrf_token)
    return await _look_up(request, gateway, lang, secret)


async def find_reader(request: Request, gateway: Gateway, lang: Lang) -> Visitor | None:
    """The visitor who reads a page, for its head; None without a session, and where registration cannot say."""
    secret = gateway.secret(request)
    if secret is None:
        return None
    try:
        return await _look_up(request, gateway, lang, secret)
    except Problem:
        return None


async def _look_up(request: Request, gateway: Gateway, lang: Lang, secret: str) -> Visitor:
    """The visitor, looked up once for each request: the head of the page and its content need the same."""
    found: Visitor | Problem | None = request.scope.get(_FOUND)
    if found is None:
        try:
            actor, granted = await caller_of(request).session()
            found = Visitor(request, gateway, lang, secret, actor, granted)
        except Problem as problem:
            found = problem
        request.scope[_FOUND] = found
    if isinstance(found, Problem):
        raise found
    return found


def found_reader(request: Request) -> Visitor | None:
    """The reader that `look_up_reader` found."""
    found = request.scope.get(_FOUND)
    return found if isinstance(found, Visitor) else None


def cookie_to_drop(request: Request) -> str | None:
    """The `Set-Cookie` that takes the cookie of a session away which was found to be over."""
    found = request.scope.get(_FOUND)
    return (found.headers or {}).get("Set-Cookie") if isinstance(found, SessionEnded) else None


async def look_up_reader(request: Request, gateway: CurrentGateway, lang: PageLanguage) -> None:
    """Look up the visitor for a page's head; every page depends on this."""
    await find_reader(request, gateway, lang)


async def _visitor(request: Request, gateway: CurrentGateway, lang: PageLanguage, form: Posted) -> Visitor:
    return await require_visitor(request, gateway, lang, form["csrf_token"])


async def _long_form_visitor(request: Request, gateway: CurrentGateway, lang: PageLanguage, form: LongForm) -> Visitor:
    return await require_visitor(request, gateway, lang, form["csrf_token"])


async def _fresh_visitor(visitor: Annotated[Visitor, Depends(_visitor)]) -> Visitor:
    """Checked before the form is shown, so that it is not filled in for nothing."""
    if not visitor.is_fresh:
        raise StepUpRequired()
    return visitor


def _as_officer(visitor: Visitor) -> Visitor:
    """The visitor, an officer whose roles count. Raises `Forbidden` for others, and `EnrolmentRequired`."""
    if visitor.is_person:
        raise Forbidden()
    if visitor.must_enrol:
        raise EnrolmentRequired()
    return visitor


async def _officer(visitor: Annotated[Visitor, Depends(_visitor)]) -> Visitor:
    return _as_officer(visitor)


async def _operator(visitor: Annotated[Visitor, Depends(_officer)]) -> Visitor:
    """An operator who has proved recently who they are: a stolen session sees and changes nothing of the board."""
    if not visitor.actor.has(Role.OPERATOR):
        raise Forbidden()
    if not visitor.is_fresh:
        raise StepUpRequired()
    return visitor


async def _long_form_officer(visitor: Annotated[Visitor, Depends(_long_form_visitor)]) -> Visitor:
    return _as_officer(visitor)


CurrentVisitor = Annotated[Visitor, Depends(_visitor)]
OfficerVisitor = Annotated[Visitor, Depends(_officer)]
OperatorVisitor = Annotated[Visitor, Depends(_operator)]
LongFormOfficer = Annotated[Visitor, Depends(_long_form_officer)]
# For a form with tables or a long list of choices.
LongFormVisitor = Annotated[Visitor, Depends(_long_form_visitor)]
FreshVisitor = Annotated[Visitor, Depends(_fresh_visitor)]
