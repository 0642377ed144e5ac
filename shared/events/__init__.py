"""The catalogue of domain events: one model per event, one topic per owner. See docs/events.md.

`python -m shared.events export|asyncapi|docs [--check]` writes (or compares) what is generated from the models.
"""

from shared.events.application import (
    AdditionalDocumentsSubmitted,
    ApplicationCorrected,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    BulkImportFinished,
    CardMaterialsSent,
)
from shared.events.base import Event
from shared.events.document import DocumentAccepted, DocumentDeleted, DocumentRejected
from shared.events.fields import Recipient, RequestedItem, SealedText
from shared.events.notification import NotificationDelivered, NotificationFailed
from shared.events.registration import (
    AccountActivated,
    AccountClosed,
    AccountLocked,
    AccountSuspended,
    EmailChanged,
    OrganisationCategoryChanged,
    PasswordExpiring,
    PasswordResetRequested,
    PeriodicReportApproved,
    PeriodicReportSubmitted,
    RegistrationExpired,
    RegistrationExpiring,
    UsageRegistrationApproved,
    UsageRegistrationRejected,
    UsageRegistrationReturned,
    UsageRegistrationSubmitted,
)
from shared.events.review import (
    AdditionalDocumentsOverdue,
    AdditionalDocumentsRequested,
    ApplicationTerminated,
    CardDelivered,
    CardIssued,
    CardMailed,
    CardMaterialsReceived,
    CertificateIssued,
    CounterVisitRequired,
    FeePaid,
    InterviewRequested,
    ReviewCompleted,
    ReviewStarted,
)

CATALOGUE: tuple[type[Event], ...] = (
    UsageRegistrationSubmitted,
    UsageRegistrationReturned,
    UsageRegistrationApproved,
    UsageRegistrationRejected,
    AccountActivated,
    EmailChanged,
    PasswordResetRequested,
    PasswordExpiring,
    AccountLocked,
    AccountSuspended,
    AccountClosed,
    PeriodicReportSubmitted,
    PeriodicReportApproved,
    RegistrationExpiring,
    RegistrationExpired,
    OrganisationCategoryChanged,
    DocumentAccepted,
    DocumentRejected,
    DocumentDeleted,
    ApplicationSubmitted,
    ApplicationCorrected,
    ApplicationWithdrawn,
    AdditionalDocumentsSubmitted,
    CardMaterialsSent,
    BulkImportFinished,
    ReviewStarted,
    AdditionalDocumentsRequested,
    AdditionalDocumentsOverdue,
    InterviewRequested,
    ReviewCompleted,
    FeePaid,
    CardMaterialsReceived,
    CardIssued,
    CardMailed,
    CardDelivered,
    CertificateIssued,
    CounterVisitRequired,
    ApplicationTerminated,
    NotificationDelivered,
    NotificationFailed,
)
TOPICS: tuple[str, ...] = tuple(dict.fromkeys(event.topic for event in CATALOGUE))

_BY_TYPE = {event.event_type(): event for event in CATALOGUE}


def by_type(event_type: str) -> type[Event]:
    """The model of `event_type` (`zairyu.ApplicationSubmitted.v1`); KeyError where the catalogue has none."""
    return _BY_TYPE[event_type]


__all__ = [
    "CATALOGUE",
    "TOPICS",
    "AccountActivated",
    "AccountClosed",
    "AccountLocked",
    "AccountSuspended",
    "AdditionalDocumentsOverdue",
    "AdditionalDocumentsRequested",
    "AdditionalDocumentsSubmitted",
    "ApplicationCorrected",
    "ApplicationSubmitted",
    "ApplicationTerminated",
    "ApplicationWithdrawn",
    "BulkImportFinished",
    "CardDelivered",
    "CardIssued",
    "CardMailed",
    "CardMaterialsReceived",
    "CardMaterialsSent",
    "CertificateIssued",
    "CounterVisitRequired",
    "DocumentAccepted",
    "DocumentDeleted",
    "DocumentRejected",
    "EmailChanged",
    "Event",
    "FeePaid",
    "InterviewRequested",
    "NotificationDelivered",
    "NotificationFailed",
    "OrganisationCategoryChanged",
    "PasswordExpiring",
    "PasswordResetRequested",
    "PeriodicReportApproved",
    "PeriodicReportSubmitted",
    "Recipient",
    "RegistrationExpired",
    "RegistrationExpiring",
    "RequestedItem",
    "ReviewCompleted",
    "ReviewStarted",
    "SealedText",
    "UsageRegistrationApproved",
    "UsageRegistrationRejected",
    "UsageRegistrationReturned",
    "UsageRegistrationSubmitted",
    "by_type",
]
