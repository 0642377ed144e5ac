"""Events of the review service: examination, decision, fee, card."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from shared.events.base import Event
from shared.events.counted import EventsCounted
from shared.events.fields import (
    AccountId,
    ApplicationId,
    CarrierCode,
    CaseId,
    CertificateNumber,
    Code,
    CorrectionId,
    Day,
    DocumentId,
    GrantedCondition,
    InterviewId,
    Moment,
    MoreTimeId,
    OfficeCode,
    PeriodCode,
    ProcedureCode,
    ReasonCode,
    ReceiptNumber,
    RequestedItem,
    RequestId,
    SealedText,
    StatusCode,
    TrackingNumber,
    Yen,
)

Outcome = Annotated[
    Literal["granted", "refused", "not_accepted"],
    Field(description="許可・交付, 不許可・不交付, or 不受理", examples=["granted"]),
]

InterviewKind = Annotated[
    Literal["interview", "inquiry"],
    Field(description="事情聴取 (somebody comes to the office) or 実態調査 (officers come)", examples=["interview"]),
]


class ReviewEvent(Event):
    """An event of one case; `account_id` is the person who filed and is informed about it."""

    topic: ClassVar[str] = "review.events"
    key_fields: ClassVar[tuple[str, ...]] = ("application_id",)

    case_id: CaseId
    application_id: ApplicationId
    receipt_number: ReceiptNumber
    account_id: AccountId


class ReviewStarted(ReviewEvent):
    """An examiner took the case; the application can no longer be corrected freely.

    By: review, when the case is allocated to an examiner for the first time.
    For: application (progress, closes correction, which office sees the form), document (which office sees the files),
    notification (informs the filer).
    """

    office: OfficeCode
    started_at: Moment


class CaseTransferred(ReviewEvent):
    """The case went to another office, as a rule the one in charge of the applicant's new address; its number stays.

    By: review, at the chief examiner's command.
    For: application (progress, which office sees the form), document (which office sees the files), notification
    (informs the filer and the applicant; which office later mails name).
    """

    office: OfficeCode
    office_before: OfficeCode
    transferred_at: Moment


class AdditionalDocumentsRequested(ReviewEvent):
    """The examiner needs more documents (資料提出通知書).

    By: review, when the examiner sends the request.
    For: application (opens the upload), notification (list and date).
    """

    request_id: RequestId
    items: tuple[RequestedItem, ...]
    due_on: Day
    requested_at: Moment


class AdditionalDocumentsOverdue(ReviewEvent):
    """Requested documents did not come in time.

    By: review's daily job, on the day after `due_on`.
    For: application (progress), notification (reminder).
    """

    request_id: RequestId
    due_on: Day
    noticed_at: Moment


class AdditionalDocumentsDueSoon(ReviewEvent):
    """Requested documents are due in some days and did not come yet.

    By: review's timer, on the days before `due_on` that its rules name.
    For: application (progress), notification (reminder).
    """

    request_id: RequestId
    due_on: Day
    noticed_at: Moment


class MoreTimeAgreed(ReviewEvent):
    """Requested documents may come later than they were due.

    By: review, at the examiner's command.
    For: application (the new day), notification (informs both parties).
    """

    request_id: RequestId
    more_time_id: MoreTimeId
    due_on: Annotated[Day, Field(description="the new due date", examples=["2026-08-12"])]
    agreed_at: Moment


class MoreTimeDeclined(ReviewEvent):
    """There is no more time for requested documents: the day stays.

    By: review, at the examiner's command with a reason; by itself, without one, where the request is over already.
    For: application (progress), notification (informs both parties).
    """

    request_id: RequestId
    more_time_id: MoreTimeId
    due_on: Day
    sealed_reason: SealedText | None = None
    declined_at: Moment


class CorrectionAgreed(ReviewEvent):
    """The examiner agrees to a correction that the applicant asked for.

    By: review, at the examiner's command.
    For: application (corrects the application; ApplicationCorrected follows).
    """

    correction_id: CorrectionId
    agreed_at: Moment


class CorrectionDeclined(ReviewEvent):
    """The examiner does not agree to a correction: the application is examined as it is.

    By: review, at the examiner's command.
    For: application (progress), notification (informs the filer, with the officer's words).
    """

    correction_id: CorrectionId
    sealed_reason: SealedText
    declined_at: Moment


class InterviewRequested(ReviewEvent):
    """The applicant or the organisation is asked to talk to an officer (事情聴取).

    By: review, when the examiner sends the invitation.
    For: application (progress), notification (invitation).
    """

    office: OfficeCode
    interview_id: InterviewId | None = None
    kind: InterviewKind = "interview"
    held_at: Moment | None = None
    sealed_place: SealedText | None = None
    sealed_instructions: SealedText | None = None
    requested_at: Moment


class InterviewMoved(ReviewEvent):
    """An interview or inquiry takes place at another time, or at another place.

    By: review, at the examiner's command; everything that holds from now on.
    For: application (progress), notification (invitation).
    """

    office: OfficeCode
    interview_id: InterviewId
    kind: InterviewKind
    held_at: Moment
    sealed_place: SealedText | None = None
    sealed_instructions: SealedText | None = None
    moved_at: Moment


class InterviewCancelled(ReviewEvent):
    """An interview or inquiry does not take place; the examination goes on.

    By: review, at the examiner's command.
    For: application (progress), notification (informs both parties).
    """

    office: OfficeCode
    interview_id: InterviewId
    kind: InterviewKind
    held_at: Moment | None = None
    sealed_reason: SealedText
    cancelled_at: Moment


class InterviewSoon(ReviewEvent):
    """An interview or inquiry takes place in some days.

    By: review's timer, on the days before it that its rules name.
    For: application (progress), notification (reminder).
    """

    office: OfficeCode
    interview_id: InterviewId
    kind: InterviewKind
    held_at: Moment
    sealed_place: SealedText | None = None
    sealed_instructions: SealedText | None = None
    noticed_at: Moment


class InterviewEnded(ReviewEvent):
    """The examination goes on after an interview or inquiry: nobody is expected any more.

    By: review, when the examiner goes on with the case.
    For: application (progress).
    """

    interview_id: InterviewId
    ended_at: Moment


class ReviewCompleted(ReviewEvent):
    """The decision is made (審査完了); it takes effect with the card or the certificate.

    By: review, when an approved proposal takes effect: once it can no longer be recalled.
    For: application (progress, fee and card steps), document (retention begins where it is refused or not accepted),
    notification (informs the filer and the applicant).
    """

    outcome: Outcome
    procedure: ProcedureCode
    status_of_residence: StatusCode
    period_of_stay: PeriodCode | None = None
    stay_until: Annotated[Day, Field(description="end of the stay granted", examples=["2029-08-31"])] | None = None
    fee_yen: Yen
    reason_code: ReasonCode | None = None
    sealed_reason: SealedText | None = None
    conditions: Annotated[tuple[GrantedCondition, ...], Field(description="what a grant carries", examples=[[]])] = ()
    decided_at: Moment


class FeePaid(ReviewEvent):
    """The fee for a granted application was received.

    By: review, when the card office or the payment service confirms it.
    For: application (progress), notification (receipt).
    """

    amount_yen: Yen
    method: Annotated[Code, Field(description="how it was paid", examples=["revenue_stamp"])] | None = None
    paid_at: Moment


class OtherAmountPaid(ReviewEvent):
    """Money came in online, and not the amount that was ordered: it pays nothing, and is given back in full.

    By: review, when the payment provider's file of the day has it.
    For: application (progress), notification (says the filer what happens next).
    """

    amount_yen: Annotated[Yen, Field(description="what was paid", examples=[56450])]
    ordered_yen: Annotated[Yen, Field(description="the fee and the charge of the order", examples=[56550])]
    fee_due: Annotated[bool, Field(description="whether the fee is still to be paid", examples=[True])]
    paid_at: Moment


class CardMaterialsReceived(ReviewEvent):
    """The old card and the return envelope arrived at the card office.

    By: review, when the card office records them.
    For: application (progress), notification (informs the filer).
    """

    received_at: Moment


class CardIssued(ReviewEvent):
    """The new residence card was made; the event does not contain its number.

    By: review, when the card office records the card.
    For: application (progress, the designation paper that goes with the card).
    """

    card_expires_on: Annotated[Day, Field(description="end of the card's validity", examples=["2029-08-31"])]
    conditions: Annotated[
        tuple[GrantedCondition, ...],
        Field(description="of the designation paper; words are sealed for the application service", examples=[[]]),
    ] = ()
    issued_at: Moment


class CardMailed(ReviewEvent):
    """The new residence card, or a certificate on paper, is in the mail.

    By: review, when the card office hands it to the carrier.
    For: application (progress), notification (tracking number).
    """

    carrier: CarrierCode
    tracking_number: TrackingNumber
    mailed_at: Moment


class CardReturned(ReviewEvent):
    """The mail with the card did not reach its holder: it came back to the card office, or is lost.

    By: review, when the card office records it, by hand or from the carrier's report. CardMailed follows once the card
    is mailed again; before that CardIssued, where it was lost and is made again.
    For: application (progress), notification (asks the filer and the applicant for the address).
    """

    kind: Annotated[Literal["returned", "lost"], Field(description="came back, or lost", examples=["returned"])]
    returned_at: Moment


class CardDelivered(ReviewEvent):
    """The mail with the card or certificate was delivered.

    By: review, when the carrier or the applicant confirms it.
    For: application (done), document (retention begins), notification (nothing is left to do).
    """

    delivered_at: Moment


class CertificateIssued(ReviewEvent):
    """A certificate was issued: a Certificate of Eligibility, of authorised employment, or a permission on paper.

    By: review, when the card office issues it after the decision.
    For: application (done; the certificate as a PDF), document (retention begins; the photo for the PDF), notification
    (informs the filer and the applicant). `sealed_link` and `link_expires_at` are not filled: CertificateLinkSent has
    the links.
    """

    certificate_number: CertificateNumber | None = None
    procedure: ProcedureCode
    status_of_residence: StatusCode | None = None
    period_of_stay: PeriodCode | None = None
    photo_id: DocumentId | None = None
    method: Annotated[Code, Field(description="POST or EMAIL", examples=["EMAIL"])]
    valid_until: Day | None = None
    sealed_link: SealedText | None = None
    link_expires_at: Moment | None = None
    conditions: Annotated[
        tuple[GrantedCondition, ...],
        Field(description="what the paper states; words are sealed for the application service", examples=[[]]),
    ] = ()
    issued_at: Moment


class CertificateRevoked(ReviewEvent):
    """A certificate that was issued is not valid any more.

    By: review, when the card office revokes it with a reason.
    For: application (its verification, its links, progress), notification (informs the filer and the applicant, with
    the officer's words).
    """

    certificate_number: CertificateNumber
    procedure: ProcedureCode
    reason_code: ReasonCode
    sealed_reason: SealedText
    revoked_at: Moment


class CounterVisitRequired(ReviewEvent):
    """The result can only be collected at a counter.

    By: review, when the card office or the examiner says so.
    For: application (progress), notification (where, until when).
    """

    office: OfficeCode
    reason_code: ReasonCode
    visit_by: Day | None = None
    required_at: Moment


class ApplicationTerminated(ReviewEvent):
    """A case ended without a decision (終止): the person left Japan, died, or got another permission.

    By: review, at the officer's command.
    For: application (done), document (retention begins), notification (informs the filer).
    """

    reason_code: ReasonCode
    terminated_at: Moment


class ReviewEventsCounted(EventsCounted):
    """The events of review in one hour were counted.

    By: review, every hour, when all of them were sent.
    For: application, document, notification (each compares with what its group has seen).
    """

    topic: ClassVar[str] = "review.events"


EVENTS: tuple[type[Event], ...] = (
    ReviewStarted,
    CaseTransferred,
    AdditionalDocumentsRequested,
    AdditionalDocumentsDueSoon,
    AdditionalDocumentsOverdue,
    MoreTimeAgreed,
    MoreTimeDeclined,
    CorrectionAgreed,
    CorrectionDeclined,
    InterviewRequested,
    InterviewMoved,
    InterviewCancelled,
    InterviewSoon,
    InterviewEnded,
    ReviewCompleted,
    FeePaid,
    OtherAmountPaid,
    CardMaterialsReceived,
    CardIssued,
    CardMailed,
    CardReturned,
    CardDelivered,
    CertificateIssued,
    CertificateRevoked,
    CounterVisitRequired,
    ApplicationTerminated,
    ReviewEventsCounted,
)
