"""Events of the registration service about drafts of usage registrations (利用申出)."""

from typing import ClassVar

from shared.events.base import Event
from shared.events.fields import Day, Moment, ReasonCode, Recipient, SealedText, UsageRegistrationId
from shared.events.registration import RegistrationEvent


class UsageRegistrationDraftEvent(RegistrationEvent):
    """An event of one draft. It keeps its id when it is submitted: the usage registration has the same one."""

    key_fields: ClassVar[tuple[str, ...]] = ("usage_registration_id",)

    usage_registration_id: UsageRegistrationId


class UsageRegistrationDraftLinkSent(UsageRegistrationDraftEvent):
    """Somebody began a usage registration with their mail address alone, or asked for the link to it again.

    By: registration, when the draft is begun, and when its address asks for another link.
    For: notification (mail with the link, which shows that the address is the applicant's).
    """

    sealed_link: SealedText
    link_expires_at: Moment
    recipient: Recipient
    sent_at: Moment


class UsageRegistrationDraftExpiring(UsageRegistrationDraftEvent):
    """A draft was not touched for long and will be deleted.

    By: registration's job, some days before.
    For: notification (reminder with another link).
    """

    sealed_link: SealedText
    link_expires_at: Moment
    deleted_on: Day
    recipient: Recipient


class UsageRegistrationDraftDeleted(UsageRegistrationDraftEvent):
    """A draft is gone: its writer deleted it, or nobody touched it.

    By: registration, at that command or by its job.
    For: document (deletes the files that were uploaded for it).
    """

    reason_code: ReasonCode
    deleted_at: Moment


EVENTS: tuple[type[Event], ...] = (
    UsageRegistrationDraftLinkSent,
    UsageRegistrationDraftExpiring,
    UsageRegistrationDraftDeleted,
)
