"""Requests for documents, checklists, interviews and decisions: what officers enter is checked."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from services.review.cases.domain.flow import Outcome
from services.review.cases.domain.word_lists import TERMINATIONS, check_listed
from services.review.decision.domain import batch
from services.review.decision.domain.batch import Obstacle, check_alike, obstacle, require_opened
from services.review.decision.domain.decision import GROUNDS, Proposed, check, fee_due, grantable, stay_until
from services.review.decision.domain.filed import Filed
from services.review.examination.domain import flow as examination
from services.review.examination.domain.checklist import (
    Evidence,
    Finding,
    check_evidence,
    checklist_of,
    complete,
)
from services.review.examination.domain.requests import OTHER, check_items
from shared.reference.document_types import DOCUMENT_TYPES
from shared.reference.request_texts import REQUEST_TEXTS
from tests.unit.review.support import CHIEF, ME, TODAY, refusal
from tests.unit.review.support import OTHER as ANOTHER

NOW = datetime(2026, 7, 15, 3, tzinfo=UTC)
DOCUMENT = UUID(int=9)
QUESTIONS = checklist_of("EXTEND", "STUDENT")
FIRST = QUESTIONS[0].code
LISTED = DOCUMENT_TYPES.rows[0].code
SENTENCE = REQUEST_TEXTS.rows[0].code


def _filed(procedure: str = "EXTEND", *along: str, status: str = "ENG_HUM_INT", expiry: date | None = None) -> Filed:
    return Filed(procedure, frozenset(along), status, TODAY, expiry)


def _refuse(**given: object) -> Proposed:
    return Proposed(Outcome.REFUSE, **({"reason_code": "OTHER", "reason": "why"} | given))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (lambda: _items(OTHER, None), ("message-missing", "/items/0/message")),
        (lambda: _items("NO_SUCH", None), ("message-missing", "/items/0/message")),
        (lambda: _items(LISTED, None, "no-such"), ("unknown-text", "/items/0/text_codes")),
        (lambda: complete({"no-such": Finding.NOT_ASKED}, QUESTIONS), ("unknown-question", "/findings/no-such")),
        (lambda: check_evidence({"no-such": []}, QUESTIONS, ()), ("unknown-question", "/evidence/no-such")),
        (lambda: _evidence(Evidence()), ("evidence-missing", f"/evidence/{FIRST}/1")),
        (
            lambda: _evidence(Evidence(page=2, field="/name")),
            ("page-without-document", f"/evidence/{FIRST}/1/document_id"),
        ),
        (lambda: _evidence(Evidence(UUID(int=8))), ("unknown-document", f"/evidence/{FIRST}/1/document_id")),
        (lambda: examination.check_held_at(NOW, NOW), ("held-in-past", "/held_at")),
        (lambda: require_opened(5, None), ("not-opened", None)),
        (lambda: require_opened(5, 5), ("not-opened", None)),
        (lambda: check_alike(["a", "b"]), ("not-alike", "/cases")),
        (lambda: check_listed("no-such", TERMINATIONS, "/reason"), ("unknown-reason", "/reason")),
        (lambda: check(_refuse(conditions={"a": "b"}), _filed(), TODAY), ("conditions-without-grant", "/conditions")),
        (lambda: check(_refuse(period_of_stay="Y1"), _filed(), TODAY), ("period-without-grant", "/period_of_stay")),
        (lambda: check(_refuse(reentry="single"), _filed(), TODAY), ("period-without-grant", "/reentry")),
        (lambda: check(_refuse(reason_code=None), _filed(), TODAY), ("reason-missing", "/reason_code")),
        (lambda: check(_refuse(reason=" "), _filed(), TODAY), ("reason-missing", "/reason")),
        (lambda: check(_refuse(reason=None), _filed(), TODAY), ("reason-missing", "/reason")),
        (lambda: check(_refuse(reason_code="no-such"), _filed(), TODAY), ("unknown-reason", "/reason_code")),
        (lambda: _grant(None), ("period-not-permitted", "/period_of_stay")),
        (lambda: _grant("Y7"), ("period-not-permitted", "/period_of_stay")),
        (lambda: _grant("Y1", filed=_filed(status="KING")), ("status-not-in-force", "/period_of_stay")),
        (lambda: _grant("Y1", "single"), ("reentry-not-filed", "/reentry")),
        (lambda: _grant("Y1", "often", _filed("EXTEND", "REENTRY")), ("reentry-not-filed", "/reentry")),
        (lambda: _grant("Y1", None, _filed("EXTEND", "REENTRY")), ("reentry-undecided", "/reentry")),
        (lambda: _grant("Y1", None, _filed("WORKCERT")), ("period-without-grant", "/period_of_stay")),
    ],
)
def test_what_an_officer_enters_is_checked(act: Callable[[], object], expected: tuple[str, str | None]) -> None:
    assert refusal(act) == expected


def _items(code: str, message: str | None, *sentences: str) -> None:
    check_items([{"code": code, "message": message, "text_codes": list(sentences)}], TODAY)


def _evidence(one: Evidence) -> None:
    check_evidence({FIRST: [Evidence(DOCUMENT, 2), one]}, QUESTIONS, [str(DOCUMENT)])


def _grant(period: str | None, reentry: str | None = None, filed: Filed | None = None) -> None:
    check(Proposed(Outcome.GRANT, period, reentry), filed or _filed(), TODAY)


def test_what_is_right_passes() -> None:
    _items(LISTED, None, SENTENCE)
    _items(OTHER, "the contract of the flat")
    _items(LISTED, "with both sides")
    _evidence(Evidence(field="/name"))
    examination.check_held_at(None, NOW)
    examination.check_held_at(NOW + timedelta(seconds=1), NOW)
    require_opened(5, 6)
    check_alike(["a", "a"])
    check_alike([])
    check(_refuse(reason_code=next(iter(GROUNDS))), _filed(), TODAY)
    _grant("Y1")
    _grant("Y1", "single", _filed("EXTEND", "REENTRY"))
    _grant(None, None, _filed("WORKCERT"))


def test_questions_without_an_answer_are_not_asked_yet() -> None:
    found = complete({FIRST: Finding.YES}, QUESTIONS)
    assert list(found) == [question.code for question in QUESTIONS]
    assert {found[question.code] for question in QUESTIONS[1:]} == {Finding.NOT_ASKED}
    asked = {status: {q.code for q in checklist_of("EXTEND", status)} for status in ("STUDENT", "ENG_HUM_INT")}
    assert "extra_activity" in asked["STUDENT"] - asked["ENG_HUM_INT"]
    assert "extra_activity" not in {q.code for q in checklist_of("COE", "STUDENT")}


def test_evidence_is_kept_as_json() -> None:
    assert Evidence(DOCUMENT, 2).kept() == {"document_id": str(DOCUMENT), "page": 2, "field": None}
    assert Evidence(field="/name").kept() == {"document_id": None, "page": None, "field": "/name"}


def test_reminders_go_out_at_nine_in_japan_on_each_of_their_days() -> None:
    day = date(2026, 7, 20)
    found: list[datetime | None] = [NOW - timedelta(days=9)]
    while (last := found[-1]) is not None:
        found.append(examination.next_reminder(day, (1, 3), last))
    assert found[1:] == [datetime(2026, 7, 17, tzinfo=UTC), datetime(2026, 7, 19, tzinfo=UTC), None]
    assert examination.overdue_from(day) == datetime(2026, 7, 20, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("proposers", "look", "expected"),
    [
        (frozenset({CHIEF.id}), 6, Obstacle.FOUR_EYES),
        (frozenset({ME}), None, Obstacle.NOT_OPENED),
        (frozenset({ME}), 5, Obstacle.NOT_OPENED),
        (frozenset({ME}), 6, None),
    ],
)
def test_proposals_are_decided_together_by_somebody_else_who_opened_them(
    proposers: frozenset[UUID | str], look: int | None, expected: Obstacle | None
) -> None:
    assert CHIEF.id == ANOTHER
    assert batch.MOST_AT_ONCE == 100
    assert obstacle(CHIEF, proposers, 5, look) is expected


def test_a_grant_offers_what_the_law_of_the_day_allows() -> None:
    found = grantable(_filed("EXTEND", "REENTRY"), TODAY)
    assert "Y1" in found.periods
    assert found.reentry
    assert found.up_to is None
    designated = grantable(_filed(status="DESIGNATED"), TODAY)
    assert designated.up_to
    assert grantable(_filed("WORKCERT"), TODAY).periods == ()
    unknown = grantable(_filed(status="KING"), TODAY)
    assert (unknown.periods, unknown.up_to, unknown.reentry) == ((), None, False)


def test_a_fee_has_a_part_for_re_entry() -> None:
    alone = fee_due(Proposed(Outcome.GRANT, "Y1"), _filed())
    single = fee_due(Proposed(Outcome.GRANT, "Y1", "single"), _filed("EXTEND", "REENTRY"))
    multiple = fee_due(Proposed(Outcome.GRANT, "Y1", "multiple"), _filed("EXTEND", "REENTRY"))
    assert 0 < alone < single < multiple


@pytest.mark.parametrize(
    ("period", "filed", "expected"),
    [
        ("Y1", _filed(expiry=date(2026, 9, 1)), date(2027, 9, 1)),
        ("Y1", _filed(expiry=None), date(2027, 7, 15)),
        ("Y1", _filed("CHANGE", expiry=date(2026, 9, 1)), date(2027, 7, 15)),
        ("Y1", _filed("COE"), None),
        (None, _filed(), None),
    ],
)
def test_a_stay_goes_on_from_the_present_one_or_from_the_decision(
    period: str | None, filed: Filed, expected: date | None
) -> None:
    assert stay_until(Proposed(Outcome.GRANT, period), filed, TODAY) == expected
