"""The permission of a route, readable by machines: each route states it, and a guard test checks that.

    @router.post("/v1/cases/{case_id}/decision", dependencies=[permit(Role.CHIEF_EXAMINER)])
    async def decide(caller: Caller, ...): ...

    @router.get("/v1/journal-head", dependencies=[public])

Ownership ("is this mine?") is asked at the command, where the record is known.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, cast

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.security.utils import get_authorization_scheme_param

from shared.auth.actor import Actor, ActorKind, Role
from shared.auth.tokens import TokenVerifier
from shared.errors import Forbidden, Text, Unauthenticated

_READING = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Permission:
    """The permission of a route: for anybody (`public`), or for actors with one of `roles` and one of `kinds`.

    An empty set of roles or kinds sets no condition. `in_person` refuses API clients, whatever their scopes.
    An officer without any role has no second factor yet: only what is `enrolling` is for them. `fresh` needs a recent
    proof of who the caller is: of an officer, with the second factor.
    """

    public: bool = False
    roles: frozenset[Role] = frozenset()
    kinds: frozenset[ActorKind] = frozenset()
    in_person: bool = False
    enrolling: bool = False
    fresh: bool = False

    def wants_enrolment(self, actor: Actor) -> bool:
        """Whether the caller has to set up a second factor first."""
        return actor.kind == "officer" and not actor.roles and not (self.public or self.enrolling)

    def allows(self, actor: Actor) -> bool:
        if self.public:
            return True
        if self.in_person and actor.scopes is not None:
            return False
        if actor.kind == "anonymous" or (self.kinds and actor.kind not in self.kinds):
            return False
        return not self.roles or actor.has(*self.roles)

    def described(self) -> dict[str, Any]:
        """For the OpenAPI document (`x-permission`)."""
        return {"public": self.public, "roles": sorted(self.roles), "kinds": sorted(self.kinds)}


class OutOfScope(Forbidden):
    """The token is limited to other scopes than the one this request needs (RFC 6750: insufficient_scope)."""

    code = "scope-not-granted"
    title = Text("このトークンの範囲では実行できません", "The token does not cover this request")

    def __init__(self, scope: str) -> None:
        super().__init__(
            Text("スコープ {scope} が必要です", "Ask for a token with the scope {scope}").with_values(scope=scope)
        )


class StepUpRequired(Forbidden):
    """The session is fine, but its owner has to prove again who they are: `POST /v1/sessions/step-up`."""

    code = "step-up-required"
    title = Text("この操作の前に本人確認が必要です", "Confirm your identity before doing this")


class EnrolmentRequired(Forbidden):
    """An officer without a second factor can set one up, and nothing else."""

    code = "enrolment-required"
    title = Text("先に二要素認証を設定してください", "Set up two-factor authentication first")


async def caller(request: Request) -> Actor:
    """The caller, by the bearer token. Raises `Unauthenticated` without a valid one, and `OutOfScope` for one that is
    limited to something else: asked here, no route can forget it."""
    scheme, token = get_authorization_scheme_param(request.headers.get("authorization"))
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated(
            Text("アクセストークンを付けてください", "Send an access token: Authorization: Bearer ...")
        )
    actor = await _verifier(request).verify(token)
    scope = f"{getattr(request.app.state, 'service', '')}:{'read' if request.method in _READING else 'write'}"
    if not actor.within(scope):
        raise OutOfScope(scope)
    return actor


def _verifier(request: Request) -> TokenVerifier:
    verifier = cast(TokenVerifier | None, getattr(request.app.state, "verifier", None))
    if verifier is None:
        raise RuntimeError("create_app(...) got no verifier, but a route asks for its caller")
    return verifier


async def perhaps_caller(request: Request) -> Actor:
    """The caller; `Actor.anonymous()` where no token is sent. A bad token is still refused."""
    if "authorization" not in request.headers:
        return Actor.anonymous()
    return await caller(request)


Caller = Annotated[Actor, Depends(caller)]
PerhapsCaller = Annotated[Actor, Depends(perhaps_caller)]


def permit(
    *roles: Role,
    kinds: tuple[ActorKind, ...] = (),
    in_person: bool = False,
    enrolling: bool = False,
    fresh: bool = False,
) -> Any:
    """Allow signed-in callers that hold one of `roles` (any role where none is named); answers the `Actor`.

    Goes into a route's or a router's `dependencies`, or into a parameter: `actor: Annotated[Actor, permit(...)]`.
    """
    permission = Permission(
        roles=frozenset(roles), kinds=frozenset(kinds), in_person=in_person, enrolling=enrolling, fresh=fresh
    )

    async def check(actor: Caller, request: Request) -> Actor:
        if permission.wants_enrolment(actor):
            raise EnrolmentRequired()
        if not permission.allows(actor):
            raise Forbidden()
        if permission.fresh and not _verifier(request).is_fresh(actor):
            raise StepUpRequired()
        return actor

    return Depends(_marked(check, permission))


async def _anybody() -> None:
    return None


def _marked(check: Callable[..., Awaitable[Any]], permission: Permission) -> Callable[..., Awaitable[Any]]:
    check.permission = permission  # type: ignore[attr-defined]  # the mark that `permissions_of` reads
    return check


public: Any = Depends(_marked(_anybody, Permission(public=True)))


def permissions_of(dependant: Dependant) -> list[Permission]:
    """Every permission marked on a route, its router and their dependencies. All of them must allow a call."""
    found: list[Permission] = []
    mark = getattr(dependant.call, "permission", None)
    if isinstance(mark, Permission):
        found.append(mark)
    for child in dependant.dependencies:
        found.extend(permissions_of(child))
    return found
