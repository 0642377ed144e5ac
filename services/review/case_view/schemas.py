"""The whole case as officers read it, and its timeline."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from services.review.allocation.domain.flags import FLAGS
from services.review.allocation.schemas.assignment import FlagView, TransferView
from services.review.cards.domain import CARRIERS, RETURNS, VISITS, mask_card_number
from services.review.cards.schemas import CardView, DispatchView, MaterialsView
from services.review.case_view.store import CaseFile, Written
from services.review.cases.domain.clock import Dates, shown
from services.review.cases.domain.duration import duration
from services.review.cases.domain.flow import Outcome
from services.review.cases.domain.states import WITH_APPLICANT, State, Step
from services.review.cases.domain.word_lists import TERMINATIONS, WordList
from services.review.cases.schemas import EXAMPLE, CaseBrief, CorrectionView, example
from services.review.cases.store import Case
from services.review.certificates.domain import REVOCATIONS
from services.review.certificates.schemas import CertificateView
from services.review.contacts.schemas import UndeliveredView
from services.review.decision.domain.decision import GROUNDS, Grantable
from services.review.decision.schemas.basis import Basis, Differences
from services.review.decision.schemas.conditions import ConditionView
from services.review.decision.schemas.proposals import GrantableView, ProposalView
from services.review.decision.schemas.same_person import SamePersonView
from services.review.examination.schemas import (
    DocumentRequestView,
    ExaminationView,
    InterviewView,
    MoreTimeView,
    QuestionView,
)
from services.review.payment.schemas.slip import PaymentView
from shared.clock import legal_date
from shared.events.review import InterviewKind
from shared.http import Words
from shared.reference.request_texts import REQUEST_TEXTS

_OFFICER = "01a20911-fd7b-71e3-a6cc-c1916bbe12df"
_FILE: dict[str, Any] = {
    "account_id": "01a20911-fd7b-71e3-a6cc-c1916bbe12de",
    "organisation_id": None,
    "category": "CAT3",
    "form_section": "N",
    "form_version": "2026-04-15",
    "legal_date": "2026-07-01",
    "requested_period": "Y3",
    "receipt_method": None,
    "document_ids": ["01a20911-fd7b-71e3-a6cc-c196b4396416"],
    "photo_id": "01a20911-fd7b-71e3-a6cc-c196b4396417",
    "started_at": "2026-07-02T00:10:00Z",
    "duration": {"days": 14, "days_with_applicant": 3, "days_with_office": 11, "waits_for_applicant": False},
    "concerns": [],
    "flags": [],
    "transfers": [],
    "corrections": [],
    "examinations": [
        {
            "id": "01a20911-fd7b-71e3-a6cc-c196b4396418",
            "examiner_id": _OFFICER,
            "findings": {"status_applicability": "yes", "immigration_history": "not_asked"},
            "evidence": {"status_applicability": [{"document_id": None, "page": None, "field": "job.detail"}]},
            "note": None,
            "examined_at": "2026-07-10T02:00:00Z",
        }
    ],
    "undelivered": [],
    "document_requests": [],
    "more_time": [],
    "interviews": [],
    "proposals": [
        {
            "id": "01a20911-fd7b-71e3-a6cc-c196b4396419",
            "outcome": "grant",
            "period_of_stay": "Y3",
            "reentry": None,
            "reason_code": None,
            "reason": None,
            "proposed_by": _OFFICER,
            "proposed_at": "2026-07-14T02:00:00Z",
            "conditions": [],
            "basis": None,
            "approved": True,
            "decided_by": "01a20911-fd7b-71e3-a6cc-c1916bbe12dd",
            "decided_at": "2026-07-15T02:00:00Z",
            "note": None,
            "effective_at": "2026-07-15T02:30:00Z",
            "took_effect_at": "2026-07-15T02:30:00Z",
            "recalled_by": None,
            "recalled_at": None,
            "recall_reason": None,
        }
    ],
    "payment": None,
    "materials": None,
    "card": None,
    "dispatch": None,
    "certificate": None,
    "same_person": [
        {
            "case_id": "01a20911-fd7b-71e3-a6cc-c197026e68d4",
            "receipt_number": "阪オンＥＮ26000007",
            "office": "OSA",
            "procedure": "EXTEND",
            "status_of_residence": "ENG_HUM_INT",
            "state": "UNDER_REVIEW",
            "submitted_at": "2026-07-03T01:23:45Z",
            "decided_at": None,
            "holds_decision": False,
            "resolved": None,
        }
    ],
    "revision": 17,
    "since_proposal": None,
    "steps": ["pay_fee", "take_materials"],
    "grantable": {"periods": ["Y5", "Y3", "Y1", "M3"], "up_to": None, "reentry": False, "conditions": []},
}


class DurationView(BaseModel):
    """Whole days since the receipt, until now or until the case was decided, withdrawn or ended."""

    days: int
    days_with_applicant: int = Field(description="of these, waiting for documents or for an interview")
    days_with_office: int = Field(description="of these, those that count against the standard duration")
    waits_for_applicant: bool = Field(description="whether the case waits for the applicant now")

    @classmethod
    def of(cls, case: Case, now: datetime) -> "DurationView":
        state = State(case.state)
        took = duration(case.submitted_at, state, case.state_since, case.waited_seconds, case.decided_at, now)
        return cls(
            days=took.total.days,
            days_with_applicant=took.with_applicant.days,
            days_with_office=took.with_office.days,
            waits_for_applicant=state in WITH_APPLICANT,
        )


class CaseDetail(CaseBrief):
    """Everything this service knows of a case. The form and the files are with their own services."""

    model_config = example(EXAMPLE | _FILE)

    account_id: UUID
    organisation_id: UUID | None
    category: str | None
    form_section: str
    form_version: str
    legal_date: date
    requested_period: str | None
    receipt_method: str | None
    document_ids: list[UUID]
    photo_id: UUID | None
    started_at: datetime | None
    duration: DurationView
    concerns: list[str] = Field(description="deadlines that are near or over", examples=[["special_7"]])
    flags: list[FlagView]
    transfers: list[TransferView] = Field(description="from office to office, oldest first")
    corrections: list[CorrectionView]
    examinations: list[ExaminationView]
    document_requests: list[DocumentRequestView]
    more_time: list[MoreTimeView]
    interviews: list[InterviewView]
    proposals: list[ProposalView]
    payment: PaymentView | None
    materials: MaterialsView | None
    card: CardView | None
    dispatch: DispatchView | None
    certificate: CertificateView | None
    undelivered: list[UndeliveredView] = Field(description="important messages that did not arrive, oldest first")
    same_person: list[SamePersonView] = Field(description="other cases of the person; empty for the card office")
    revision: int = Field(description="of the last thing that happened to it: the ETag of steps that name it")
    since_proposal: Differences | None = Field(
        description="what changed since the proposal that waits for its decision or effect was made"
    )
    steps: list[Step] = Field(description="what the caller may do now; what they enter may still be refused")
    grantable: GrantableView

    @classmethod
    def of_file(
        cls,
        case: Case,
        file: CaseFile,
        same_person: list[SamePersonView],
        steps: list[Step],
        grantable: Grantable,
        basis: Basis,
        now: datetime,
    ) -> "CaseDetail":
        """The case with its file; the card's number only masked."""
        own = {name: getattr(case, name) for name in cls.model_fields if hasattr(case, name)}
        card = file.card and CardView(
            card_number_masked=mask_card_number(file.card.card_number),
            expires_on=file.card.expires_on,
            issued_at=file.card.issued_at,
        )
        parts = {
            "duration": DurationView.of(case, now),
            "concerns": [one.name for one in shown(State(case.state), Dates.of(case), now)],
            "flags": file.flags,
            "transfers": file.transfers,
            "corrections": file.corrections,
            "examinations": file.examinations,
            "document_requests": file.document_requests,
            "more_time": file.more_time,
            "interviews": file.interviews,
            "proposals": file.proposals,
            "payment": file.payment,
            "materials": file.materials,
            "card": card,
            "dispatch": file.dispatch,
            "certificate": file.certificate,
            "undelivered": file.undelivered,
            "same_person": same_person,
            "revision": basis.revision,
            "since_proposal": _since(file, basis),
            "steps": steps,
            "grantable": grantable,
        }
        return cls.model_validate(own | parts)


