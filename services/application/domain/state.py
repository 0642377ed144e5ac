"""Where an application stands: its own states, and the progress that the applicant is shown."""

from enum import StrEnum

from shared.errors import Text


class State(StrEnum):
    """What the application service itself knows and decides on."""

    DRAFT = "draft"
    RECEIVED = "received"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"


class Progress(StrEnum):
    """What the applicant is shown; beyond `received` it follows from what review tells."""

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


WORDS: dict[Progress, Text] = {
    Progress.DRAFT: Text("下書き", "Draft"),
    Progress.RECEIVED: Text("受付済", "Received"),
    Progress.UNDER_REVIEW: Text("審査中", "Under review"),
    Progress.DOCS_REQUESTED: Text("追加資料の提出待ち（返却中）", "Waiting for additional documents"),
    Progress.DOCS_SUBMITTED: Text("追加資料 確認中", "Additional documents being checked"),
    Progress.ON_HOLD_INTERVIEW: Text("事情聴取・実態調査", "Interview or inquiry"),
    Progress.DECIDED_GRANT: Text("許可（交付手続待ち）", "Granted, card not issued yet"),
    Progress.AWAITING_FEE: Text("手数料・旧カード待ち", "Waiting for the fee and the old card"),
    Progress.CARD_PRODUCTION: Text("カード作成中", "Card being made"),
    Progress.DISPATCHED: Text("発送済", "Mailed"),
    Progress.DELIVERED: Text("受領済", "Delivered"),
    Progress.CERTIFICATE_ISSUED: Text("交付済", "Certificate issued"),
    Progress.DECIDED_REFUSE: Text("不許可／不交付", "Refused"),
    Progress.NOT_ACCEPTED: Text("不受理・却下", "Not accepted"),
    Progress.WITHDRAWN: Text("取下げ", "Withdrawn"),
    Progress.TERMINATED: Text("終止", "Terminated"),
}

OUTCOMES = {
    "granted": Progress.DECIDED_GRANT,
    "refused": Progress.DECIDED_REFUSE,
    "not_accepted": Progress.NOT_ACCEPTED,
}


def after_grant(fee_paid: bool, materials_received: bool, materials_sent: bool) -> Progress:
    """Where a granted application stands while the fee and the old card are on their way."""
    if fee_paid and materials_received:
        return Progress.CARD_PRODUCTION
    if fee_paid or materials_received or materials_sent:
        return Progress.AWAITING_FEE
    return Progress.DECIDED_GRANT


STEPS: dict[str, Text] = {
    "draft_begun": Text("下書きを作成しました", "Draft begun"),
    "submitted": Text("申請を受け付けました", "Application received"),
    "withdrawn": Text("申請を取り下げました", "Application withdrawn"),
    "documents_submitted": Text("追加資料を提出しました", "Additional documents submitted"),
    "card_materials_sent": Text("手数料・旧カード等を発送しました", "Fee and old card sent"),
    "review_started": Text("審査を開始しました", "Review started"),
    "documents_requested": Text("追加資料の提出を求められました", "Additional documents requested"),
    "documents_overdue": Text("追加資料の提出期限を過ぎました", "Additional documents are overdue"),
    "interview_requested": Text("事情聴取等の案内がありました", "Invited to an interview or inquiry"),
    "review_completed": Text("審査が完了しました", "Review completed"),
    "fee_paid": Text("手数料を確認しました", "Fee received"),
    "card_materials_received": Text("旧カード等を受け取りました", "Old card received"),
    "card_issued": Text("在留カードを作成しました", "Residence card made"),
    "card_mailed": Text("在留カードを発送しました", "Residence card mailed"),
    "card_delivered": Text("在留カードが配達されました", "Residence card delivered"),
    "certificate_issued": Text("証明書を交付しました", "Certificate issued"),
    "counter_visit_required": Text("窓口での受取りが必要です", "Collection at a counter needed"),
    "terminated": Text("審査を終止しました", "Examination ended without a decision"),
}
