"""The states of a case, and the table of steps: from where, to where, by whom.

The states are those that applicants know, with four that only officers need: PROPOSED (決裁待ち), DECIDED (決裁済, not
yet in effect), CARD_ISSUED (made, not yet mailed) and COUNTER_VISIT (to be handed over at a counter).
"""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """The state of a case."""

    RECEIVED = "RECEIVED"  # 受付済
    UNDER_REVIEW = "UNDER_REVIEW"  # 審査中
    DOCS_REQUESTED = "DOCS_REQUESTED"  # 追加資料の提出待ち
    DOCS_SUBMITTED = "DOCS_SUBMITTED"  # 追加資料 確認中
    ON_HOLD_INTERVIEW = "ON_HOLD_INTERVIEW"  # 事情聴取・実態調査
    PROPOSED = "PROPOSED"  # 決裁待ち
    DECIDED = "DECIDED"  # 決裁済（発効前）: it can still be recalled, and the applicant knows nothing of it
    DECIDED_GRANT = "DECIDED_GRANT"  # 許可（交付手続待ち）: a certificate is to be issued
    AWAITING_FEE = "AWAITING_FEE"  # 手数料・旧カード待ち
    CARD_PRODUCTION = "CARD_PRODUCTION"  # カード作成中
    CARD_ISSUED = "CARD_ISSUED"  # カード作成済（発送待ち）
    COUNTER_VISIT = "COUNTER_VISIT"  # 窓口交付待ち
    DISPATCHED = "DISPATCHED"  # 発送済
    RETURNED = "RETURNED"  # 返送（再発送待ち）
    DELIVERED = "DELIVERED"  # 受領済
    CERTIFICATE_ISSUED = "CERTIFICATE_ISSUED"  # 証明書交付済
    DECIDED_REFUSE = "DECIDED_REFUSE"  # 不許可・不交付
    NOT_ACCEPTED = "NOT_ACCEPTED"  # 不受理
    WITHDRAWN = "WITHDRAWN"  # 取下げ
    TERMINATED = "TERMINATED"  # 終止


class Step(StrEnum):
    """The steps of a case."""

    START = "start"
    TAKE = "take"
    ASSIGN = "assign"
    REASSIGN = "reassign"
    HAND_OVER = "hand_over"
    GIVE_BACK = "give_back"
    TAKE_BACK = "take_back"
    TRANSFER = "transfer"
    FLAG = "flag"
    UNFLAG = "unflag"
    EXAMINE = "examine"
    REQUEST_DOCUMENTS = "request_documents"
    ANSWER_MORE_TIME = "answer_more_time"
    TAKE_DOCUMENTS = "take_documents"
    CORRECT = "correct"
    ANSWER_CORRECTION = "answer_correction"
    REQUEST_INTERVIEW = "request_interview"
    MOVE_INTERVIEW = "move_interview"
    CANCEL_INTERVIEW = "cancel_interview"
    RESOLVE_SAME_PERSON = "resolve_same_person"
    PROPOSE = "propose"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    RECALL = "recall"
    TAKE_EFFECT = "take_effect"
    WITHDRAW = "withdraw"
    TERMINATE = "terminate"
    PAY_FEE = "pay_fee"
    TAKE_MATERIALS = "take_materials"
    ISSUE_CERTIFICATE = "issue_certificate"
    REVOKE_CERTIFICATE = "revoke_certificate"
    ISSUE_CARD = "issue_card"
    REQUIRE_VISIT = "require_visit"
    MAIL = "mail"
    RETURN_CARD = "return_card"
    DELIVER = "deliver"


class ActingRole(StrEnum):
    """The role that takes a step: an officer's role, the applicant through the application service, or the clock."""

    EXAMINER = "examiner"
    CHIEF_EXAMINER = "chief_examiner"
    CARD_OFFICE = "card_office"
    APPLICANT = "applicant"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Transition:
    """One step: the states it starts from, those it can lead to (empty: the case stays where it is), and who may.

    `free`: while nobody has the case. `held`: while somebody has it. `own`: of those with the role, the examiner who
    has the case alone. `second`: nobody who ever made a proposal on the case. `another`: not the officer who decided.
    `waits`: not while the applicant still has time to submit documents.
    """

    sources: frozenset[State]
    targets: frozenset[State]
    role: ActingRole
    free: bool = False
    held: bool = False
    own: bool = False
    second: bool = False
    another: bool = False
    waits: bool = False


_EXAMINED = (State.UNDER_REVIEW, State.DOCS_REQUESTED, State.DOCS_SUBMITTED, State.ON_HOLD_INTERVIEW)
# No decision is in effect: the applicant may still withdraw, and sees a case under examination.
UNDECIDED = frozenset({State.RECEIVED, *_EXAMINED, State.PROPOSED, State.DECIDED})
# The clock of the standard duration counts these apart.
WITH_APPLICANT = frozenset({State.DOCS_REQUESTED, State.ON_HOLD_INTERVIEW})
CLOSED = frozenset(
    {
        State.DELIVERED,
        State.CERTIFICATE_ISSUED,
        State.DECIDED_REFUSE,
        State.NOT_ACCEPTED,
        State.WITHDRAWN,
        State.TERMINATED,
    }
)
OPEN = frozenset(State) - CLOSED
# Granted, and the card or certificate is still at the office.
NOT_HANDED_OVER = frozenset(
    {
        State.DECIDED_GRANT,
        State.AWAITING_FEE,
        State.CARD_PRODUCTION,
        State.CARD_ISSUED,
        State.COUNTER_VISIT,
        State.RETURNED,
    }
)