def _since(file: CaseFile, now: Basis) -> Differences | None:
    waiting = next((one for one in file.proposals if one.waits_for_decision or one.waits_for_effect), None)
    return Differences.between(Basis.model_validate(waiting.basis), now) if waiting and waiting.basis else None


class Choice(Words):
    """One entry of a list, in both languages."""

    code: str = Field(examples=["requirements_not_met"])

    @classmethod
    def all_of(cls, words: WordList) -> "list[Choice]":
        return [cls.of(text, code=code) for code, text in words.items()]


class Lists(BaseModel):
    """The lists that officers choose codes from."""

    grounds: list[Choice] = Field(description="`reason_code` of a proposal that is no grant")
    terminations: list[Choice] = Field(description="`reason_code` of a termination")
    visits: list[Choice] = Field(description="`reason_code` of a counter visit")
    carriers: list[Choice] = Field(description="`carrier` of a mailing")
    flags: list[Choice] = Field(description="`code` of a flag")
    revocations: list[Choice] = Field(description="`reason_code` of the revocation of a certificate")
    returns: list[Choice] = Field(description="`kind` of a letter that did not reach its holder")
    texts: list[Choice] = Field(description="`text_codes` of requested documents")

    @classmethod
    def on(cls, day: date) -> "Lists":
        """The lists of that day."""
        return cls(
            grounds=Choice.all_of(GROUNDS),
            terminations=Choice.all_of(TERMINATIONS),
            visits=Choice.all_of(VISITS),
            carriers=Choice.all_of(CARRIERS),
            flags=Choice.all_of(FLAGS),
            revocations=Choice.all_of(REVOCATIONS),
            returns=Choice.all_of(RETURNS),
            texts=[Choice.of(row.text, code=row.code) for row in REQUEST_TEXTS.on(day)],
        )


