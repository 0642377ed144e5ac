"""The message of each event, and its audience. A test compares this table with the catalogue of events."""

from dataclasses import dataclass
from typing import Literal

from services.notification.channels.mail.content import application, officers, registration, review
from services.notification.channels.mail.content.facts import Content, Writer, content_model
from services.notification.channels.protocol import MAIL
from shared.events import application as application_events
from shared.events import document as document_events
from shared.events import notification as notification_events
from shared.events import registration as registration_events
from shared.events import registration_drafts as registration_drafts_events
from shared.events import review as review_events
from shared.events.base import Event

# `named`: the address that the event itself carries. `proved`: the same, for a link that proves this address and is
# sent to no other. `moved`: the new and the old address. `filer`: the account that filed. `both`: the filer and the
# applicant's own address.
Audience = Literal["named", "proved", "moved", "filer", "both"]


@dataclass(frozen=True, slots=True)
class MessageKind:
    """One message: its event, its audience, the function that makes its content, and the channels by which it goes.

    The template has the name of the function.
    """

    event: type[Event]
    audience: Audience
    write: Writer
    channels: tuple[str, ...] = (MAIL,)

    @property
    def template(self) -> str:
        return self.write.__name__

    @property
    def content(self) -> type[Content]:
        """The model of the values that the template shows."""
        return content_model(self.write)


MESSAGES: tuple[MessageKind, ...] = (
    MessageKind(registration_events.UsageRegistrationSubmitted, "named", registration.usage_registration_received),
    MessageKind(registration_events.UsageRegistrationReturned, "named", registration.usage_registration_returned),
    MessageKind(registration_events.UsageRegistrationApproved, "named", registration.usage_registration_approved),
    MessageKind(registration_events.UsageRegistrationRejected, "named", registration.usage_registration_rejected),
    MessageKind(registration_drafts_events.UsageRegistrationDraftLinkSent, "named", registration.draft_link),
    MessageKind(registration_drafts_events.UsageRegistrationDraftExpiring, "named", registration.draft_expiring),
    MessageKind(registration_events.AccountActivated, "named", registration.account_activated),
    MessageKind(registration_events.EmailChangeRequested, "proved", registration.email_change_requested),
    MessageKind(registration_events.EmailChanged, "moved", registration.email_changed),
    MessageKind(registration_events.LoginIdReminded, "named", registration.login_id_reminded),
    MessageKind(registration_events.PasswordResetRequested, "named", registration.password_reset),
    MessageKind(registration_events.PasswordExpiring, "named", registration.password_expiring),
    MessageKind(registration_events.ClientExpiring, "named", registration.client_expiring),
    MessageKind(registration_events.AccountLocked, "named", registration.account_locked),
    MessageKind(registration_events.CredentialChanged, "named", registration.credential_changed),
    MessageKind(registration_events.NewDeviceSignIn, "named", registration.new_device),
    MessageKind(registration_events.AccountSuspended, "named", registration.account_suspended),
    MessageKind(registration_events.AccountClosed, "named", registration.account_closed),
    MessageKind(registration_events.OfficerInvited, "named", officers.officer_invited),
    MessageKind(registration_events.OfficerRolesChanged, "named", officers.officer_roles_changed),
    MessageKind(registration_events.PeriodicReportSubmitted, "named", registration.periodic_report_received),
    MessageKind(registration_events.PeriodicReportApproved, "named", registration.periodic_report_approved),
    MessageKind(registration_events.PeriodicReportReturned, "named", registration.periodic_report_returned),
    MessageKind(registration_events.PeriodicReportRejected, "named", registration.periodic_report_rejected),
    MessageKind(registration_events.RegistrationExpiring, "named", registration.registration_expiring),
    MessageKind(registration_events.RegistrationExpired, "named", registration.registration_expired),
    MessageKind(application_events.ApplicationSubmitted, "both", application.application_received),
    MessageKind(application_events.ApplicationCorrected, "both", application.application_corrected),
    MessageKind(application_events.ApplicationContactChanged, "both", application.contact_changed),
    MessageKind(application_events.ApplicantMoved, "both", application.address_changed),
    MessageKind(application_events.ApplicationWithdrawn, "both", application.application_withdrawn),
    MessageKind(application_events.AdditionalDocumentsSubmitted, "filer", application.documents_received),
    MessageKind(application_events.DraftUntouched, "filer", application.draft_untouched),
    MessageKind(application_events.StayEnding, "filer", application.stay_ending),
    MessageKind(application_events.BulkImportFinished, "filer", application.bulk_import_finished),
    MessageKind(review_events.ReviewStarted, "filer", review.review_started),
    MessageKind(review_events.CaseTransferred, "both", review.case_transferred),
    MessageKind(review_events.AdditionalDocumentsRequested, "both", review.documents_requested),
    MessageKind(review_events.AdditionalDocumentsDueSoon, "both", review.documents_due_soon),
    MessageKind(review_events.MoreTimeAgreed, "both", review.more_time_agreed),
    MessageKind(review_events.MoreTimeDeclined, "both", review.more_time_declined),
    MessageKind(review_events.AdditionalDocumentsOverdue, "both", review.documents_overdue),
    MessageKind(review_events.CorrectionDeclined, "filer", review.correction_declined),
    MessageKind(review_events.InterviewRequested, "both", review.interview_requested),
    MessageKind(review_events.InterviewMoved, "both", review.interview_moved),
    MessageKind(review_events.InterviewSoon, "both", review.interview_soon),
    MessageKind(review_events.InterviewCancelled, "both", review.interview_cancelled),
    MessageKind(review_events.ReviewCompleted, "both", review.review_completed),
    MessageKind(review_events.FeePaid, "filer", review.fee_paid),
    MessageKind(review_events.CardMaterialsReceived, "filer", review.card_materials_received),
    MessageKind(review_events.CardMailed, "both", review.card_mailed),
    MessageKind(review_events.CardReturned, "both", review.card_returned),
    MessageKind(review_events.CertificateIssued, "both", review.certificate_issued),
    MessageKind(review_events.CertificateRevoked, "both", review.certificate_revoked),
    MessageKind(application_events.CertificateLinkSent, "proved", application.certificate_link),
    MessageKind(application_events.CertificateReceived, "filer", application.certificate_received),
    MessageKind(review_events.CounterVisitRequired, "both", review.counter_visit_required),
    MessageKind(review_events.ApplicationTerminated, "both", review.application_terminated),
)

