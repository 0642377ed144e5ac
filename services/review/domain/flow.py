"""One case on its way: each function answers the case after a step, or raises `Refused` and changes nothing."""

from collections.abc import Set
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from services.review.domain.refusal import NotForYou, NotNow, Wrong
from services.review.domain.states import TRANSITIONS, State, Step, Who


class Issue(StrEnum):
    """What a grant leads to: a residence card, or a certificate on paper or by e-mail."""

    CARD = "card"
    CERTIFICATE = "certificate"


class Outcome(StrEnum):
    """What an examiner proposes."""

    GRANT = "grant"
    REFUSE = "refuse"
    NOT_ACCEPT = "not_accept"


@dataclass(frozen=True, slots=True)
class Officer:
    """Who takes the step, with the roles that count here."""

    id: UUID
    roles: frozenset[Who]


@dataclass(frozen=True, slots=True)
class Progress:
    """What the rules need to know about a case.

    `examiner` has taken it; `proposer` made the proposal that waits for its decision, `proposed` is its outcome;
    `documents_due` is the date of a request that is not answered; `fee_yen` is known from the grant on. `held_by` are
    the receipt numbers of decided cases of the same person that nobody has looked into yet, `resolvers` the officers
    who wrote down how others belong to this one: both are asked for a decision alone.
    """

    state: State
    issue: Issue
    examiner: UUID | None = None
    proposer: UUID | None = None
    proposed: Outcome | None = None
    documents_due: date | None = None
    fee_yen: int | None = None
    fee_paid: bool = False
    materials_received: bool = False
    held_by: tuple[str, ...] = ()
    resolvers: frozenset[UUID] = frozenset()


def start(case: Progress, by: Officer) -> Progress:
    """An examiner takes a case that nobody has."""
    _require(case, Step.START, by.roles)
    return replace(case, state=State.UNDER_REVIEW, examiner=by.id)


def reassign(case: Progress, by: Officer, to: UUID) -> Progress:
    """The chief gives the case to another examiner; it stays where it is."""
    _require(case, Step.REASSIGN, by.roles)
    if to == case.examiner:
        raise Wrong(
            "already-theirs", "既にその審査官が担当しています", "That examiner has the case already", "/examiner_id"
        )
    return replace(case, examiner=to)


def examine(case: Progress, by: Officer, today: date) -> Progress:
    """Findings are recorded; a case that waited for an interview or for overdue documents goes on."""
    _require_examiner(case, Step.EXAMINE, by)
    _require_no_wait(case, today)
    return replace(case, state=State.UNDER_REVIEW, documents_due=None)


def request_documents(case: Progress, by: Officer, due_on: date, today: date) -> Progress:
    """Documents are asked for, to come by `due_on`. One request at a time."""
    _require_examiner(case, Step.REQUEST_DOCUMENTS, by)
    _require_no_wait(case, today)
    if due_on <= today:
        raise Wrong(
            "due-date-passed", "期限は翌日以降の日付にしてください", "The due date must be tomorrow or later", "/due_on"
        )
    return replace(case, state=State.DOCS_REQUESTED, documents_due=due_on)


def take_documents(case: Progress) -> Progress:
    """The applicant handed in what was asked for; once a proposal waits or a decision is made, it is only noted."""
    if case.state not in TRANSITIONS[Step.TAKE_DOCUMENTS].sources:
        return replace(case, documents_due=None)
    return replace(case, state=State.DOCS_SUBMITTED, documents_due=None)


def request_interview(case: Progress, by: Officer) -> Progress:
    """The applicant or the organisation is invited to talk (事情聴取); the case rests until it is examined again."""
    _require_examiner(case, Step.REQUEST_INTERVIEW, by)
    return replace(case, state=State.ON_HOLD_INTERVIEW)


def resolve_same_person(case: Progress, by: Officer) -> Progress:
    """The examiner writes down how another case of the same person belongs to this one; the case stays where it is."""
    _require_examiner(case, Step.RESOLVE_SAME_PERSON, by)
    return case


def propose(case: Progress, by: Officer, outcome: Outcome, today: date) -> Progress:
    """The examiner says how the case should end; nothing ends yet."""
    _require_examiner(case, Step.PROPOSE, by)
    _require_no_wait(case, today)
    return replace(case, state=State.PROPOSED, proposer=by.id, proposed=outcome, documents_due=None)


def approve(case: Progress, by: Officer, fee_yen: int) -> Progress:
    """The decision (決裁). `fee_yen` is what a grant costs; 0 where it is free.

    Four eyes: the person who proposed cannot decide, whatever other role they hold, nor the one who resolved that
    another case of the same person is decided. Until somebody has, there is no second decision.
    """
    _require_decider(case, Step.APPROVE, by)
    if by.id in case.resolvers:
        raise NotForYou(
            "four-eyes",
            "同一人の案件の確認をした職員は決裁できません。別の決裁者が決裁してください。",
            "You resolved the cases of the same person, so another chief examiner has to decide",
        )
    if case.held_by:
        numbers = ", ".join(case.held_by)
        raise NotNow(
            "same-person-unresolved",
            f"同一人の可能性がある案件（{numbers}）が決裁済みです。担当審査官が関係を確認し、記録してください。",
            f"Another case of the same person is decided ({numbers}): its examiner has to look into it and record the"
            " finding before this one is decided",
        )
    decided = replace(case, proposer=None, proposed=None)
    match case.proposed:
        case Outcome.REFUSE:
            return replace(decided, state=State.DECIDED_REFUSE)
        case Outcome.NOT_ACCEPT:
            return replace(decided, state=State.NOT_ACCEPTED)
    granted = replace(decided, state=State.AWAITING_FEE, fee_yen=fee_yen, fee_paid=fee_yen == 0)
    return replace(granted, state=_after_payment(granted))


