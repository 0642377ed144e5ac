"""Running a command from a route: once for an idempotency key, or at each request.

Example::

    @router.post("/v1/cases/{case_id}/start", dependencies=[permit(Role.EXAMINER)])
    async def start(case_id: UUID, once: Once) -> CaseBrief:
        return await once(examination.start, case_id)

The caller, the request's identity and the unit of work are the dependency's; the type of the answer is the one that the
command says it returns.
"""

from collections.abc import Awaitable, Callable
from functools import cache
from typing import Annotated, Any, Concatenate, ParamSpec, TypeVar, get_type_hints

from fastapi import Depends, Request
from pydantic import BaseModel

from shared.auth import Actor
from shared.auth.permission import caller, perhaps_caller
from shared.http.marks import mark, required_key
from shared.work import Commands, RequestIdentity, Work

P = ParamSpec("P")
A = TypeVar("A", bound=BaseModel)


class Runner:
    """Runs commands for one request. `actor` is the caller, `mark` the identity of the request."""

    def __init__(self, commands: Commands, actor: Actor, mark: RequestIdentity, *, keep: bool) -> None:
        self.actor = actor
        self.mark = mark
        self._commands = commands
        self._keep = keep

    async def __call__(
        self, command: Callable[Concatenate[Work, P], Awaitable[A]], *args: P.args, **kwargs: P.kwargs
    ) -> A:
        """The answer of `command(work, *args, **kwargs)`. Raises what the command raises.

        `Once` gives a repeated request its first answer again, and raises `Invalid` (`idempotency-key-reused`) where
        the key came with another request.
        """

        async def with_work(work: Work) -> A:
            return await command(work, *args, **kwargs)

        if self._keep:
            return await self._commands.once(self.actor, self.mark, with_work, _answer_of(command))
        return await self._commands.run(self.actor, self.mark, with_work)


@cache
def _answer_of(command: Callable[..., Any]) -> Any:
    return get_type_hints(command)["return"]


def runner(caller: Any, mark: Any, *, keep: bool) -> Any:
    """A dependency that gives a `Runner`. `caller` and `mark` are dependencies: the actor, and the request's identity.

    With `keep` a repeated request gets its first answer again.
    """

    async def made(
        request: Request,
        actor: Actor = Depends(caller),  # noqa: B008 - a dependency made for each kind of caller
        found: RequestIdentity = Depends(mark),  # noqa: B008
    ) -> Runner:
        return Runner(request.app.state.runtime.commands, actor, found, keep=keep)

    return Depends(made)


# For commands that create or decide: needs an Idempotency-Key (428 without).
Once = Annotated[Runner, runner(caller, required_key, keep=True)]
# The same for a route that is open to people who have no account yet.
OnceForAnybody = Annotated[Runner, runner(perhaps_caller, required_key, keep=True)]
# For what takes something away: a request that is repeated with its Idempotency-Key gets its first answer again, where
# the same without a key finds nothing left.
OnceIfKeyed = Annotated[Runner, runner(caller, mark, keep=True)]
# Runs at every request: for reading that is journalled, and for changes with a precondition of their own (If-Match).
EachTime = Annotated[Runner, runner(caller, mark, keep=False)]
# The same for a route that is open to people who have no account yet.
EachTimeForAnybody = Annotated[Runner, runner(perhaps_caller, mark, keep=False)]
