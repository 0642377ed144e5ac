"""Conditions of a grant: which it has to state, and who learns of them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.review.cases.domain.refusal import Wrong
from services.review.cases.domain.states import State
from services.review.cases.store import Case
from services.review.decision.commands.effect import granted_conditions
from services.review.decision.domain.conditions import askable, check_conditions
from services.review.decision.domain.filed import Filed
from shared.auth import Role
from shared.events.review import CertificateIssued, ReviewCompleted
from shared.reference.codes import Procedure
from shared.reference.grant_conditions import in_words, together
from shared.reference.lists import code_list
from tests.services.review.desk import GRANT, RECALL_WITHIN, Desk
from tests.support import tokens
from tests.support.keys import unsealed

DAY = date(2026, 7, 15)
SSW = {"procedure": "CHANGE", "status_of_residence": "SSW1"}
ACTIVITY = "株式会社すみだ製作所において行う工業製品製造業分野の業務"
STATED = {"designated_activity": ACTIVITY, "ssw_field": "27"}


def application(procedure: str, status: str = "ENG_HUM_INT", *along: str) -> Filed:
    return Filed(procedure, frozenset(along), status, DAY, None)


@pytest.mark.parametrize(
    ("filed", "codes"),
    [
        (application("EXTEND"), []),
        (application("EXTEND", "DESIGNATED"), ["designated_activity"]),
        (application("ACQUIRE", "HSP1_B"), ["designated_activity"]),
        (application("CHANGE", "SSW2"), ["designated_activity", "ssw_field"]),
        (application("COE", "SSW1"), ["ssw_field"]),
        (application("COE", "DESIGNATED"), []),
        (application("WORKCERT", "DESIGNATED"), []),
        (application("EXTEND", "STUDENT", "REENTRY", "EXTRA_ACT"), ["extra_activity", "extra_activity_detail"]),
        (application("EXTRA_ACT", "DEPENDENT"), ["extra_activity", "extra_activity_detail"]),
    ],
)
def test_what_a_grant_states_follows_from_procedure_and_status(filed: Filed, codes: list[str]) -> None:
    assert [one.code for one in askable(filed, DAY)] == codes


def test_a_permission_that_was_filed_along_can_be_left_out_and_one_that_was_filed_alone_cannot() -> None:
    along, alone = (
        askable(one, DAY)[0].choices
        for one in (application("EXTEND", "STUDENT", "EXTRA_ACT"), application(Procedure.EXTRA_ACT, "STUDENT"))
    )
    assert set(along) - set(alone) == {"not_permitted"}


@pytest.mark.parametrize(
    ("filed", "stated", "code", "pointer"),
    [
        (application("EXTEND"), {"ssw_field": "01"}, "condition-not-possible", "ssw_field"),
        (application("CHANGE", "SSW1"), {"designated_activity": "x"}, "condition-missing", "ssw_field"),
        (application("CHANGE", "SSW1"), STATED | {"ssw_field": "99"}, "condition-unknown", "ssw_field"),
        (application("CHANGE", "SSW1"), STATED | {"ssw_field": "27,99"}, "condition-unknown", "ssw_field"),
        (application("CHANGE", "SSW1"), STATED | {"ssw_field": "27,27"}, "condition-twice", "ssw_field"),
        (application("CHANGE", "SSW1"), {"ssw_field": "27"}, "condition-missing", "designated_activity"),
        (
            application("EXTEND", "STUDENT", "EXTRA_ACT"),
            {"extra_activity": "individual"},
            "condition-missing",
            "extra_activity_detail",
        ),
        (
            application("EXTEND", "STUDENT", "EXTRA_ACT"),
            {"extra_activity": "general", "extra_activity_detail": "通訳"},
            "condition-not-possible",
            "extra_activity_detail",
        ),
    ],
)
def test_a_grant_that_states_too_little_or_too_much_is_refused(
    filed: Filed, stated: Mapping[str, str], code: str, pointer: str
) -> None:
    with pytest.raises(Wrong) as refused:
        check_conditions(stated, filed, DAY)
    assert (refused.value.code, refused.value.pointer) == (code, f"/conditions/{pointer}")


def test_a_worker_can_be_granted_several_fields() -> None:
    check_conditions(STATED | {"ssw_field": "27,30"}, application("CHANGE", "SSW1"), DAY)
    events = granted_conditions({"ssw_field": "27,30"}, str.upper)
    assert [(one.code, one.choice) for one in events] == [("ssw_field", "27"), ("ssw_field", "30")]
    kept = together((one.code, one.choice or "") for one in events)
    assert kept == {"ssw_field": "27,30"}
    words = in_words("ssw_field", kept["ssw_field"], DAY)
    assert words.text.ja == "、".join(code_list("ssw_field").labels[code].ja for code in ("27", "30"))


async def notices(desk: Desk, case: Case) -> Any:
    owner = replace(tokens.person(Role.ORG_STAFF), id=case.owner_id)
    headers = tokens.bearer(owner, desk.clock)
    return (await desk.service.client.get(f"/v1/notices/{case.application_id}", headers=headers)).json()["decision"]


async def test_a_specialised_worker_is_granted_a_field_and_a_designated_activity(desk: Desk) -> None:
    case = await desk.at(State.UNDER_REVIEW, **SSW)
    offered = (await desk.get(desk.examiner, f"/{case.id}")).json()["grantable"]["conditions"]
    assert [one["code"] for one in offered] == ["designated_activity", "ssw_field"]
    assert {"code": "27", "name": {"ja": "工業製品製造業分野", "en": "Industrial product manufacturing"}} in offered[1][
        "choices"
    ]
    lacking = await desk.post(desk.examiner, case.id, "proposal", {"outcome": "grant", "period_of_stay": "Y1"})
    assert (lacking.status_code, lacking.json()["errors"][0]["pointer"]) == (422, "/conditions/designated_activity")
    body = {"outcome": "grant", "period_of_stay": "Y1", "conditions": STATED}
    await desk.done(desk.examiner, case.id, "proposal", body)
    (proposal,) = (await desk.get(desk.chief, f"/{case.id}")).json()["proposals"]
    assert {one["code"]: one["text"]["ja"] for one in proposal["conditions"]} == {
        "designated_activity": ACTIVITY,
        "ssw_field": "工業製品製造業分野",
    }
    with desk.recall_within(RECALL_WITHIN):
        await desk.done(desk.chief, case.id, "decision", {"approve": True})
    assert await notices(desk, case) is None
    await desk.pass_time(RECALL_WITHIN)
    assert [one["text"]["en"] for one in (await notices(desk, case))["conditions"]] == [
        ACTIVITY,
        "Industrial product manufacturing",
    ]
    (event,) = await desk.events(ReviewCompleted)
    words, field = event.conditions
    assert (field.code, field.choice, field.sealed_text) == ("ssw_field", "27", None)
    assert (words.choice, unsealed(words.sealed_text)) == (None, ACTIVITY)
    assert ACTIVITY not in event.model_dump_json(), "an officer's own words travel sealed"
    assert await desk.service.journal_problems() == []


async def test_the_paper_of_a_permission_states_its_limits(desk: Desk) -> None:
    case = await desk.at(State.UNDER_REVIEW, procedure="EXTRA_ACT", status_of_residence="DEPENDENT")
    grantable = (await desk.get(desk.examiner, f"/{case.id}")).json()["grantable"]
    period = {"period_of_stay": grantable["periods"][0]} if grantable["periods"] else {}
    body = {"outcome": "grant", "conditions": {"extra_activity": "general"}} | period
    answer = await desk.post(desk.examiner, case.id, "proposal", body)
    assert answer.status_code == 200, answer.text
    await desk.done(desk.chief, case.id, "decision", {"approve": True})
    await desk.done(desk.card_office, case.id, "certificate", {"method": "POST"})
    (issued,) = await desk.events(CertificateIssued)
    assert [(one.code, one.choice) for one in issued.conditions] == [("extra_activity", "general")]


async def test_what_is_no_grant_has_no_conditions(desk: Desk) -> None:
    case = await desk.at(State.UNDER_REVIEW, **SSW)
    body = {"outcome": "refuse", "reason_code": "conduct", "reason": "x", "conditions": {"ssw_field": "01"}}
    answer = await desk.post(desk.examiner, case.id, "proposal", body)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "conditions-without-grant")
    empty = await desk.post(
        desk.examiner, case.id, "proposal", GRANT | {"conditions": {"designated_activity": " ", "ssw_field": "01"}}
    )
    assert (empty.status_code, empty.json()["errors"][0]["pointer"]) == (422, "/conditions/designated_activity")