WITHOUT_MESSAGE: dict[type[Event], str] = {
    registration_events.OrganisationCategoryChanged: "the pages show it; the decision that caused it has its own mail",
    registration_events.MembershipEnded: "done by the person, or by an officer at the organisation's word",
    registration_drafts_events.UsageRegistrationDraftDeleted: "its writer did it, or had a mail some days before",
    document_events.DocumentAccepted: "the upload was answered at once",
    document_events.DocumentRejected: "the upload was answered at once, with the reason",
    document_events.PhotoReleased: "a part of the certificate, which has its own mail",
    document_events.DocumentDeleted: "done by its owner, or a file that nobody filed",
    application_events.CorrectionRequested: "done by the filer; the examiner's answer has its mail",
    review_events.CorrectionAgreed: "the correction that follows it at once has its own mail",
    application_events.MoreTimeRequested: "done by the filer; the examiner's answer has its mail",
    review_events.InterviewEnded: "they were there, or a step that has its own mail follows",
    application_events.CardMaterialsSent: "done by the filer; the mail comes when the office has received them",
    review_events.CardIssued: "the card is in the mail within days; that mail has the tracking number",
    review_events.CardDelivered: "the recipient holds the card in their hands",
    notification_events.NotificationDelivered: "an event of this service",
    notification_events.NotificationFailed: "a mail about a mail that failed would fail as well",
}

# The mail function of each message, by its template.
WRITERS = {kind.template: kind.write for kind in MESSAGES}
_BY_TEMPLATE = {kind.template: kind for kind in MESSAGES}


def by_template(name: str) -> MessageKind:
    """The message of that name. Raises `KeyError` for an unknown one."""
    return _BY_TEMPLATE[name]
