"""Receipt number and status of what was submitted."""

from shared.errors import Text

TEXTS = {
    "status_submitted": Text("審査中", "Under review"),
    "status_returned": Text("差戻し（内容を補正し、再度提出してください）", "Returned (correct and resubmit)"),
    "status_approved": Text("承認済み", "Approved"),
    "status_rejected": Text("不承認", "Rejected"),
    "returned": Text("次の点を補正し、再度提出してください", "Correct the following and resubmit"),
    "receipt_number": Text("受付番号", "Receipt number"),
}
