"""The message of each event, and its audience. A test compares this table with the catalogue of events."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.notification.channels.mail.content import (
    addresses,
    application,
    broadcasts,
    officers,
    registration,
    review,
    summary,
    webhooks,
)
from services.notification.channels.mail.content.facts import Content, Writer, content_model
from services.notification.channels.protocol import MAIL
from shared.errors import Text
from shared.events import application as application_events
from shared.events import document as document_events
from shared.events import notification as notification_events
from shared.events import registration as registration_events
from shared.events import registration_drafts as registration_drafts_events
from shared.events import registration_snapshots, review_snapshots
from shared.events import review as review_events
from shared.events import review_allocation as allocation_events
from shared.events.base import Event

# Who is informed. The address that the event itself carries:
#   `named`; `proved`, for a link that proves this address and is sent to no other; `moved`, the new and the old one.
# Known from other events:
#   `filer`, the account in charge; `before`, the one that was in charge until now;
#   `applicant`, the address that the application names;
#   `colleagues`, who act for the same organisation in the same role and chose to be informed of each other's cases;
#   `examiner`, the officer who has the case.
# The owner of an API client is `named` by its events.
Audience = Literal["named", "proved", "moved", "filer", "before", "applicant", "colleagues", "examiner"]

# What a message concerns that has a day to act on, or a decision.
MustReach = Literal["documents", "interview", "decision", "card"]

NAMED: tuple[Audience, ...] = ("named",)
PROVED: tuple[Audience, ...] = ("proved",)
MOVED: tuple[Audience, ...] = ("moved",)
FILER: tuple[Audience, ...] = ("filer", "colleagues")
BOTH: tuple[Audience, ...] = ("filer", "applicant", "colleagues")
# About drafts and files of one's own, which no colleague asked for.
ALONE: tuple[Audience, ...] = ("filer",)
BEFORE: tuple[Audience, ...] = ("before",)
EXAMINER: tuple[Audience, ...] = ("examiner",)

# The end of a message that is its link.
LINK = "link_expires_at"


@dataclass(frozen=True, slots=True)
class MessageKind:
    """One message: its event, its audience, the function that makes its content, and the channels by which it goes.

    The template has the name of the function. `in_bulk` is the audience where a bulk import caused the event: its filer
    gets one message for all rows. One that is `urgent` goes at once, whatever its reader chose. An event whose field
    `goes_if` is false has no such message. `until` names the moment of the event from which the message is of no use,
    such as the end of its link: it is not sent from then on. One that `opens_access` has a link or a name without which
    its reader cannot act; it is attempted also where mails came back. `must_reach` is what a
    message concerns of which an officer informs the person where it does not arrive; reminders may be missed.
    """

    event: type[Event]
    audience: tuple[Audience, ...]
    write: Writer
    channels: tuple[str, ...] = (MAIL,)
    in_bulk: tuple[Audience, ...] | None = None
    urgent: bool = False
    goes_if: str = "told_by_mail"
    until: str | None = None
    opens_access: bool = False
    must_reach: MustReach | None = None

    @property
    def template(self) -> str:
        return self.write.__name__

    @property
    def content(self) -> type[Content]:
        """The model of the values that the template shows."""
        return content_model(self.write)

    @property
    def may_wait(self) -> bool:
        """Whether some of its recipients choose when it comes."""
        return not self.urgent and bool({"filer", "before", "colleagues", "examiner"} & set(self.audience))

    def valid_until(self, event: Event) -> datetime | None:
        """The moment from which the message of one event is of no use; None: it is always."""
        moment: datetime | None = getattr(event, self.until) if self.until else None
        return moment

    def audience_of(self, event: Event) -> tuple[Audience, ...]:
        """The audience of one event."""
        if not getattr(event, self.goes_if, True):
            return ()
        several = self.in_bulk is not None and getattr(event, "bulk_import_id", None) is not None
        return self.in_bulk if several and self.in_bulk is not None else self.audience


MESSAGES: tuple[MessageKind, ...] = (
    MessageKind(registration_events.UsageRegistrationSubmitted, NAMED, registration.usage_registration_received),
    MessageKind(
        registration_events.UsageRegistrationReturned,
        NAMED,
        registration.usage_registration_returned,
        opens_access=True,
    ),
    MessageKind(
        registration_events.UsageRegistrationApproved,
        NAMED,
        registration.usage_registration_approved,
        opens_access=True,
    ),
    MessageKind(registration_events.UsageRegistrationRejected, NAMED, registration.usage_registration_rejected),
    MessageKind(
        registration_drafts_events.UsageRegistrationDraftLinkSent,
        NAMED,
        registration.draft_link,
        until=LINK,
        opens_access=True,
    ),
    MessageKind(registration_drafts_events.UsageRegistrationDraftExpiring, NAMED, registration.draft_expiring),
    MessageKind(registration_events.AccountActivated, NAMED, registration.account_activated),
    MessageKind(
        registration_events.EmailChangeRequested,
        PROVED,
        registration.email_change_requested,
        until=LINK,
        opens_access=True,
    ),
    MessageKind(registration_events.EmailChanged, MOVED, registration.email_changed),
    MessageKind(registration_events.LoginIdReminded, NAMED, registration.login_id_reminded, opens_access=True),
    MessageKind(
        registration_events.PasswordResetRequested, NAMED, registration.password_reset, until=LINK, opens_access=True
    ),
    MessageKind(registration_events.PasswordExpiring, NAMED, registration.password_expiring),
    MessageKind(registration_events.ClientExpiring, NAMED, registration.client_expiring),
    MessageKind(registration_events.AccountLocked, NAMED, registration.account_locked),
    MessageKind(registration_events.CredentialChanged, NAMED, registration.credential_changed),
    MessageKind(registration_events.NewDeviceSignIn, NAMED, registration.new_device),
    MessageKind(registration_events.AccountSuspended, NAMED, registration.account_suspended),
    MessageKind(registration_events.AccountClosed, NAMED, registration.account_closed),
    MessageKind(registration_events.OfficerInvited, NAMED, officers.officer_invited, until=LINK, opens_access=True),
    MessageKind(registration_events.OfficerRolesChanged, NAMED, officers.officer_roles_changed),
    MessageKind(registration_events.PeriodicReportSubmitted, NAMED, registration.periodic_report_received),
    MessageKind(registration_events.PeriodicReportApproved, NAMED, registration.periodic_report_approved),
    MessageKind(registration_events.PeriodicReportReturned, NAMED, registration.periodic_report_returned),
    MessageKind(registration_events.PeriodicReportRejected, NAMED, registration.periodic_report_rejected),
    MessageKind(registration_events.RegistrationExpiring, NAMED, registration.registration_expiring),
    MessageKind(registration_events.RegistrationExpired, NAMED, registration.registration_expired),
    MessageKind(
        application_events.ApplicationSubmitted, BOTH, application.application_received, in_bulk=("applicant",)
    ),
    MessageKind(application_events.ApplicationCorrected, BOTH, application.application_corrected),
    MessageKind(application_events.ApplicationContactChanged, BOTH, application.contact_changed),
    MessageKind(application_events.ApplicantMoved, BOTH, application.address_changed),
    MessageKind(
        application_events.ApplicationHandedOver,
        ALONE,
        application.application_handed_to_you,
        goes_if="informs_account",
    ),
    MessageKind(application_events.ApplicationHandedOver, BEFORE, application.application_handed_over),
    MessageKind(application_events.ApplicationWithdrawn, BOTH, application.application_withdrawn),
    MessageKind(application_events.AdditionalDocumentsSubmitted, FILER, application.documents_received),
    MessageKind(application_events.DraftUntouched, ALONE, application.draft_untouched),
    MessageKind(application_events.StayEnding, ALONE, application.stay_ending),
    MessageKind(application_events.BulkImportFinished, ALONE, application.bulk_import_finished),
    MessageKind(review_events.ReviewStarted, FILER, review.review_started),
    MessageKind(review_events.CaseTransferred, BOTH, review.case_transferred),
    MessageKind(review_events.AdditionalDocumentsRequested, BOTH, review.documents_requested, must_reach="documents"),
    MessageKind(review_events.AdditionalDocumentsDueSoon, BOTH, review.documents_due_soon, urgent=True),
    MessageKind(review_events.MoreTimeAgreed, BOTH, review.more_time_agreed, must_reach="documents"),
    MessageKind(review_events.MoreTimeDeclined, BOTH, review.more_time_declined, must_reach="documents"),
    MessageKind(review_events.AdditionalDocumentsOverdue, BOTH, review.documents_overdue, must_reach="documents"),
    MessageKind(review_events.CorrectionDeclined, FILER, review.correction_declined),
    MessageKind(
        review_events.InterviewRequested, BOTH, review.interview_requested, urgent=True, must_reach="interview"
    ),
    MessageKind(review_events.InterviewMoved, BOTH, review.interview_moved, urgent=True, must_reach="interview"),
    MessageKind(review_events.InterviewSoon, BOTH, review.interview_soon, urgent=True, until="held_at"),
    MessageKind(
        review_events.InterviewCancelled, BOTH, review.interview_cancelled, urgent=True, must_reach="interview"
    ),
    MessageKind(review_events.ReviewCompleted, BOTH, review.review_completed, must_reach="decision"),
    MessageKind(review_events.FeePaid, FILER, review.fee_paid),
    MessageKind(review_events.OtherAmountPaid, FILER, review.other_amount_paid),
    MessageKind(review_events.CardMaterialsReceived, FILER, review.card_materials_received),
    MessageKind(review_events.CardMailed, BOTH, review.card_mailed),
    MessageKind(review_events.CardReturned, BOTH, review.card_returned, must_reach="card"),
    MessageKind(review_events.CertificateIssued, BOTH, review.certificate_issued, must_reach="card"),
    MessageKind(review_events.CertificateRevoked, BOTH, review.certificate_revoked, must_reach="decision"),
    MessageKind(
        application_events.CertificateLinkSent,
        PROVED,
        application.certificate_link,
        until="expires_at",
        opens_access=True,
    ),
    MessageKind(application_events.CertificateReceived, FILER, application.certificate_received),
    MessageKind(review_events.CounterVisitRequired, BOTH, review.counter_visit_required, must_reach="card"),
    MessageKind(review_events.ApplicationTerminated, BOTH, review.application_terminated, must_reach="decision"),
    # To the officer who has the case; the event may have another message, to those who filed.
    *(
        MessageKind(event, EXAMINER, officers.case_news)
        for event in (
            application_events.AdditionalDocumentsSubmitted,
            application_events.MoreTimeRequested,
            application_events.CorrectionRequested,
            application_events.ApplicantMoved,
            application_events.ApplicationWithdrawn,
            allocation_events.CaseDeadlineReached,
        )
    ),
    MessageKind(
        notification_events.AddressTestRequested,
        PROVED,
        addresses.address_test,
        until="link_expires_at",
        opens_access=True,
    ),
    MessageKind(notification_events.WebhookAdded, ALONE, webhooks.webhook_added),
    MessageKind(notification_events.WebhookDisabled, ALONE, webhooks.webhook_disabled),
)

_SNAPSHOT = "present facts for services that rebuild their copies: nothing has happened"
_COUNTED = "counts of events, which services compare with those that they took"
WITHOUT_MESSAGE: dict[type[Event], str] = {
    registration_events.OrganisationCategoryChanged: "the pages show it; the decision that caused it has its own mail",
    registration_events.MembershipEnded: "done by the person, or by an officer at the organisation's word",
    registration_drafts_events.UsageRegistrationDraftDeleted: "its writer did it, or had a mail some days before",
    document_events.DocumentAccepted: "the upload was answered at once",
    document_events.DocumentRejected: "the upload was answered at once, with the reason",
    document_events.PhotoReleased: "a part of the certificate, which has its own mail",
    document_events.DocumentDeleted: "done by its owner, or a file that nobody filed",
    review_events.CorrectionAgreed: "the correction that follows it at once has its own mail",
    review_events.InterviewEnded: "they were there, or a step that has its own mail follows",
    application_events.CardMaterialsSent: "done by the filer; the mail comes when the office has received them",
    review_events.CardIssued: "the card is in the mail within days; that mail has the tracking number",
    review_events.CardDelivered: "the recipient holds the card in their hands",
    allocation_events.CaseAllocated: "the desk shows who has it; it says whom later messages reach",
    notification_events.NotificationDelivered: "an event of this service",
    notification_events.NotificationFailed: "a mail about a mail that failed would fail as well",
    registration_events.RegistrationEventsCounted: _COUNTED,
    document_events.DocumentEventsCounted: _COUNTED,
    application_events.ApplicationEventsCounted: _COUNTED,
    review_events.ReviewEventsCounted: _COUNTED,
    notification_events.NotificationEventsCounted: _COUNTED,
    application_events.ApplicationSnapshotPage: _SNAPSHOT,
    application_events.ApplicationSnapshotAnnounced: _SNAPSHOT,
    document_events.DocumentSnapshotPage: _SNAPSHOT,
    document_events.DocumentSnapshotAnnounced: _SNAPSHOT,
    **dict.fromkeys((*registration_snapshots.EVENTS, *review_snapshots.EVENTS), _SNAPSHOT),
}

# Messages that no event causes: the morning's mail that stands for several, and broadcasts.
SUMMARY = summary.morning_summary.__name__
BROADCAST = broadcasts.broadcast.__name__
WITHOUT_EVENT: Mapping[str, Writer] = {SUMMARY: summary.morning_summary, BROADCAST: broadcasts.broadcast}
# The titles of messages whose subject says what one of them is about; of all others the subject is the title.
TITLES: Mapping[str, Text] = {
    "case_news": Text("担当案件に関するお知らせ", "News of a case"),
    "credential_changed": Text("ログインに関する設定を変更しました", "Sign-in details changed"),
    "stay_ending": Text("在留期間の満了が近づいています", "The period of stay ends soon"),
    SUMMARY: Text("前日までのお知らせのまとめ", "Summary of the morning"),
    BROADCAST: Text("一斉のお知らせ", "Notice to a group"),
}

# The mail function of each message, by its template.
WRITERS: Mapping[str, Writer] = {**{kind.template: kind.write for kind in MESSAGES}, **WITHOUT_EVENT}
_PROVING = frozenset(kind.template for kind in MESSAGES if kind.audience == PROVED)
# What messages concern that must reach their readers, by template.
MUST_REACH: Mapping[str, MustReach] = {kind.template: kind.must_reach for kind in MESSAGES if kind.must_reach}
# Templates of messages that are attempted also where mails came back.
OPENING_ACCESS = frozenset(kind.template for kind in MESSAGES if kind.opens_access)
_BY_TEMPLATE = {kind.template: kind for kind in MESSAGES}


def by_template(name: str) -> MessageKind:
    """The message of that name. Raises `KeyError` for an unknown one."""
    return _BY_TEMPLATE[name]


def content_of(template: str) -> type[Content]:
    """The model of the values that a template shows."""
    return content_model(WRITERS[template])


def proves_an_address(template: str) -> bool:
    """Whether the message has a link that proves the address to which it is sent."""
    return template in _PROVING
