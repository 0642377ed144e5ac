"""Every rule that says no: with the right problem, and without any change."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from services.review.cases.domain.states import State
from services.review.decision.domain import decision
from tests.services.review.desk import FEE, GRANT, MAILING, MATERIALS, REFUSE, Desk, card

CARD_ALONE, NO_CARD = {"residence_card_received": True}, {"receives": "post"}
ITEMS = [{"code": "RES_TAX", "message": "課税証明書"}]
S = State
# (state, who, step, body, status, code, pointer of the wrong value)
CASES: list[tuple[State, str, str, Any, int, str, str | None]] = [
    (S.UNDER_REVIEW, "colleague", "start", None, 409, "taken", None),
    (S.UNDER_REVIEW, "colleague", "take", None, 409, "taken", None),
    (S.RECEIVED, "examiner", "take", None, 409, "wrong-state", None),
    (S.PROPOSED, "chief", "transfer", {"office": "OSA", "reason": "x"}, 409, "wrong-state", None),
    (S.RECEIVED, "chief", "transfer", {"office": "TYO", "reason": "x"}, 422, "same-office", "/office"),
    (S.RECEIVED, "chief", "transfer", {"office": "XXX", "reason": "x"}, 422, "unknown-office", "/office"),
    (S.RECEIVED, "chief", "transfer", {"office": "OSA", "reason": " "}, 422, "invalid", "/reason"),
    (S.UNDER_REVIEW, "chief", "assignment", {"examiner_id": "{colleague}"}, 409, "taken", None),
    (S.RECEIVED, "chief", "take-back", {"reason": "x"}, 409, "wrong-state", None),
    (S.UNDER_REVIEW, "colleague", "return", {"reason": "x"}, 403, "not-your-case", None),
    (
        S.UNDER_REVIEW,
        "colleague",
        "hand-over",
        {"examiner_id": "{examiner}", "reason": "x"},
        403,
        "not-your-case",
        None,
    ),
    (
        S.UNDER_REVIEW,
        "examiner",
        "hand-over",
        {"examiner_id": "{examiner}", "reason": "x"},
        422,
        "already-theirs",
        "/examiner_id",
    ),
    (S.RECEIVED, "chief", "flags", {"code": "moon", "reason": "x"}, 422, "unknown-reason", "/code"),
    (S.RECEIVED, "chief", "flags/urgent/removal", {"reason": "x"}, 409, "not-flagged", None),
    (S.RECEIVED, "examiner", "proposal", GRANT, 409, "wrong-state", None),
    (S.UNDER_REVIEW, "colleague", "proposal", GRANT, 403, "not-your-case", None),
    (S.UNDER_REVIEW, "colleague", "examination", {"findings": {}}, 403, "not-your-case", None),
    (S.UNDER_REVIEW, "examiner", "examination", {"findings": {"taxes": "perhaps"}}, 422, "invalid", "/findings/taxes"),
    (
        S.UNDER_REVIEW,
        "examiner",
        "examination",
        {"findings": {"shoe_size": "yes"}},
        422,
        "unknown-question",
        "/findings/shoe_size",
    ),
    (
        S.UNDER_REVIEW,
        "examiner",
        "document-requests",
        {"items": ITEMS, "due_on": "2026-07-15"},
        422,
        "due-date-passed",
        "/due_on",
    ),
    (S.UNDER_REVIEW, "examiner", "document-requests", {"items": [], "due_on": "2026-07-29"}, 422, "invalid", "/items"),
    (S.DOCS_REQUESTED, "examiner", "proposal", GRANT, 409, "documents-awaited", None),
    (S.DOCS_REQUESTED, "examiner", "examination", {"findings": {}}, 409, "documents-awaited", None),
    (
        S.UNDER_REVIEW,
        "examiner",
        "proposal",
        GRANT | {"period_of_stay": "Y2"},
        422,
        "period-not-permitted",
        "/period_of_stay",
    ),
    (S.UNDER_REVIEW, "examiner", "proposal", {"outcome": "grant"}, 422, "period-not-permitted", "/period_of_stay"),
    (S.UNDER_REVIEW, "examiner", "proposal", GRANT | {"reentry": "single"}, 422, "reentry-not-filed", "/reentry"),
    (S.UNDER_REVIEW, "examiner", "proposal", REFUSE | {"reason": None}, 422, "reason-missing", "/reason"),
    (S.UNDER_REVIEW, "examiner", "proposal", REFUSE | {"reason_code": None}, 422, "reason-missing", "/reason_code"),
    (
        S.UNDER_REVIEW,
        "examiner",
        "proposal",
        REFUSE | {"period_of_stay": "Y1"},
        422,
        "period-without-grant",
        "/period_of_stay",
    ),
    (S.UNDER_REVIEW, "chief", "decision", {"approve": True}, 409, "wrong-state", None),
    (S.PROPOSED, "chief", "decision", {"approve": False}, 422, "note-missing", "/note"),
    (S.RECEIVED, "chief", "reassignment", {"examiner_id": "{colleague}"}, 409, "wrong-state", None),
    (S.UNDER_REVIEW, "chief", "reassignment", {"examiner_id": "{examiner}"}, 422, "already-theirs", "/examiner_id"),
    (S.AWAITING_FEE, "chief", "termination", {"reason_code": "left_japan"}, 403, "four-eyes", None),
    (S.DISPATCHED, "chief", "termination", {"reason_code": "left_japan"}, 409, "wrong-state", None),
    (S.AWAITING_FEE, "card_office", "fee", FEE | {"amount_yen": 4000}, 422, "wrong-amount", "/amount_yen"),
    (S.AWAITING_FEE, "card_office", "fee", FEE | {"paid_on": "2026-07-16"}, 422, "paid-in-future", "/paid_on"),
    (S.PROPOSED, "card_office", "fee", FEE, 409, "wrong-state", None),
    (
        S.AWAITING_FEE,
        "card_office",
        "card-materials-received",
        {"residence_card_received": False},
        422,
        "old-card-missing",
        "/residence_card_received",
    ),
    (S.AWAITING_FEE, "card_office", "counter-reception", {}, 422, "nothing-handed-over", "/amount_yen"),
    (S.AWAITING_FEE, "card_office", "counter-reception", CARD_ALONE, 422, "receives-missing", "/receives"),
    (S.AWAITING_FEE, "card_office", "counter-reception", NO_CARD, 422, "old-card-missing", "/residence_card_received"),
    (S.CARD_PRODUCTION, "card_office", "counter-reception", {"amount_yen": 5500}, 409, "wrong-state", None),
    (S.AWAITING_FEE, "card_office", "card", card(), 409, "wrong-state", None),
    (S.CARD_PRODUCTION, "card_office", "fee", FEE, 409, "wrong-state", None),
    (S.CARD_PRODUCTION, "card_office", "card-materials-received", MATERIALS, 409, "wrong-state", None),
    (S.CARD_PRODUCTION, "card_office", "card", card("AB1234567CD"), 422, "card-number", "/card_number"),
    (S.CARD_PRODUCTION, "card_office", "card", card(expires_on="2029-09-01"), 422, "card-expiry", "/expires_on"),
    (S.CARD_PRODUCTION, "card_office", "card", card(expires_on="2026-07-15"), 422, "card-expiry", "/expires_on"),
    (S.CARD_PRODUCTION, "card_office", "mailing", MAILING, 409, "wrong-state", None),
    (S.CARD_ISSUED, "card_office", "mailing", MAILING | {"carrier": "pigeon"}, 422, "carrier", "/carrier"),
    (
        S.CARD_ISSUED,
        "card_office",
        "mailing",
        MAILING | {"tracking_number": "12"},
        422,
        "tracking-number",
        "/tracking_number",
    ),
    (S.CARD_ISSUED, "card_office", "delivery", None, 409, "wrong-state", None),
    (S.CARD_ISSUED, "card_office", "certificate", {"method": "POST"}, 409, "wrong-state", None),
    (S.DELIVERED, "card_office", "delivery", None, 409, "wrong-state", None),
    (S.WITHDRAWN, "examiner", "proposal", GRANT, 409, "wrong-state", None),
    (S.TERMINATED, "examiner", "proposal", GRANT, 409, "wrong-state", None),
]


@pytest.mark.parametrize(
    ("state", "who", "step", "body", "status", "code", "pointer"),
    CASES,
    ids=[f"{case[0].value}-{case[2]}-{case[5]}-{number}" for number, case in enumerate(CASES)],
)
async def test_a_broken_rule_is_named_and_changes_nothing(
    open_desk: Desk, state: State, who: str, step: str, body: Any, status: int, code: str, pointer: str | None
) -> None:
    case = await open_desk.at(state)
    before = (await open_desk.lines(), len(await open_desk.events()))
    if body and str(body.get("examiner_id", "")).startswith("{"):
        body = body | {"examiner_id": str(getattr(open_desk, body["examiner_id"].strip("{}")).id)}
    answer = await open_desk.post(getattr(open_desk, who), case.id, step, body)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code), answer.text
    assert pointer is None or pointer in [error["pointer"] for error in problem["errors"]]
    assert (await open_desk.lines(), len(await open_desk.events())) == before
    assert await open_desk.state(case.id) == state


async def test_a_wrong_amount_is_answered_with_the_fee_that_is_due(open_desk: Desk) -> None:
    case = await open_desk.at(State.AWAITING_FEE)
    answer = await open_desk.post(open_desk.card_office, case.id, "fee", FEE | {"amount_yen": 4000})
    assert "5,500" in answer.json()["detail"]


async def test_a_card_number_belongs_to_one_case(open_desk: Desk) -> None:
    first, second = await open_desk.at(State.CARD_PRODUCTION), await open_desk.at(State.CARD_PRODUCTION)
    await open_desk.done(open_desk.card_office, first.id, "card", card())
    answer = await open_desk.post(open_desk.card_office, second.id, "card", card())
    assert (answer.status_code, answer.json()["code"]) == (422, "card-number-taken")


async def test_a_period_that_is_no_longer_permitted_on_the_day_of_decision_is_refused(
    open_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await open_desk.at(State.PROPOSED)
    _abolish(monkeypatch, "Y3")
    answer = await open_desk.post(open_desk.chief, case.id, "decision", {"approve": True})
    assert (answer.status_code, answer.json()["code"]) == (422, "period-not-permitted")
    assert await open_desk.state(case.id) == State.PROPOSED


def _abolish(monkeypatch: pytest.MonkeyPatch, period: str) -> None:
    """Make a period one that the status no longer has."""
    found: Callable[..., Any] = vars(decision)["permitted_periods"]

    def changed(*keys: Any) -> Any:
        row = found(*keys)
        return replace(row, choices=tuple(choice for choice in row.choices if choice != period))

    monkeypatch.setattr(decision, "permitted_periods", changed)
