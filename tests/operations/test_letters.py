"""Dead letters for operators: seen, understood, replayed or dropped by order, and nobody else's to touch."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from shared.auth import Actor, Role
from shared.clock import ManualClock
from shared.ids import new_id
from tests.support.letters import LETTERS, ORDERS, LetterBox, fresh
from tests.support.tokens import officer

BUG = KeyError("a bug of the handler")
ROUTES = (
    ("GET", LETTERS),
    ("GET", f"{LETTERS}/{new_id()}"),
    ("POST", ORDERS),
    ("GET", f"{ORDERS}/{new_id()}"),
    ("POST", f"{ORDERS}/{new_id()}/approve"),
    ("POST", f"{ORDERS}/{new_id()}/withdraw"),
)


async def test_a_letter_is_seen_in_its_group_beside_its_schema_and_replayed(box: LetterBox) -> None:
    letter_id = await box.park(BUG, waiting=2)
    await box.park(BUG)
    seen = (await box.get(LETTERS)).json()
    assert seen["counts"] == {"parked": 2, "deferred": 0, "waiting": 2, "refused": 0}
    assert [(group["error_type"], group["count"]) for group in seen["groups"]] == [("KeyError", 2)]
    assert sorted(line["behind"] for line in seen["letters"]) == [0, 2]

    letter = (await box.get(f"{LETTERS}/{letter_id}")).json()
    assert (letter["is_known"], letter["opens_now"], letter["why_not"]) == (True, True, None)
    assert len(letter["waiting"]) == 2
    assert {"ce_id", "ce_type"} <= {header["name"] for header in letter["headers"]}
    assert next(field for field in letter["fields"] if field["path"] == "procedure")["found"] == "EXTEND"

    order = await box.order("replay", "letter", letter_id=str(letter_id))
    assert (order["status"], order["total"]) == ("running", 1)
    await box.carry_out()
    done = (await box.get(f"{ORDERS}/{order['id']}")).json()
    assert (done["status"], done["resolved"], done["failed"]) == ("done", 3, 0)
    assert (await box.get(f"{LETTERS}/{letter_id}")).status_code == 404
    (decision, *_) = await box.rows("SELECT * FROM dead_letter_decisions ORDER BY decided_at")
    assert (decision.action, decision.decided_by, decision.reason) == (
        "replayed",
        str(box.operator.id),
        "release 1.4.2",
    )
    actions = await box.rows("SELECT action FROM journal WHERE aggregate = 'letter_order' ORDER BY position")
    assert [row.action for row in actions] == ["letters:order", "letters:finish"]
    assert await box.service.journal_problems() == []


async def test_the_field_that_fails_is_named_and_its_value_is_not_shown(box: LetterBox) -> None:
    letter_id = await box.park(BUG, body={"procedure": ["NGUYEN VAN AN"]})
    answer = await box.get(f"{LETTERS}/{letter_id}")
    letter = answer.json()
    assert not letter["opens_now"]
    assert [field["path"] for field in letter["fields"] if field["problem"]] == ["procedure"]
    assert "NGUYEN" not in answer.text


async def test_a_group_is_dropped_and_the_others_stay(box: LetterBox) -> None:
    for _ in range(3):
        await box.park(BUG)
    other = await box.park(ZeroDivisionError())
    group = next(g for g in (await box.get(LETTERS)).json()["groups"] if g["error_type"] == "KeyError")
    chosen = {name: group[name] for name in ("error_type", "error", "event_type")}
    order = await box.order("drop", "group", **chosen)
    later = await box.park(BUG)
    await box.carry_out()
    assert (await box.get(f"{ORDERS}/{order['id']}")).json()["resolved"] == 3
    left = await box.rows("SELECT id FROM dead_letters ORDER BY position")
    assert [row.id for row in left] == [other, later], "what came after the order is no part of it"


async def test_all_are_dropped_by_two_operators_alone(box: LetterBox, clock: ManualClock) -> None:
    await box.park(BUG)
    proposer = fresh(replace(box.operator, person="one"), clock)
    body = {"action": "drop", "scope": "all", "reason": "test data"}
    order = (await box.post(ORDERS, body, proposer)).json()
    await box.carry_out()
    assert (order["status"], len(await box.rows("SELECT 1 FROM dead_letters"))) == ("proposed", 1)
    approve = f"{ORDERS}/{order['id']}/approve"
    for same in (proposer, fresh(replace(officer(Role.OPERATOR), person="one"), clock)):
        refused = await box.post(approve, actor=same)
        assert (refused.status_code, refused.json()["code"]) == (409, "own-order")
    another = fresh(replace(officer(Role.OPERATOR), person="two"), clock)
    assert (await box.post(approve, actor=another)).json()["status"] == "running"
    assert (await box.post(approve, actor=another)).json()["code"] == "order-not-open"
    await box.carry_out()
    assert await box.rows("SELECT 1 FROM dead_letters") == []
    actions = await box.rows("SELECT action FROM journal WHERE aggregate = 'letter_order' ORDER BY position")
    assert [row.action for row in actions] == ["letters:propose", "letters:approve", "letters:finish"]


async def test_a_proposal_is_withdrawn_and_then_over(box: LetterBox) -> None:
    await box.park(BUG)
    order = await box.order("drop")
    assert (await box.post(f"{ORDERS}/{order['id']}/withdraw")).json()["status"] == "withdrawn"
    assert (await box.post(f"{ORDERS}/{order['id']}/withdraw")).status_code == 409
    assert (await box.post(f"{ORDERS}/{new_id()}/withdraw")).status_code == 404


async def test_the_database_holds_the_four_eyes_and_what_was_ordered(box: LetterBox) -> None:
    await box.park(BUG)
    order = await box.order("drop")
    for change, error in (
        ("status = 'running'", IntegrityError),
        ("status = 'running', approved_by = ordered_by, approved_at = now()", IntegrityError),
        ("ordered_by = gen_random_uuid()", ProgrammingError),
        ("action = 'replay'", ProgrammingError),
        ("reason = 'another'", ProgrammingError),
    ):
        with pytest.raises(error):
            async with box.service.db.transaction() as session:
                await session.execute(text(f"UPDATE letter_orders SET {change} WHERE id = '{order['id']}'"))


async def test_a_replay_goes_through_each_letter_once_and_counts_what_fails_again(
    box: LetterBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        await box.park(BUG, body={"procedure": None} if number == 2 else None)
    monkeypatch.setattr("shared.operations.letters.orders._STEP_LETTERS", 2)
    order = await box.order("replay")
    await box.carry_out()
    done = (await box.get(f"{ORDERS}/{order['id']}")).json()
    assert (done["status"], done["total"], done["resolved"], done["failed"]) == ("done", 5, 4, 1)
    (left,) = await box.rows("SELECT attempts FROM dead_letters")
    assert left.attempts == 2


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"action": "drop", "scope": "all"},
        {"action": "drop", "scope": "all", "reason": " "},
        {"action": "drop", "scope": "letter", "reason": "x"},
        {"action": "replay", "scope": "all", "reason": "x", "letter_id": str(new_id())},
        {"action": "replay", "scope": "letter", "reason": "x", "letter_id": str(new_id()), "error": "x"},
        {"action": "erase", "scope": "all", "reason": "x"},
        {"action": "drop", "scope": "group", "reason": "x", "error_type": "a\0b"},
        {"action": "drop", "scope": "group", "reason": "x", "event_type": "x" * 2001},
    ],
)
async def test_an_order_that_says_too_little_or_too_much_is_refused(box: LetterBox, body: Any) -> None:
    assert (await box.post(ORDERS, body)).status_code == 422


async def test_an_order_about_no_letter_is_not_taken(box: LetterBox) -> None:
    for more in ({"scope": "all"}, {"scope": "letter", "letter_id": str(new_id())}, {"scope": "group"}):
        answer = await box.post(ORDERS, {"action": "replay", "reason": "x", **more})
        assert (answer.status_code, answer.json()["code"]) == (404, "no-such-letters")


async def test_operators_who_have_just_proved_who_they_are_and_nobody_else(box: LetterBox, clock: ManualClock) -> None:
    stale = replace(box.operator, fresh_until=clock.now() - timedelta(seconds=1))
    person = Actor(kind="person", id=new_id(), roles=frozenset({Role.OPERATOR}), session_id=new_id())
    client = replace(box.operator, scopes=frozenset({"review:read", "review:write"}))
    refused = {"step-up-required": [box.operator, stale], "enrolment-required": [officer()]}
    refused["forbidden"] = [
        *(officer(role) for role in Role if role is not Role.OPERATOR),
        person,
        client,
    ]
    for code, actors in refused.items():
        for actor in actors:
            asked = actor if code == "step-up-required" else fresh(actor, clock)
            for method, path in ROUTES if actor in (stale, person, client) else ROUTES[:1]:
                answer = await (box.get(path, asked) if method == "GET" else box.post(path, {}, asked))
                assert (answer.status_code, answer.json()["code"]) == (403, code), (actor, path)
    assert (await box.service.client.get(LETTERS)).status_code == 401
