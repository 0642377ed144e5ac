"""Events of the notification service: delivery of messages, and webhooks of outside systems."""

from typing import Annotated, ClassVar

from pydantic import Field

from shared.events.base import Event
from shared.events.counted import EventsCounted
from shared.events.fields import (
    AccountId,
    ApplicationId,
    Code,
    EventId,
    Moment,
    NotificationId,
    OrganisationId,
    ReasonCode,
    Recipient,
    RoleCode,
    SealedText,
    WebhookId,
)


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

    By: notification, after the last attempt, at a permanent refusal, or when a mail that had been accepted came back.
    For: review (an officer informs the person by post or by telephone).
    """

    party: Annotated[
        Code | None, Field(description="whom it was to reach: account, applicant, colleague", examples=["account"])
    ] = None
    must_reach: Annotated[
        Code | None,
        Field(
            description="what it is about, where the person has to be informed in another way: documents, interview,"
            " decision, card; null: it may be missed",
            examples=["documents"],
        ),
    ] = None
    reason_code: ReasonCode
    attempts: Annotated[int, Field(gt=0, description="how often it was tried", examples=[8])]
    failed_at: Moment


class AddressTestRequested(Event):
    """A person asked for a test mail to their address, from which mails had come back.

    By: notification, at the request of the account.
    For: notification (sends the mail, whose link proves that it was read).
    """

    topic: ClassVar[str] = "notification.events"
    key_fields: ClassVar[tuple[str, ...]] = ("account_id",)

    account_id: AccountId
    recipient: Recipient
    sealed_link: SealedText
    link_expires_at: Moment
    requested_at: Moment


class WebhookEvent(Event):
    """An event of one webhook of an outside system; `account_id` is the person who answers for it."""

    topic: ClassVar[str] = "notification.events"
    key_fields: ClassVar[tuple[str, ...]] = ("webhook_id",)

    webhook_id: WebhookId
    account_id: AccountId
    organisation_id: OrganisationId | None = None
    role: RoleCode
    sealed_name: SealedText


class WebhookAdded(WebhookEvent):
    """An address of an outside system is informed about the applications of an organisation or a person from now on.

    By: notification, when somebody adds it.
    For: notification (informs the person who answers for it, who may not have done it).
    """

    added_at: Moment


class WebhookDisabled(WebhookEvent):
    """A webhook was stopped because its receiver did not accept anything for days, or refused it for good.

    By: notification, at that attempt.
    For: notification (informs the person who answers for it).
    """

    reason_code: ReasonCode
    disabled_at: Moment


class NotificationEventsCounted(EventsCounted):
    """The events of the notification service in one hour were counted.

    By: notification, every hour, when all of them were sent.
    For: review, notification (each compares with what its group has seen).
    """

    topic: ClassVar[str] = "notification.events"


EVENTS: tuple[type[Event], ...] = (
    NotificationDelivered,
    NotificationFailed,
    AddressTestRequested,
    WebhookAdded,
    WebhookDisabled,
    NotificationEventsCounted,
)
