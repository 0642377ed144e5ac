"""Periods, fees, ends of stay, checklists, card numbers: rules that need no database."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.review.allocation.domain.waits import WAITS
from services.review.audit import WORDING, Tag
from services.review.cards import domain
from services.review.cases.domain.flow import Outcome
from services.review.cases.domain.refusal import Wrong
from services.review.cases.domain.states import OPEN
from services.review.decision.domain import decision
from services.review.decision.domain.decision import Proposed
from services.review.decision.domain.filed import Filed
from services.review.examination.domain.checklist import CHECKLIST, Finding, complete
from shared.reference.deadlines import deadline

DAY = date(2026, 7, 15)
CHANGE_OF_SSW = date(2025, 9, 30)


def filed(procedure: str = "EXTEND", status: str = "ENG_HUM_INT", expiry: date | None = date(2026, 8, 31)) -> Filed:
    return Filed(procedure, frozenset(), status, date(2026, 7, 1), expiry)


def grant(period: str | None = "Y3", reentry: str | None = None) -> Proposed:
    return Proposed(Outcome.GRANT, period, reentry)


@pytest.mark.parametrize(
    ("status", "period", "day", "permitted"),
    [
        ("ENG_HUM_INT", "Y3", DAY, True),
        ("ENG_HUM_INT", "Y2", DAY, False),
        ("ENG_HUM_INT", "three years", DAY, False),
        ("ENG_HUM_INT", None, DAY, False),
        ("SSW1", "Y3", CHANGE_OF_SSW, True),
        ("SSW1", "Y3", date(2025, 9, 29), False),
        ("STUDENT", "Y4M3", DAY, True),
        ("STUDENT", "Y5", DAY, False),
        ("NO_SUCH_STATUS", "Y1", DAY, False),
    ],
)
def test_a_grant_names_a_period_that_the_status_has_on_that_day(
    status: str, period: str | None, day: date, permitted: bool
) -> None:
    if permitted:
        stated = {"designated_activity": "x", "ssw_field": "27"} if status == "SSW1" else {}
        decision.check(replace(grant(period), conditions=stated), filed(status=status), day)
        return
    with pytest.raises(Wrong) as refused:
        decision.check(grant(period), filed(status=status), day)
    assert refused.value.pointer == "/period_of_stay"


@pytest.mark.parametrize("outcome", [Outcome.REFUSE, Outcome.NOT_ACCEPT])
@pytest.mark.parametrize(
    ("code", "reason", "pointer"), [(None, "理由", "/reason_code"), ("x", None, "/reason"), ("x", "  ", "/reason")]
)
def test_a_refusal_needs_a_code_and_words(outcome: Outcome, code: str | None, reason: str | None, pointer: str) -> None:
    with pytest.raises(Wrong) as refused:
        decision.check(Proposed(outcome, reason_code=code, reason=reason), filed(), DAY)
    assert refused.value.pointer == pointer


@pytest.mark.parametrize(
    ("procedure", "expiry", "period", "until"),
    [
        ("EXTEND", date(2026, 8, 31), "Y3", date(2029, 8, 31)),
        ("EXTEND", date(2028, 2, 29), "Y1", date(2029, 2, 28)),
        ("CHANGE", date(2026, 8, 31), "Y1", date(2027, 7, 15)),
        ("ACQUIRE", None, "M3", date(2026, 10, 15)),
        ("EXTEND", date(2026, 8, 31), "INF", None),
        ("COE", None, "Y1", None),
    ],
)
def test_the_stay_granted_ends_where_the_law_counts_it(
    procedure: str, expiry: date | None, period: str, until: date | None
) -> None:
    assert decision.stay_until(grant(period), filed(procedure, expiry=expiry), DAY) == until


@pytest.mark.parametrize(
    ("procedure", "received", "period", "reentry", "due"),
    [
        ("EXTEND", date(2026, 9, 30), "Y5", None, 5_500),
        ("EXTEND", date(2026, 10, 1), "Y5", None, 65_000),
        ("EXTEND", date(2026, 10, 1), "Y3", None, 56_000),
        ("EXTEND", date(2026, 10, 1), "Y1", "multiple", 27_000 + 6_500),
        ("CHANGE", date(2026, 10, 1), "M3", "single", 10_000 + 3_500),
        ("ACQUIRE", date(2026, 10, 1), "Y3", None, 0),
        ("WORKCERT", date(2026, 10, 1), None, None, 1_600),
    ],
)
def test_a_grant_costs_what_its_period_costs_by_the_day_of_receipt(
    procedure: str, received: date, period: str | None, reentry: str | None, due: int
) -> None:
    received_then = replace(filed(procedure), received_on=received)
    assert decision.fee_due(grant(period, reentry), received_then) == due


@given(st.dictionaries(st.sampled_from([question.code for question in CHECKLIST]), st.sampled_from(Finding)))
def test_a_checklist_keeps_every_answer_and_says_what_was_not_asked(given_answers: dict[str, Finding]) -> None:
    kept = complete(given_answers, CHECKLIST)
    assert len(kept) == len(CHECKLIST)
    assert all(kept[code] is given_answers.get(code, Finding.NOT_ASKED) for code in kept)


def test_a_question_that_the_checklist_does_not_have_is_refused() -> None:
    with pytest.raises(Wrong, match="no question"):
        complete({"shoe_size": Finding.YES}, CHECKLIST)


@pytest.mark.parametrize("entered", ["ab12345678cd", "AB 12345678 CD", "ＡＢ１２３４５６７８ＣＤ", "AB-12345678-CD"])
def test_a_card_number_is_put_right(entered: str) -> None:
    assert domain.read_card_number(entered) == "AB12345678CD"


@given(st.text(min_size=3, max_size=16))
def test_what_is_no_card_number_is_refused_without_being_repeated(entered: str) -> None:
    with pytest.raises(Wrong) as refused:
        domain.read_card_number(f"#{entered}")
    assert f"#{entered}" not in refused.value.text.en + refused.value.text.ja
    if entered.isascii() and entered.isprintable():
        assert "like AB12345678CD" in refused.value.text.en


@given(st.from_regex(r"[A-Z]{2}[0-9]{8}[A-Z]{2}", fullmatch=True))
def test_a_masked_card_number_hides_its_digits(number: str) -> None:
    assert domain.mask_card_number(number) == f"{number[:2]}********{number[-2:]}"


def test_every_waiting_state_has_a_sweep() -> None:
    assert {state for wait in WAITS for state in wait.states} == OPEN


def test_what_applicants_send_is_late_after_the_time_they_were_given() -> None:
    late = {wait.name: wait.late_after(DAY) for wait in WAITS}
    assert late["fee"] == late["card_materials"] == deadline("card_materials", DAY).days


def test_every_audit_tag_has_words_for_the_timeline() -> None:
    missing = [tag.name for tag in Tag if tag not in WORDING]
    assert not missing, f"WORDING in services/review/audit.py has no words for {missing}"
