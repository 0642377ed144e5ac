"""States of an application, its progress as the applicant is shown it, steps of the timeline, and who changed what."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from shared.errors import Text
from shared.reference.after_grant import leads_to_card


class State(StrEnum):
    """The states that the application service itself decides on."""

    DRAFT = "draft"
    RECEIVED = "received"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"


# Filed, and something may follow still.
GOING_ON = frozenset({State.RECEIVED.value, State.DECIDED.value})


class Progress(StrEnum):
    """The progress shown to the applicant; beyond `received` it follows from the events of review."""

    DRAFT = "draft"
    RECEIVED = "received"
    UNDER_REVIEW = "under_review"
    DOCS_REQUESTED = "docs_requested"
    DOCS_SUBMITTED = "docs_submitted"
    ON_HOLD_INTERVIEW = "on_hold_interview"
    AWAITING_FEE = "awaiting_fee"
    CARD_PRODUCTION = "card_production"
    DISPATCHED = "dispatched"
    DELIVERED = "delivered"
    CERTIFICATE_ISSUED = "certificate_issued"
    DECIDED_GRANT = "decided_grant"
    DECIDED_REFUSE = "decided_refuse"
    NOT_ACCEPTED = "not_accepted"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"


OUTCOMES = {
    "granted": Progress.DECIDED_GRANT,
    "refused": Progress.DECIDED_REFUSE,
    "not_accepted": Progress.NOT_ACCEPTED,
}


def after_grant(
    procedure: str, fee_yen: int | None, fee_paid: bool, materials_received: bool, materials_sent: bool
) -> Progress:
    """Progress of a granted application while the fee and the old card are on their way.

    A certificate or permit on paper waits for its fee, where it has one, and for nothing that is sent.
    """
    if not leads_to_card(procedure):
        return Progress.AWAITING_FEE if fee_yen and not fee_paid else Progress.DECIDED_GRANT
    if (fee_paid or not fee_yen) and materials_received:
        return Progress.CARD_PRODUCTION
    if fee_paid or materials_received or materials_sent:
        return Progress.AWAITING_FEE
    return Progress.DECIDED_GRANT


# The procedures by which a stay goes on.
RENEWING = ("EXTEND", "CHANGE")
# How long before its end a stay needs its owner, and how long a result and an unpaid fee do.
STAY_ENDS_SOON = timedelta(days=90)
RESULT_IS_NEW = timedelta(days=30)
FEE_IS_DUE = timedelta(days=180)
# Needs of one kind are counted up to here.
MOST_COUNTED = 1000


class ProgressStep(StrEnum):
    """One thing that happened to an application, as the timeline shows it: code and wording."""

    wording: Text

    def __new__(cls, code: str, wording: Text) -> "ProgressStep":
        step = str.__new__(cls, code)
        step._value_ = code
        step.wording = wording
        return step

    DRAFT_BEGUN = "draft_begun", Text("下書きを作成しました", "Draft started")
    SUBMITTED = "submitted", Text("申請を受け付けました", "Application received")
    WITHDRAWN = "withdrawn", Text("申請を取り下げました", "Application withdrawn")
    DOCUMENTS_SUBMITTED = "documents_submitted", Text("追加資料を提出しました", "Additional documents submitted")
    CARD_MATERIALS_SENT = "card_materials_sent", Text("手数料・旧カード等を発送しました", "Fee and old card sent")
    REVIEW_STARTED = "review_started", Text("審査を開始しました", "Review started")
    CASE_TRANSFERRED = "case_transferred", Text("他の官署に移管されました", "Another office handles the case now")
    DOCUMENTS_REQUESTED = (
        "documents_requested",
        Text("追加資料の提出を求められました", "Additional documents requested"),
    )
    DOCUMENTS_OVERDUE = "documents_overdue", Text("追加資料の提出期限を過ぎました", "Additional documents are overdue")
    DOCUMENTS_DUE_SOON = (
        "documents_due_soon",
        Text("追加資料の提出期限が近づいています", "Additional documents are due soon"),
    )
    MORE_TIME_ASKED = "more_time_asked", Text("提出期限の延長を申し出ました", "More time requested")
    MORE_TIME_AGREED = "more_time_agreed", Text("提出期限が延長されました", "More time was given")
    MORE_TIME_DECLINED = (
        "more_time_declined",
        Text("提出期限の延長は認められませんでした", "There is no more time for the documents"),
    )
    INTERVIEW_REQUESTED = (
        "interview_requested",
        Text("事情聴取等の案内がありました", "Invited to an interview or inquiry"),
    )
    INTERVIEW_MOVED = "interview_moved", Text("事情聴取等の日時・場所が変わりました", "Interview or inquiry moved")
    INTERVIEW_CANCELLED = (
        "interview_cancelled",
        Text("事情聴取等は取りやめになりました", "Interview or inquiry cancelled"),
    )
    INTERVIEW_SOON = "interview_soon", Text("事情聴取等の日が近づいています", "Interview or inquiry is soon")
    INTERVIEW_ENDED = (
        "interview_ended",
        Text("事情聴取等が終わり、審査を続けています", "Examination continues after the interview"),
    )
    REVIEW_COMPLETED = "review_completed", Text("審査が完了しました", "Review completed")
    FEE_PAID = "fee_paid", Text("手数料を確認しました", "Fee received")
    OTHER_AMOUNT_PAID = (
        "other_amount_paid",
        Text(
            "手数料と異なる金額が納付されたため、お返しします", "Another amount than the fee was paid and is given back"
        ),
    )
    CARD_MATERIALS_RECEIVED = "card_materials_received", Text("旧カード等を受け取りました", "Old card received")
    CARD_ISSUED = "card_issued", Text("在留カードを作成しました", "Residence card made")
    CARD_MAILED = "card_mailed", Text("在留カードを発送しました", "Residence card mailed")
    CARD_RETURNED = "card_returned", Text("在留カードが届かず戻りました", "Residence card could not be delivered")
    CARD_DELIVERED = "card_delivered", Text("在留カードが配達されました", "Residence card delivered")
    CERTIFICATE_ISSUED = "certificate_issued", Text("証明書を交付しました", "Certificate issued")
    CERTIFICATE_REVOKED = "certificate_revoked", Text("証明書が取り消されました", "Certificate revoked")
    CERTIFICATE_RECEIVED = "certificate_received", Text("証明書の受領登録をしました", "Certificate acknowledged")
    COUNTER_VISIT_REQUIRED = (
        "counter_visit_required",
        Text("窓口での受取りが必要です", "Collection at a counter needed"),
    )
    TERMINATED = "terminated", Text("審査を終止しました", "Examination ended without a decision")
    CORRECTED = "corrected", Text("申請内容を訂正しました", "Application corrected")
    CORRECTION_REQUESTED = "correction_requested", Text("申請内容の訂正を申し出ました", "Correction requested")
    CORRECTION_AGREED = "correction_agreed", Text("訂正の申出が認められました", "Officer agreed to the correction")
    CORRECTION_DECLINED = (
        "correction_declined",
        Text("訂正の申出は認められませんでした", "Officer declined the correction"),
    )
    HANDED_OVER = "handed_over", Text("担当者が変わりました", "Another person is in charge")
    CONTACT_CHANGED = "contact_changed", Text("連絡先を変更しました", "Contact details changed")
    ADDRESS_CHANGED = "address_changed", Text("住居地の変更を届け出ました", "Change of address recorded")


def wording_of(code: str) -> Text:
    """The wording of the step with that code. Raises KeyError for a code that is no step."""
    return _STEPS[code].wording


_STEPS = {step.value: step for step in ProgressStep}


@dataclass(frozen=True, slots=True)
class Materials:
    """The old card and the reference of the fee paid, on their way to the card office."""

    fee_reference: str | None
    carrier: str
    tracking_number: str
    residence_card_enclosed: bool


@dataclass(frozen=True, slots=True)
class Change:
    """The last change of one value: in which revision, by which account, when."""

    revision: int
    account_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Changes:
    """The last change of each value, by JSON pointer; a value that is as the draft was begun has none."""

    by_pointer: Mapping[str, Change]

    @classmethod
    def parse(cls, stored: str) -> "Changes":
        """As `text` wrote it."""
        return cls(
            {
                pointer: Change(revision, UUID(account_id), datetime.fromisoformat(at))
                for pointer, (revision, account_id, at) in json.loads(stored).items()
            }
        )

    def text(self) -> str:
        """As it is kept."""
        rows = {p: [c.revision, str(c.account_id), c.at.isoformat()] for p, c in self.by_pointer.items()}
        return json.dumps(rows, sort_keys=True, separators=(",", ":"))

    def after(self, revision: int) -> Mapping[str, Change]:
        """Values that were changed after `revision`."""
        return {pointer: change for pointer, change in self.by_pointer.items() if change.revision > revision}

    def with_changed(self, pointers: Iterable[str], change: Change) -> "Changes":
        """The same with `change` as the last one of these values, and of everything that is a part of them."""
        changed = dict.fromkeys(pointers, change)
        within = tuple(f"{pointer}/" for pointer in changed)
        kept = {pointer: last for pointer, last in self.by_pointer.items() if not pointer.startswith(within)}
        return replace(self, by_pointer={**kept, **changed})
