"""Events of the notification service: delivery of messages."""

from typing import Annotated, ClassVar

from pydantic import Field

from shared.events.base import Event
from shared.events.fields import AccountId, ApplicationId, Code, EventId, Moment, NotificationId, ReasonCode


class NotificationEvent(Event):
    """An event of one message to one recipient."""

    topic: ClassVar[str] = "notification.events"
    key_fields: ClassVar[tuple[str, ...]] = ("application_id", "account_id", "notification_id")

    notification_id: NotificationId
    cause_event_id: EventId
    template: Annotated[Code, Field(description="which message it is", examples=["application_received"])]
    channel: Annotated[Code, Field(description="mail or webhook", examples=["mail"])] = "mail"
    application_id: ApplicationId | None = None
    account_id: AccountId | None = None


class NotificationDelivered(NotificationEvent):
    """A message was handed over: the mail server or the webhook's receiver accepted it.

    By: notification, when it is accepted.
    For: readers of the topic outside of the services; none of them handles it.
    """

    delivered_at: Moment


class NotificationFailed(NotificationEvent):
    """A message could not be delivered and will not be tried again.

    By: notification, after the last attempt or at a permanent refusal.
    For: readers of the topic outside of the services; none of them handles it.
    """

    reason_code: ReasonCode
    attempts: Annotated[int, Field(gt=0, description="how often it was tried", examples=[8])]
    failed_at: Moment


EVENTS: tuple[type[Event], ...] = (
    NotificationDelivered,
    NotificationFailed,
)
