"""What signing in and being recognised cost."""

import asyncio
import time

from shared.auth import Actor, KeySet, Role, TokenVerifier
from shared.clock import SystemClock
from shared.ids import new_id
from tests.bench.line import Line
from tests.support import tokens

_TOKENS = 2_000


def measure() -> list[Line]:
    """Microseconds for a token seen for the first time, and for one seen before."""
    return asyncio.run(_verify())


async def _verify() -> list[Line]:
    issuer = tokens.issuer()
    verifier = TokenVerifier(tokens.ISSUER, KeySet.fixed({issuer.kid: issuer.public_key}), SystemClock())
    actors = [Actor(kind="officer", id=new_id(), roles=frozenset({Role.EXAMINER})) for _ in range(_TOKENS)]
    made = [issuer.issue(actor)[0] for actor in actors]
    lines = []
    for what, target in (("access token verified, first time", None), ("access token verified, seen before", 100.0)):
        began = time.perf_counter()
        for token in made:
            await verifier.verify(token)
        lines.append(Line(what, (time.perf_counter() - began) / _TOKENS * 1e6, "µs", target, at_most=True))
    return lines
