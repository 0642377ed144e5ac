"""The events of which webhooks are informed, each with its name and the fields that are sent, as data.

What is sent is thin: ids, dates and a link where the receiver reads the rest with its own rights. No field says who
somebody is, or how a decision turned out. A test compares this table with the events and with what is sealed in them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from shared.errors import Text
from shared.events import application, review
from shared.events.base import Event


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of message: its code, its event, what people read, and the fields of the event that it carries."""

    code: str
    event: type[Event]
    name: Text
    fields: tuple[str, ...] = ()

    def data(self, event: Event, public_url: str) -> dict[str, Any]:
        """The member `data` of a message about `event`, in JSON's types."""
        sent = event.model_dump(mode="json", include={"application_id", "receipt_number", *self.fields})
        return sent | {"link": f"{public_url}/api/v1/applications/{sent['application_id']}"}


KINDS: tuple[Kind, ...] = (
    Kind(
        "application.submitted",
        application.ApplicationSubmitted,
        Text("申請を受け付けた", "Application received"),
        ("submitted_at",),
    ),
    Kind(
        "application.corrected",
        application.ApplicationCorrected,
        Text("申請内容が訂正された", "Application corrected"),
        ("corrected_at",),
    ),
    Kind(
        "application.contact_changed",
        application.ApplicationContactChanged,
        Text("連絡先が変更された", "Contact details changed"),
        ("changed_at",),
    ),
    Kind(
        "application.moved",
        application.ApplicantMoved,
        Text("住居地が変更された", "Applicant moved"),
        ("office", "stated_at"),
    ),
    Kind(
        "application.handed_over",
        application.ApplicationHandedOver,
        Text("担当者が変わった", "Another person is in charge"),
        ("handed_over_at",),
    ),
    Kind(
        "application.withdrawn",
        application.ApplicationWithdrawn,
        Text("申請が取り下げられた", "Application withdrawn"),
        ("withdrawn_at",),
    ),
    Kind(
        "application.terminated",
        review.ApplicationTerminated,
        Text("申請が終了した", "Application ended"),
        ("terminated_at",),
    ),
    Kind(
        "correction.requested",
        application.CorrectionRequested,
        Text("訂正を申し出た", "Correction requested"),
        ("correction_id", "requested_at"),
    ),
    Kind(
        "correction.declined",
        review.CorrectionDeclined,
        Text("訂正が認められなかった", "Correction declined"),
        ("correction_id", "declined_at"),
    ),
    Kind(
        "review.started", review.ReviewStarted, Text("審査が始まった", "Examination started"), ("office", "started_at")
    ),
    Kind(
        "review.transferred",
        review.CaseTransferred,
        Text("別の官署に移送された", "Moved to another office"),
        ("office", "transferred_at"),
    ),
    Kind("review.completed", review.ReviewCompleted, Text("審査が終わった", "Examination complete"), ("decided_at",)),
    Kind(
        "documents.requested",
        review.AdditionalDocumentsRequested,
        Text("資料の提出を求められた", "Documents requested"),
        ("request_id", "due_on", "requested_at"),
    ),
    Kind(
        "documents.due_soon",
        review.AdditionalDocumentsDueSoon,
        Text("資料の提出期限が近い", "Documents due soon"),
        ("request_id", "due_on", "noticed_at"),
    ),
    Kind(
        "documents.overdue",
        review.AdditionalDocumentsOverdue,
        Text("資料の提出期限を過ぎた", "Documents overdue"),
        ("request_id", "due_on", "noticed_at"),
    ),
    Kind(
        "documents.submitted",
        application.AdditionalDocumentsSubmitted,
        Text("資料を提出した", "Documents submitted"),
        ("request_id", "submitted_at"),
    ),
    Kind(
        "more_time.requested",
        application.MoreTimeRequested,
        Text("期限の延長を申し出た", "More time requested"),
        ("request_id", "requested_at"),
    ),
    Kind(
        "more_time.agreed",
        review.MoreTimeAgreed,
        Text("期限の延長が認められた", "More time agreed"),
        ("request_id", "due_on", "agreed_at"),
    ),
    Kind(
        "more_time.declined",
        review.MoreTimeDeclined,
        Text("期限の延長が認められなかった", "More time declined"),
        ("request_id", "due_on", "declined_at"),
    ),
    Kind(
        "interview.requested",
        review.InterviewRequested,
        Text("出頭を求められた", "Interview requested"),
        ("interview_id", "office", "held_at", "requested_at"),
    ),
    Kind(
        "interview.moved",
        review.InterviewMoved,
        Text("出頭の日時が変更された", "Interview moved"),
        ("interview_id", "office", "held_at", "moved_at"),
    ),
    Kind(
        "interview.soon",
        review.InterviewSoon,
        Text("出頭の日が近い", "Interview soon"),
        ("interview_id", "office", "held_at", "noticed_at"),
    ),
    Kind(
        "interview.cancelled",
        review.InterviewCancelled,
        Text("出頭が取り消された", "Interview cancelled"),
        ("interview_id", "office", "cancelled_at"),
    ),
    Kind("fee.paid", review.FeePaid, Text("手数料が納付された", "Fee paid"), ("paid_at",)),
    Kind(
        "fee.other_amount_paid",
        review.OtherAmountPaid,
        Text("手数料と異なる金額が納付された", "Another amount than the fee paid"),
        ("paid_at",),
    ),
    Kind(
        "card.materials_sent",
        application.CardMaterialsSent,
        Text("在留カード等を郵送した", "Old card sent to the office"),
        ("sent_at",),
    ),
    Kind(
        "card.materials_received",
        review.CardMaterialsReceived,
        Text("在留カード等が届いた", "Old card received by the office"),
        ("received_at",),
    ),
    Kind(
        "card.mailed",
        review.CardMailed,
        Text("新しい在留カード等が発送された", "New card sent"),
        ("carrier", "tracking_number", "mailed_at"),
    ),
    Kind(
        "card.returned", review.CardReturned, Text("在留カード等が返送された", "New card came back"), ("returned_at",)
    ),
    Kind(
        "card.visit_required",
        review.CounterVisitRequired,
        Text("窓口に行く必要がある", "Visit to the counter needed"),
        ("office", "visit_by", "required_at"),
    ),
    Kind(
        "certificate.issued", review.CertificateIssued, Text("証明書が交付された", "Certificate issued"), ("issued_at",)
    ),
    Kind(
        "certificate.revoked",
        review.CertificateRevoked,
        Text("証明書が取り消された", "Certificate revoked"),
        ("revoked_at",),
    ),
    Kind(
        "certificate.received",
        application.CertificateReceived,
        Text("証明書を受領した", "Certificate received"),
        ("received_at",),
    ),
)
TYPES: Mapping[str, Text] = MappingProxyType({kind.code: kind.name for kind in KINDS})
BY_EVENT: Mapping[type[Event], Kind] = MappingProxyType({kind.event: kind for kind in KINDS})
# A message that an owner has sent to try a webhook out. No webhook chooses it.
PING = "webhook.ping"
