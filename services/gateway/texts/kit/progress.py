"""Progress of an application, in the words of the application service; steps and parts of a form."""

from shared.errors import Text

TEXTS = {
    "draft": Text("下書き", "Draft"),
    "received": Text("受付済", "Received"),
    "under_review": Text("審査中", "Under review"),
    "docs_requested": Text("追加資料の提出待ち（返却中）", "Waiting for additional documents"),
    "docs_submitted": Text("追加資料 確認中", "Additional documents being checked"),
    "on_hold_interview": Text("事情聴取・実態調査", "Interview or inquiry"),
    "decided_grant": Text("許可（交付手続待ち）", "Granted, card not issued yet"),
    "awaiting_fee": Text("手数料・旧カード待ち", "Waiting for the fee and the old card"),
    "card_production": Text("カード作成中", "Card being made"),
    "dispatched": Text("発送済", "Mailed"),
    "delivered": Text("受領済", "Delivered"),
    "certificate_issued": Text("交付済", "Certificate issued"),
    "decided_refuse": Text("不許可／不交付", "Refused"),
    "not_accepted": Text("不受理・却下", "Not accepted"),
    "withdrawn": Text("取下げ", "Withdrawn"),
    "terminated": Text("終止", "Terminated"),
    "step_done": Text("（完了）", "(done)"),
    "coming": Text("（これから）", "(not yet)"),
    "task_not_begun": Text("未入力", "Not started"),
    "task_begun": Text("入力中", "In progress"),
    "task_problems": Text("要確認 {count}件", "To correct: {count}"),
    "task_done": Text("入力済み", "Done"),
    "task_optional": Text("任意", "Optional"),
    "task_waiting": Text("前の項目の入力後", "Not available yet"),
}
