"""Refusals of a step say state, step and role in the reader's words, by the procedure of the case."""

import re
from datetime import date
from uuid import UUID

import pytest

from services.review.cases.domain.flow import Issue, Officer, Progress, require
from services.review.cases.domain.refusal import Refused
from services.review.cases.domain.states import ActingRole, State, Step
from services.review.cases.domain.words import ROLES, STEPS
from shared.reference.case_states import OFFICERS, officers_state
from shared.reference.codes import Procedure

TODAY = date(2026, 7, 15)
NAMES = {*State, *Step, *ActingRole, *Procedure}


def test_every_state_step_and_role_has_a_name() -> None:
    assert (set(OFFICERS), set(STEPS), set(ROLES)) == (set(State), set(Step), set(ActingRole))


@pytest.mark.parametrize("step", Step)
def test_a_refusal_contains_no_code(step: Step) -> None:
    for state in State:
        for roles in (frozenset(ActingRole), frozenset[ActingRole]()):
            case = Progress(state, Issue.CARD, examiner=UUID(int=1), documents_due=TODAY, procedure="WORKCERT")
            refused = _refusal(case, step, Officer(UUID(int=2), roles))
            # English words such as "start" are codes and words alike: a code stands in capitals or with `_`.
            said = re.findall(r"[A-Za-z_]+", f"{refused.text.ja} {refused.text.en}") if refused else []
            assert [word for word in said if word in NAMES and (word.isupper() or "_" in word)] == []
            if refused and refused.code == "wrong-state":
                name = officers_state(state, "WORKCERT")
                assert name.ja in refused.text.ja
                assert name.en in refused.text.en
                assert STEPS[step].ja in refused.text.ja


def _refusal(case: Progress, step: Step, by: Officer) -> Refused | None:
    try:
        require(case, step, by, TODAY)
    except Refused as refused:
        return refused
    return None


@pytest.mark.parametrize(
    ("state", "procedure", "ja", "en"),
    [
        ("AWAITING_FEE", "EXTEND", "手数料・旧カード待ち", "Waiting for the fee and the old card"),
        ("AWAITING_FEE", "CHANGE", "手数料・旧カード待ち", "Waiting for the fee and the old card"),
        ("AWAITING_FEE", "ACQUIRE", "返信用封筒待ち", "Waiting for the return envelope"),
        ("AWAITING_FEE", "WORKCERT", "手数料待ち", "Waiting for the fee"),
        ("DECIDED_GRANT", "COE", "交付決定（証明書交付待ち）", "Granted, certificate to be issued"),
        ("DECIDED_GRANT", "WORKCERT", "交付決定（証明書交付待ち）", "Granted, certificate to be issued"),
        ("DECIDED_GRANT", "EXTRA_ACT", "許可（許可書交付待ち）", "Granted, permit to be issued"),
        ("CERTIFICATE_ISSUED", "COE", "証明書交付済", "Certificate issued"),
        ("CERTIFICATE_ISSUED", "EXTRA_ACT", "許可書交付済", "Permit issued"),
        ("DECIDED_REFUSE", "COE", "不交付", "Refused"),
        ("DECIDED_REFUSE", "EXTEND", "不許可", "Refused"),
        ("AWAITING_FEE", "", "手数料・旧カード等待ち", "Waiting for the fee, the old card or the envelope"),
        ("CARD_PRODUCTION", "EXTEND", "カード作成中", "Card to be made"),
    ],
)
def test_a_state_is_named_by_what_its_procedure_waits_for_or_leads_to(
    state: str, procedure: str, ja: str, en: str
) -> None:
    name = officers_state(state, procedure)
    assert (name.ja, name.en) == (ja, en)
