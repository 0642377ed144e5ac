"""Addresses of messages: where mails came back, or nobody has confirmed that they arrive."""

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


async def contact_state(visitor: Visitor, application_id: str) -> str:
    """The state of the applicant's own address of an application: unconfirmed, confirmed or undeliverable.

    "" where there is nothing to say: it is the account's, or notification cannot say.
    """
    with suppress(ServiceDown):
        path = f"/v1/inbox/contacts/{application_id}"
        answer = await visitor.service("notification").call("GET", path, shown=("not-found",))
        if answer.ok and answer.body["state"] in ("unconfirmed", "confirmed", "undeliverable"):
            return str(answer.body["state"])
    return ""