class TimelineEntry(Words):
    """One event of a case, in both languages."""

    number: int = Field(description="place in the case's journal")
    at: datetime
    action: str = Field(examples=["case:start"])
    actor_kind: str
    actor_id: UUID | None
    detail: dict[str, Any]


class Timeline(BaseModel):
    """The events of a case, in order."""

    case_id: UUID
    entries: list[TimelineEntry]


class CaseFileView(BaseModel):
    """Everything that the page of a case needs of this service."""

    case: CaseDetail
    timeline: Timeline
    checklist: list[QuestionView] = Field(
        description="every question; a case is asked those of its procedure and status"
    )
    lists: Lists


class RequestedInWords(BaseModel):
    """One item of a request for documents: its code, sentences of the list, and what the officer wrote about it."""

    code: str = Field(examples=["RES_TAX"])
    texts: list[Words]
    message: str | None = Field(examples=["直近年度の課税証明書を提出してください"])

    @classmethod
    def of(cls, item: Mapping[str, Any], day: date) -> "RequestedInWords":
        rows = [REQUEST_TEXTS.find(day, code) for code in item.get("text_codes", ())]
        texts = [Words.of(row.text) for row in rows if row]
        return cls(code=item["code"], texts=texts, message=item["message"])


class RequestInWords(BaseModel):
    """A request for documents, its items in their order."""

    request_id: UUID
    requested_at: datetime
    items: list[RequestedInWords]


class DeclinedInWords(BaseModel):
    """A correction to which the officer did not agree, and the reason."""

    correction_id: UUID
    declined_at: datetime
    reason: str = Field(examples=["契約書と一致しません"])


class NoMoreTimeInWords(BaseModel):
    """A request for more time to which the officer did not agree, and the reason."""

    more_time_id: UUID
    declined_at: datetime
    reason: str = Field(examples=["既に2回延長しています"])


class InvitationInWords(BaseModel):
    """An invitation to talk or the announcement of a visit, as it is now; null where the officer wrote nothing.

    Nobody is expected any more once it is `closed_at`; one that was called off has its reason.
    """

    interview_id: UUID
    kind: InterviewKind
    requested_at: datetime
    held_at: datetime | None
    place: str | None = Field(examples=["本局3階 審査第一部門"])
    instructions: str | None = Field(examples=["パスポートを持参"])
    moved_at: datetime | None
    cancelled_at: datetime | None
    cancel_reason: str | None = Field(examples=[None])
    closed_at: datetime | None


class DecisionInWords(BaseModel):
    """The decision that took effect: the conditions of a grant; of anything else the reason by its code, and in the
    officer's words."""

    decided_at: datetime
    outcome: Outcome
    reason_code: str | None = Field(examples=["requirements_not_met"])
    reason: str | None = Field(examples=["職務内容が基準に適合しない"])
    conditions: list[ConditionView]


class Notices(BaseModel):
    """Everything that officers wrote to the owner of an application, oldest first."""

    document_requests: list[RequestInWords]
    declined_corrections: list[DeclinedInWords]
    declined_more_time: list[NoMoreTimeInWords]
    interviews: list[InvitationInWords]
    decision: DecisionInWords | None

    @classmethod
    def of(cls, written: Written, today: date) -> "Notices":
        return cls(
            document_requests=[
                RequestInWords(
                    request_id=row.id,
                    requested_at=row.requested_at,
                    items=[RequestedInWords.of(item, today) for item in row.items],
                )
                for row in written.document_requests
            ],
            declined_corrections=[
                DeclinedInWords(correction_id=row.id, declined_at=row.answered_at, reason=row.reason)
                for row in written.declined_corrections
            ],
            declined_more_time=[
                NoMoreTimeInWords(more_time_id=row.id, declined_at=row.answered_at, reason=row.reason)
                for row in written.declined_more_time
            ],
            interviews=[
                InvitationInWords.model_validate(
                    {name: getattr(row, name) for name in _INVITATION} | {"interview_id": row.id}
                )
                for row in written.interviews
            ],
            decision=(decision := written.decision)
            and DecisionInWords(
                decided_at=decision.decided_at,
                outcome=Outcome(decision.outcome),
                reason_code=decision.reason_code,
                reason=decision.reason,
                conditions=ConditionView.all_of(decision.conditions, legal_date(decision.proposed_at)),
            ),
        )


_INVITATION = tuple(name for name in InvitationInWords.model_fields if name != "interview_id")
