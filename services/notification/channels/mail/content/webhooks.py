"""Mails about webhooks, to the person who answers for them."""

from datetime import datetime

from services.notification.channels.mail.content.facts import Content, Facts, Name
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


_NO_ANSWER = Name(
    ja="3日間、通知を一度も受け付けなかったため", en="Its receiver did not accept anything for three days."
)
_REASONS = {
    "gone": Name(
        ja="受信側が通知は不要である（410）と回答したため",
        en="Its receiver answered that it wants no more messages (410).",
    )
}


def webhook_added(event: WebhookAdded, facts: Facts) -> Added:
    return Added(name=facts.open(event.sealed_name), at=event.added_at)


def webhook_disabled(event: WebhookDisabled, facts: Facts) -> Disabled:
    return Disabled(
        name=facts.open(event.sealed_name), at=event.disabled_at, why=_REASONS.get(event.reason_code, _NO_ANSWER)
    )