def _t(role: ActingRole, sources: tuple[State, ...] | frozenset[State], *targets: State, **only: bool) -> Transition:
    return Transition(frozenset(sources), frozenset(targets), role, **only)


_EX, _CHIEF, _CARD, _APPLICANT, _CLOCK = (
    ActingRole.EXAMINER,
    ActingRole.CHIEF_EXAMINER,
    ActingRole.CARD_OFFICE,
    ActingRole.APPLICANT,
    ActingRole.CLOCK,
)
_PAID = (State.AWAITING_FEE, State.CARD_PRODUCTION, State.DECIDED_GRANT)

TRANSITIONS: dict[Step, Transition] = {
    Step.START: _t(_EX, (State.RECEIVED,), State.UNDER_REVIEW, free=True),
    # A case whose examination began and that nobody has any more: it was given back, or came from another office.
    Step.TAKE: _t(_EX, _EXAMINED, free=True),
    Step.ASSIGN: _t(_CHIEF, (State.RECEIVED,), State.UNDER_REVIEW, free=True),
    Step.REASSIGN: _t(_CHIEF, _EXAMINED),
    Step.HAND_OVER: _t(_EX, _EXAMINED, own=True),
    Step.GIVE_BACK: _t(_EX, _EXAMINED, own=True),
    Step.TAKE_BACK: _t(_CHIEF, _EXAMINED, held=True),
    # While a proposal waits, the chief examiner sends it back first; after the decision it is the card office's.
    Step.TRANSFER: _t(_CHIEF, (State.RECEIVED, *_EXAMINED)),
    Step.FLAG: _t(_CHIEF, UNDECIDED - {State.DECIDED}),
    Step.UNFLAG: _t(_CHIEF, UNDECIDED - {State.DECIDED}),
    # DOCS_REQUESTED is left by the officer only once the documents are overdue (`waits`).
    Step.EXAMINE: _t(_EX, _EXAMINED, State.UNDER_REVIEW, own=True, waits=True),
    Step.REQUEST_DOCUMENTS: _t(_EX, _EXAMINED, State.DOCS_REQUESTED, own=True, waits=True),
    Step.ANSWER_MORE_TIME: _t(_EX, (State.DOCS_REQUESTED,), own=True),
    # Documents that come late, while an interview is awaited, do not end the wait for it.
    Step.TAKE_DOCUMENTS: _t(_APPLICANT, _EXAMINED, State.DOCS_SUBMITTED, State.ON_HOLD_INTERVIEW),
    Step.CORRECT: _t(_APPLICANT, UNDECIDED),
    # While a proposal waits, the chief examiner sends it back first: it rests on what the form says.
    Step.ANSWER_CORRECTION: _t(_EX, _EXAMINED, own=True),
    Step.REQUEST_INTERVIEW: _t(_EX, (State.UNDER_REVIEW, State.DOCS_SUBMITTED), State.ON_HOLD_INTERVIEW, own=True),
    Step.MOVE_INTERVIEW: _t(_EX, (State.ON_HOLD_INTERVIEW,), own=True),
    Step.CANCEL_INTERVIEW: _t(_EX, (State.ON_HOLD_INTERVIEW,), State.UNDER_REVIEW, own=True),
    Step.RESOLVE_SAME_PERSON: _t(_EX, (*_EXAMINED, State.PROPOSED), own=True),
    Step.PROPOSE: _t(_EX, _EXAMINED, State.PROPOSED, own=True, waits=True),
    Step.APPROVE: _t(_CHIEF, (State.PROPOSED,), State.DECIDED, second=True),
    Step.SEND_BACK: _t(_CHIEF, (State.PROPOSED,), State.UNDER_REVIEW, second=True),
    Step.RECALL: _t(_CHIEF, (State.DECIDED,), State.UNDER_REVIEW, another=True),
    Step.TAKE_EFFECT: _t(
        _CLOCK,
        (State.DECIDED,),
        State.AWAITING_FEE,
        State.DECIDED_GRANT,
        State.DECIDED_REFUSE,
        State.NOT_ACCEPTED,
    ),
    Step.WITHDRAW: _t(_APPLICANT, UNDECIDED, State.WITHDRAWN),
    # A decision that is not in effect is recalled first. A grant lasts until its card or certificate is handed over:
    # somebody who died or left before ends there, and who decided does not undo it.
    Step.TERMINATE: _t(_CHIEF, (UNDECIDED - {State.DECIDED}) | NOT_HANDED_OVER, State.TERMINATED, another=True),
    Step.PAY_FEE: _t(_CARD, (State.AWAITING_FEE,), *_PAID),
    Step.TAKE_MATERIALS: _t(_CARD, (State.AWAITING_FEE,), State.AWAITING_FEE, State.CARD_PRODUCTION),
    Step.ISSUE_CERTIFICATE: _t(_CARD, (State.DECIDED_GRANT,), State.CERTIFICATE_ISSUED),
    Step.REVOKE_CERTIFICATE: _t(_CARD, (State.CERTIFICATE_ISSUED,)),
    Step.ISSUE_CARD: _t(_CARD, (State.CARD_PRODUCTION,), State.CARD_ISSUED),
    Step.REQUIRE_VISIT: _t(_CARD, (State.CARD_ISSUED, State.RETURNED), State.COUNTER_VISIT),
    Step.MAIL: _t(_CARD, (State.CARD_ISSUED, State.RETURNED), State.DISPATCHED),
    # A lost card is made again, with another number.
    Step.RETURN_CARD: _t(_CARD, (State.DISPATCHED,), State.RETURNED, State.CARD_PRODUCTION),
    Step.DELIVER: _t(_CARD, (State.DISPATCHED, State.COUNTER_VISIT), State.DELIVERED),
}