def send_back(case: Progress, by: Officer) -> Progress:
    """The chief does not agree; the case goes back to its examiner. Four eyes here as well."""
    _require_decider(case, Step.SEND_BACK, by)
    return replace(case, state=State.UNDER_REVIEW, proposer=None, proposed=None)


def withdraw(case: Progress) -> Progress:
    """The applicant took the application back; after the decision that changes nothing here."""
    if case.state not in TRANSITIONS[Step.WITHDRAW].sources:
        return case
    return replace(case, state=State.WITHDRAWN, proposer=None, proposed=None, documents_due=None)


def terminate(case: Progress, by: Officer) -> Progress:
    """The case ends without a decision (終止). The chief's alone, as it ends a case without a second pair of eyes."""
    _require(case, Step.TERMINATE, by.roles)
    return replace(case, state=State.TERMINATED, proposer=None, proposed=None, documents_due=None)


def pay_fee(case: Progress, by: Officer, amount_yen: int) -> Progress:
    """The fee came in; it must be exactly what the decision named."""
    _require(case, Step.PAY_FEE, by.roles)
    if case.fee_paid:
        raise NotNow("fee-paid-already", "手数料は納付済みです", "The fee is paid already")
    if amount_yen != case.fee_yen:
        raise Wrong(
            "wrong-amount",
            f"手数料は {case.fee_yen:,} 円です（入力: {amount_yen:,} 円）",
            f"The fee is {case.fee_yen:,} yen, not {amount_yen:,} yen",
            "/amount_yen",
        )
    paid = replace(case, fee_paid=True)
    return replace(paid, state=_after_payment(paid))


def take_materials(case: Progress, by: Officer, residence_card_received: bool, old_card_needed: bool) -> Progress:
    """The return envelope came in, with the old card where there is one (not when a status is acquired at birth)."""
    _require(case, Step.TAKE_MATERIALS, by.roles)
    if case.issue is Issue.CERTIFICATE:
        raise NotNow("no-card", "この手続では在留カードを交付しません", "No card is issued in this procedure")
    if case.materials_received:
        raise NotNow("materials-received-already", "受領済みです", "They are recorded as received already")
    if old_card_needed and not residence_card_received:
        raise Wrong(
            "old-card-missing",
            "現在の在留カードの受領を確認してください",
            "The present residence card must be among what was received",
            "/residence_card_received",
        )
    received = replace(case, materials_received=True)
    return replace(received, state=_after_payment(received))


def issue_certificate(case: Progress, by: Officer) -> Progress:
    """The certificate is issued, which ends the case."""
    return _advance(case, Step.ISSUE_CERTIFICATE, by, State.CERTIFICATE_ISSUED)


def issue_card(case: Progress, by: Officer) -> Progress:
    """The new card is made."""
    return _advance(case, Step.ISSUE_CARD, by, State.CARD_ISSUED)


def require_visit(case: Progress, by: Officer) -> Progress:
    """The card can only be handed over at a counter."""
    return _advance(case, Step.REQUIRE_VISIT, by, State.COUNTER_VISIT)


def mail(case: Progress, by: Officer) -> Progress:
    """The card is handed to the carrier."""
    return _advance(case, Step.MAIL, by, State.DISPATCHED)


def deliver(case: Progress, by: Officer) -> Progress:
    """The card reached its holder."""
    return _advance(case, Step.DELIVER, by, State.DELIVERED)


def _advance(case: Progress, step: Step, by: Officer, target: State) -> Progress:
    _require(case, step, by.roles)
    return replace(case, state=target)


def _after_payment(case: Progress) -> State:
    """Where a granted case stands: both the fee and the materials are needed for a card, the fee for a certificate."""
    if not case.fee_paid:
        return State.AWAITING_FEE
    if case.issue is Issue.CERTIFICATE:
        return State.DECIDED_GRANT
    return State.CARD_PRODUCTION if case.materials_received else State.AWAITING_FEE


def _require(case: Progress, step: Step, roles: Set[Who]) -> None:
    transition = TRANSITIONS[step]
    if transition.who not in roles:
        raise NotForYou(
            "role-missing", "この操作を行う権限がありません", f"Only the role {transition.who.value} may do this"
        )
    if case.state not in transition.sources:
        raise NotNow(
            "wrong-state",
            f"案件の状態 {case.state.value} では実行できません",
            f"Not possible while the case is {case.state.value}",
        )


def _require_examiner(case: Progress, step: Step, by: Officer) -> None:
    _require(case, step, by.roles)
    if case.examiner != by.id:
        raise NotForYou(
            "not-your-case",
            "担当審査官のみが実行できます。担当の変更は決裁者に依頼してください。",
            "Only the examiner who has the case may do this; the chief examiner can reassign it",
        )


def _require_decider(case: Progress, step: Step, by: Officer) -> None:
    _require(case, step, by.roles)
    if case.proposer == by.id:
        raise NotForYou(
            "four-eyes",
            "起案者は決裁できません。別の決裁者が決裁してください。",
            "You made the proposal, so another chief examiner has to decide",
        )


def _require_no_wait(case: Progress, today: date) -> None:
    """While the applicant still has time to hand documents in, the officer waits."""
    if case.state is State.DOCS_REQUESTED and case.documents_due is not None and today <= case.documents_due:
        raise NotNow(
            "documents-awaited",
            f"追加資料の提出期限（{case.documents_due}）まで待つ必要があります",
            f"Documents are awaited until {case.documents_due}",
        )
