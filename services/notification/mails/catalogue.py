"""Which event leads to which mail, and to whom. A test holds this table against the catalogue of events."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_type_hints

from services.notification.mails import application, officers, registration, review
from services.notification.mails.facts import Content, Facts
from shared import events
from shared.events import Event

# `named`: the address that the event itself carries. `proved`: the same, for a link that proves this address and goes
# to no other. `moved`: the new and the old address. `filer`: whose account it is. `both`: the filer and the
# applicant's own address.
Audience = Literal["named", "proved", "moved", "filer", "both"]


@dataclass(frozen=True, slots=True)
class MailKind:
    """One mail: its event, who gets it, and the function that makes its content. The template has the same name."""

    event: type[Event]
    audience: Audience
    write: Callable[[Any, Facts], Content]

    @property
    def template(self) -> str:
        return self.write.__name__

    @property
    def content(self) -> type[Content]:
        """The model of what the template shows."""
        model: type[Content] = get_type_hints(self.write)["return"]
        return model


MAILS: tuple[MailKind, ...] = (
    MailKind(events.UsageRegistrationSubmitted, "named", registration.usage_registration_received),
    MailKind(events.UsageRegistrationReturned, "named", registration.usage_registration_returned),
    MailKind(events.UsageRegistrationApproved, "named", registration.usage_registration_approved),
    MailKind(events.UsageRegistrationRejected, "named", registration.usage_registration_rejected),
    MailKind(events.UsageRegistrationDraftLinkSent, "named", registration.draft_link),
    MailKind(events.UsageRegistrationDraftExpiring, "named", registration.draft_expiring),
    MailKind(events.AccountActivated, "named", registration.account_activated),
    MailKind(events.EmailChangeRequested, "proved", registration.email_change_requested),
    MailKind(events.EmailChanged, "moved", registration.email_changed),
    MailKind(events.LoginIdReminded, "named", registration.login_id_reminded),
    MailKind(events.PasswordResetRequested, "named", registration.password_reset),
    MailKind(events.PasswordExpiring, "named", registration.password_expiring),
    MailKind(events.ClientExpiring, "named", registration.client_expiring),
    MailKind(events.AccountLocked, "named", registration.account_locked),
    MailKind(events.CredentialChanged, "named", registration.credential_changed),
    MailKind(events.NewDeviceSignIn, "named", registration.new_device),
    MailKind(events.AccountSuspended, "named", registration.account_suspended),
    MailKind(events.AccountClosed, "named", registration.account_closed),
    MailKind(events.OfficerInvited, "named", officers.officer_invited),
    MailKind(events.OfficerRolesChanged, "named", officers.officer_roles_changed),
    MailKind(events.PeriodicReportSubmitted, "named", registration.periodic_report_received),
    MailKind(events.PeriodicReportApproved, "named", registration.periodic_report_approved),
    MailKind(events.PeriodicReportReturned, "named", registration.periodic_report_returned),
    MailKind(events.PeriodicReportRejected, "named", registration.periodic_report_rejected),
    MailKind(events.RegistrationExpiring, "named", registration.registration_expiring),
    MailKind(events.RegistrationExpired, "named", registration.registration_expired),
    MailKind(events.ApplicationSubmitted, "both", application.application_received),
    MailKind(events.ApplicationCorrected, "both", application.application_corrected),
    MailKind(events.ApplicationWithdrawn, "both", application.application_withdrawn),
    MailKind(events.AdditionalDocumentsSubmitted, "filer", application.documents_received),
    MailKind(events.BulkImportFinished, "filer", application.bulk_import_finished),
    MailKind(events.ReviewStarted, "filer", review.review_started),
    MailKind(events.AdditionalDocumentsRequested, "both", review.documents_requested),
    MailKind(events.AdditionalDocumentsOverdue, "both", review.documents_overdue),
    MailKind(events.InterviewRequested, "both", review.interview_requested),
    MailKind(events.ReviewCompleted, "both", review.review_completed),
    MailKind(events.FeePaid, "filer", review.fee_paid),
    MailKind(events.CardMaterialsReceived, "filer", review.card_materials_received),
    MailKind(events.CardMailed, "both", review.card_mailed),
    MailKind(events.CertificateIssued, "both", review.certificate_issued),
    MailKind(events.CounterVisitRequired, "both", review.counter_visit_required),
    MailKind(events.ApplicationTerminated, "both", review.application_terminated),
)

WITHOUT_MAIL: dict[type[Event], str] = {
    events.OrganisationCategoryChanged: "the pages show it; the decision that caused it has its own mail",
    events.UsageRegistrationDraftDeleted: "its writer did it, or was told some days before that it would happen",
    events.DocumentAccepted: "the upload was answered at once",
    events.DocumentRejected: "the upload was answered at once, with the reason",
    events.DocumentDeleted: "done by its owner, or a file that nobody filed",
    events.CardMaterialsSent: "done by the filer; the mail comes when the office has received them",
    events.CardIssued: "the card is in the mail within days; that mail has the tracking number",
    events.CardDelivered: "the recipient holds the card in their hands",
    events.NotificationDelivered: "our own event",
    events.NotificationFailed: "our own event; a mail about a mail that failed would fail as well",
}

_BY_TEMPLATE = {kind.template: kind for kind in MAILS}


def by_template(name: str) -> MailKind:
    """The mail of that name; KeyError where there is none."""
    return _BY_TEMPLATE[name]
