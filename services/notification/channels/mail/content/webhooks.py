"""Mails about webhooks, to the person who answers for them."""

from datetime import datetime

from services.notification.channels.mail.content.facts import Content, Facts, Name
from shared.errors import Text
from shared.events.notification import WebhookAdded, WebhookDisabled


class Added(Content):
    """A webhook that was added."""

    name: str
    at: datetime


class Disabled(Content):
    """A webhook that was stopped, and why."""

    name: str
    at: datetime
    why: Name


_NO_ANSWER = Text("3日間、通知を一度も受け付けなかったため", "Its receiver did not accept anything for three days.")
_REASONS = {
    "gone": Text(
        "受信側が通知は不要である（410）と回答したため", "Its receiver answered that it wants no more messages (410)."
    )
}


def webhook_added(event: WebhookAdded, facts: Facts) -> Added:
    return Added(name=facts.open(event.sealed_name), at=event.added_at)


def webhook_disabled(event: WebhookDisabled, facts: Facts) -> Disabled:
    return Disabled(
        name=facts.open(event.sealed_name),
        at=event.disabled_at,
        why=Name.of(_REASONS.get(event.reason_code, _NO_ANSWER)),
    )
