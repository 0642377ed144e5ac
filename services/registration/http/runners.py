"""Runners of commands beside those of `shared.http.commands`: for requests that carry a secret, and for anybody."""

from typing import Annotated

from fastapi import Depends, Request

from services.registration.http.context import SecretMark
from shared.auth import Actor, Caller, PerhapsCaller
from shared.http.commands import Runner
from shared.http.marks import RequestMark


async def _with_secret(request: Request, caller: Caller, mark: SecretMark) -> Runner:
    return Runner(request.app.state.runtime.commands, caller, mark, keep=False)


async def _anonymous_with_secret(request: Request, mark: SecretMark) -> Runner:
    return Runner(request.app.state.runtime.commands, Actor.anonymous(), mark, keep=False)


async def _for_anybody(request: Request, caller: PerhapsCaller, mark: RequestMark) -> Runner:
    return Runner(request.app.state.runtime.commands, caller, mark, keep=False)


# The request or its answer carries a secret: nothing of either is kept.
WithSecret = Annotated[Runner, Depends(_with_secret)]
# The same, where the secret alone says who asks.
AnonymousWithSecret = Annotated[Runner, Depends(_anonymous_with_secret)]
# Runs at every request, for people who have no account yet as well.
EachTimeForAnybody = Annotated[Runner, Depends(_for_anybody)]
