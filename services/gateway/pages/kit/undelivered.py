"""The visitor's mail address, where mails to it came back."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from services.gateway.edge.upstream import ServiceDown
from services.gateway.pages.kit.visitor import Visitor
from shared.clock import legal_date


async def undelivered_address(visitor: Visitor) -> dict[str, Any] | None:
    """The address, masked, the day since which mail does not arrive there, and when it was tested.

    None where mail arrives, and where notification cannot say.
    """
    with suppress(ServiceDown):
        answer = await visitor.service("notification").call("GET", "/v1/inbox/address")
        if answer.ok and not answer.body["arrives"]:
            since = legal_date(datetime.fromisoformat(answer.body["since"]))
            found: dict[str, Any] = answer.body | {"since": since.isoformat()}
            return found
    return None
