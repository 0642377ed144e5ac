"""Names of the states of a case as officers and applicants read them, by procedure where what it waits for differs."""

from collections.abc import Mapping

from shared.errors import Text
from shared.reference.codes import Procedure

_CERTIFIED = (Procedure.COE, Procedure.WORKCERT)
_PERMITTED = (Procedure.CHANGE, Procedure.EXTEND, Procedure.ACQUIRE, Procedure.EXTRA_ACT)
_Own = Mapping[Procedure, Text]

OFFICERS: Mapping[str, Text] = {
    "RECEIVED": Text("受付済（未着手）", "Received, not started"),
    "UNDER_REVIEW": Text("審査中", "Under review"),
    "DOCS_REQUESTED": Text("追加資料の提出待ち", "Waiting for documents"),
    "DOCS_SUBMITTED": Text("追加資料 確認中", "Documents submitted"),
    "ON_HOLD_INTERVIEW": Text("事情聴取・実態調査", "Interview or inquiry"),
    "PROPOSED": Text("決裁待ち", "Waiting for a decision"),
    "DECIDED": Text("決裁済（発効前）", "Decided, not in effect yet"),
    "DECIDED_GRANT": Text("許可・交付決定（証明書等の交付待ち）", "Granted, certificate or permit to be issued"),
    "AWAITING_FEE": Text("手数料・旧カード等待ち", "Waiting for the fee, the old card or the envelope"),
    "CARD_PRODUCTION": Text("カード作成中", "Card to be made"),
    "CARD_ISSUED": Text("カード作成済（発送待ち）", "Card made, to be mailed"),
    "COUNTER_VISIT": Text("窓口交付待ち", "To be collected at a counter"),
    "DISPATCHED": Text("発送済", "Mailed"),
    "RETURNED": Text("返送（再発送待ち）", "Came back, to be mailed again"),
    "DELIVERED": Text("受領済", "Delivered"),
    "CERTIFICATE_ISSUED": Text("証明書等 交付済", "Certificate or permit issued"),
    "DECIDED_REFUSE": Text("不許可・不交付", "Refused"),
    "NOT_ACCEPTED": Text("不受理", "Not accepted"),
    "WITHDRAWN": Text("取下げ", "Withdrawn"),
    "TERMINATED": Text("終止", "Ended without a decision"),
}
APPLICANTS: Mapping[str, Text] = {
    "draft": Text("下書き", "Draft"),
    "received": Text("受付済", "Received"),
    "under_review": Text("審査中", "Under review"),
    "docs_requested": Text("追加資料の提出待ち（返却中）", "Waiting for additional documents"),
    "docs_submitted": Text("追加資料 確認中", "Additional documents being checked"),
    "on_hold_interview": Text("事情聴取・実態調査", "Interview or inquiry"),
    "decided_grant": Text("許可（交付手続待ち）", "Granted, not issued yet"),
    "awaiting_fee": Text("手数料・旧カード等待ち", "Waiting for the fee, the old card or the envelope"),
    "card_production": Text("カード作成中", "Card being made"),
    "dispatched": Text("発送済", "Mailed"),
    "delivered": Text("受領済", "Delivered"),
    "certificate_issued": Text("交付済", "Issued"),
    "decided_refuse": Text("不許可／不交付", "Refused"),
    "not_accepted": Text("不受理・却下", "Not accepted"),
    "withdrawn": Text("取下げ", "Withdrawn"),
    "terminated": Text("終止", "Terminated"),
}
_AWAITED: _Own = {
    Procedure.CHANGE: Text("手数料・旧カード待ち", "Waiting for the fee and the old card"),
    Procedure.EXTEND: Text("手数料・旧カード待ち", "Waiting for the fee and the old card"),
    # Free of charge, and a newborn child has no card yet.
    Procedure.ACQUIRE: Text("返信用封筒待ち", "Waiting for the return envelope"),
    Procedure.WORKCERT: Text("手数料待ち", "Waiting for the fee"),
}
_REFUSED: _Own = {
    **dict.fromkeys(_CERTIFIED, Text("不交付", "Refused")),
    **dict.fromkeys(_PERMITTED, Text("不許可", "Refused")),
}
_OFFICERS_OWN: Mapping[str, _Own] = {
    "DECIDED_GRANT": {
        **dict.fromkeys(_CERTIFIED, Text("交付決定（証明書交付待ち）", "Granted, certificate to be issued")),
        Procedure.EXTRA_ACT: Text("許可（許可書交付待ち）", "Granted, permit to be issued"),
    },
    "AWAITING_FEE": _AWAITED,
    "CERTIFICATE_ISSUED": {
        **dict.fromkeys(_CERTIFIED, Text("証明書交付済", "Certificate issued")),
        Procedure.EXTRA_ACT: Text("許可書交付済", "Permit issued"),
    },
    "DECIDED_REFUSE": _REFUSED,
}
_APPLICANTS_OWN: Mapping[str, _Own] = {
    "decided_grant": {
        **dict.fromkeys(_CERTIFIED, Text("交付決定（証明書交付待ち）", "Granted, certificate not issued yet")),
        Procedure.EXTRA_ACT: Text("許可（許可書交付待ち）", "Granted, permit not issued yet"),
        **dict.fromkeys(
            (Procedure.CHANGE, Procedure.EXTEND, Procedure.ACQUIRE),
            Text("許可（交付手続待ち）", "Granted, card not issued yet"),
        ),
    },
    "awaiting_fee": _AWAITED,
    "certificate_issued": {
        **dict.fromkeys(_CERTIFIED, Text("証明書交付済", "Certificate issued")),
        Procedure.EXTRA_ACT: Text("許可書交付済", "Permit issued"),
    },
    "decided_refuse": _REFUSED,
}


def officers_state(state: str, procedure: str = "") -> Text:
    """The name of a case's state for officers; without a procedure, the one that fits all of them."""
    return _own(_OFFICERS_OWN, state, procedure) or OFFICERS[state]


def applicants_state(progress: str, procedure: str = "") -> Text:
    """The name of an application's progress for its applicant; without a procedure, the one that fits all of them."""
    return _own(_APPLICANTS_OWN, progress, procedure) or APPLICANTS[progress]


def _own(rows: Mapping[str, _Own], state: str, procedure: str) -> Text | None:
    return next((text for code, text in rows.get(state, {}).items() if code == procedure), None)
