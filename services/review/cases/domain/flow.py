"""A case between two steps, and the checks that every step shares.

A step is a function of its wing: it answers the case after the step, or raises `Refused` and changes nothing.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.review.cases.domain.refusal import Change, NotForYou, NotNow, Refused
from services.review.cases.domain.states import TRANSITIONS, UNDECIDED, ActingRole, State, Step
from services.review.cases.domain.words import ROLES, STEPS
from shared.clock import JST
from shared.errors import Text
from shared.reference.after_grant import leads_to_card
from shared.reference.case_states import officers_state

# Accounts of officers, and the humans behind them as far as they are known.
Identities = frozenset[UUID | str]
NOBODY: Identities = frozenset()


class Issue(StrEnum):
    """The document that a grant leads to: a residence card, or a certificate on paper or by e-mail."""

    CARD = "card"
    CERTIFICATE = "certificate"


class Outcome(StrEnum):
    """The end of a case that an examiner proposes."""

    GRANT = "grant"
    REFUSE = "refuse"
    NOT_ACCEPT = "not_accept"


@dataclass(frozen=True, slots=True)
class Officer:
    """The person who takes a step, with the roles that count here. `person` is the key that all accounts of one human
    share; None where it is not known."""

    id: UUID
    roles: frozenset[ActingRole]
    person: str | None = None

    @property
    def known_as(self) -> Identities:
        """The account, and the human behind it where that is known: two officers who share one are one human."""
        return identities(self.id, self.person)


@dataclass(frozen=True, slots=True)
class Progress:
    """A case as the rules see it.

    `examiner` has it, since `examiner_since`; `proposed` is the outcome that waits for its decision, or for its effect;
    `proposers` made that proposal or an earlier one, `deciders` approved it, as accounts and humans. `documents_due` is
    the date of a request that is not answered, `more_time_asked` that the applicant asks for a later one; `fee_yen` is
    known from the grant on. `held_by` are the receipt numbers of decided cases of the same person that nobody has
    looked into yet, `resolvers` those who wrote down how others belong to it: both are asked for a decision alone.
    `change` is the last change of the state. `procedure` gives its state the name that people read.
    """

    state: State
    issue: Issue
    examiner: UUID | None = None
    examiner_since: datetime | None = None
    proposed: Outcome | None = None
    proposers: Identities = NOBODY
    deciders: Identities = NOBODY
    documents_due: date | None = None
    more_time_asked: bool = False
    fee_yen: int | None = None
    fee_paid: bool = False
    materials_received: bool = False
    held_by: tuple[str, ...] = ()
    resolvers: Identities = NOBODY
    change: Change | None = None
    procedure: str = ""


def identities(account: UUID, person: str | None) -> Identities:
    """An account, and the human behind it where that is known."""
    return frozenset({account} if person is None else {account, person})


def issue_of(procedure: str) -> Issue:
    """The document that a grant of this procedure leads to."""
    return Issue.CARD if leads_to_card(procedure) else Issue.CERTIFICATE


def withdraw(case: Progress) -> Progress:
    """The applicant took the application back; after the decision that changes nothing here."""
    if case.state not in TRANSITIONS[Step.WITHDRAW].sources:
        return case
    return replace(case, state=State.WITHDRAWN, proposed=None, deciders=NOBODY, documents_due=None)


def answer_correction(case: Progress, by: Officer) -> Progress:
    """The examiner agrees to a correction or declines it; the case stays where it is."""
    require(case, Step.ANSWER_CORRECTION, by)
    return case


def terminate(case: Progress, by: Officer) -> Progress:
    """The case ends without a decision, or before its grant is handed over (終止). The chief's alone, as it ends a case
    without a second pair of eyes; who decided a grant does not undo it."""
    require(case, Step.TERMINATE, by)
    return replace(case, state=State.TERMINATED, proposed=None, documents_due=None)


def advance(case: Progress, step: Step, by: Officer, target: State) -> Progress:
    """The case in `target`, for a step with no rule beside the table."""
    require(case, step, by)
    return replace(case, state=target)


def state_after_payment(case: Progress) -> State:
    """The state of a granted case: both the fee and the materials are needed for a card, the fee for a certificate."""
    if not case.fee_paid:
        return State.AWAITING_FEE
    if case.issue is Issue.CERTIFICATE:
        return State.DECIDED_GRANT
    return State.CARD_PRODUCTION if case.materials_received else State.AWAITING_FEE


def require(case: Progress, step: Step, by: Officer, today: date | None = None) -> None:
    """Raise `NotForYou` or `NotNow` where the table of steps does not allow the step. `today` is asked for steps that
    wait for documents."""
    transition = TRANSITIONS[step]
    if transition.role not in by.roles:
        raise NotForYou(
            "role-missing",
            Text("この操作は{who}のみが実行できます", "Only {who} may do this").with_values(who=ROLES[transition.role]),
        )
    if transition.free and case.state in UNDECIDED and case.examiner is not None:
        raise _taken(case, by)
    if case.state not in transition.sources:
        raise NotNow(
            "wrong-state",
            Text(
                "「{action}」は、案件の状態が「{stands}」の間は実行できません",
                "{action} is not possible while the case is “{stands}”",
            ).with_values(action=STEPS[step], stands=officers_state(case.state, case.procedure)),
            change=case.change,
        )
    if transition.held and case.examiner is None:
        raise NotNow("nobodys", Text("担当審査官のいない案件です", "Nobody has this case"))
    if transition.own and case.examiner != by.id:
        raise NotForYou(
            "not-your-case",
            Text(
                "担当審査官のみが実行できます。担当の変更は決裁者に依頼してください。",
                "Only the examiner who has the case may do this; the chief examiner can reassign it",
            ),
        )
    if transition.second and case.proposers & by.known_as:
        raise NotForYou(
            "four-eyes",
            Text(
                "この案件を起案したことのある職員は決裁できません。別の決裁者が決裁してください。",
                "You made a proposal on this case, so another chief examiner has to decide",
            ),
        )
    if transition.another and case.deciders & by.known_as:
        raise NotForYou(
            "four-eyes",
            Text(
                "決裁した職員は自らの決裁を取り消せません。別の決裁者に依頼してください。",
                "You made this decision, so another chief examiner has to undo it",
            ),
        )
    if transition.waits:
        assert today is not None
        _require_no_wait(case, today)


def _taken(case: Progress, by: Officer) -> Refused:
    """The refusal of a case that somebody has already: it says who, and since when."""
    since = {"since": case.examiner_since.isoformat()} if case.examiner_since else {}
    if case.examiner == by.id:
        text = Text("{since}あなたが担当になっています", "You have this case {since}")
    else:
        text = Text("{since}別の審査官が担当になっています", "Another examiner has this case {since}")
    since_when = Text("既に", "already")
    if case.examiner_since:
        at = case.examiner_since.astimezone(JST)
        since_when = Text("{day} {time}に", "since {day} {time} (Japan time)").with_values(
            day=at.date(), time=f"{at:%H:%M}"
        )
    members = {"examiner_id": str(case.examiner)} | since
    return NotNow("taken", text.with_values(since=since_when), change=case.change, **members)


def possible_steps(case: Progress, by: Officer, today: date) -> list[Step]:
    """The steps that the table allows an officer now, in its order. A value that they enter may still be refused."""
    return [step for step in TRANSITIONS if _is_possible(case, step, by, today)]


def _is_possible(case: Progress, step: Step, by: Officer, today: date) -> bool:
    try:
        require(case, step, by, today)
    except Refused:
        return False
    return True


def _require_no_wait(case: Progress, today: date) -> None:
    """While the applicant still has time to submit documents, the officer waits."""
    if case.state is State.DOCS_REQUESTED and case.documents_due is not None and today <= case.documents_due:
        raise NotNow(
            "documents-awaited",
            Text(
                "追加資料の提出期限（{documents_due}）まで待つ必要があります",
                "Documents are awaited until {documents_due}",
            ).with_values(documents_due=case.documents_due),
        )
    if case.more_time_asked:
        raise NotNow(
            "more-time-asked",
            Text(
                "申請人が提出期限の延長を申し出ています。先に回答してください。",
                "The applicant asks for more time to submit documents: answer that first",
            ),
        )
