"""Runners of commands beside those of `shared.http.commands`: for requests that carry a secret."""

from typing import Annotated

from services.registration.http.context import secret_mark
from shared.auth import Actor
from shared.auth.permission import caller
from shared.http.commands import Runner, runner


async def _anonymous() -> Actor:
    return Actor.anonymous()


# The request or its answer carries a secret: nothing of either is kept.
WithSecret = Annotated[Runner, runner(caller, secret_mark, keep=False)]
# The same, where the secret alone says who asks.
AnonymousWithSecret = Annotated[Runner, runner(_anonymous, secret_mark, keep=False)]
