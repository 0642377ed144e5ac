"""Shared by the pages of webhooks: their addresses, the service behind them, and the states that are shown."""

from typing import Any
from uuid import UUID

from services.gateway.pages.kit.client import ServiceClient
from services.gateway.pages.kit.visitor import Visitor
from services.gateway.pages.kit.words import say
from services.gateway.texts import PAGES
from shared.errors import Forbidden

PATH = "/account/webhooks"
API = "/v1/webhooks"
# How a state is shown: the sentence `webhooks.state_...`, and the tone of its tag.
TONES = {"enabled": "good", "failing": "attention", "disabled": "attention"}
MESSAGE_TONES = {"waiting": "active", "sending": "active", "accepted": "good", "failed": "attention"}


def notification(visitor: Visitor) -> ServiceClient:
    """The service that keeps webhooks, for people alone."""
    if not visitor.is_person:
        raise Forbidden()
    return visitor.service("notification")


async def webhook_of(visitor: Visitor, webhook_id: UUID) -> dict[str, Any]:
    """One webhook as pages show it. Raises `Gone`."""
    return with_state((await notification(visitor).fetch(f"{API}/{webhook_id}")).body, visitor)


def with_state(webhook: dict[str, Any], visitor: Visitor) -> dict[str, Any]:
    """A webhook with the state and the reason that its reader sees."""
    texts = PAGES[visitor.lang]["webhooks"]
    state = "disabled" if webhook["disabled_at"] else "failing" if webhook["failing_since"] else "enabled"
    reason = webhook["disabled_reason"]
    return {
        **webhook,
        "state": texts[f"state_{state}"],
        "tone": TONES[state],
        "reason": texts.get(f"reason_{reason.replace('-', '_')}", reason) if reason else "",
    }


async def type_names(visitor: Visitor) -> dict[str, str]:
    """The words for each event, by its type."""
    found = (await notification(visitor).fetch(f"{API}/types")).body
    return {each["type"]: say(each["name"], visitor.lang) for each in found}
