"""Single answers of a draft, saved one by one and by several people: merged, never overwritten, never lost."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID

import httpx
import pytest

from shared.auth import Role
from shared.events.registration import AccountSuspended, MembershipEnded, RegistrationExpired
from shared.ids import new_id
from tests.services.application.people import CAT3_DOCUMENTS, Filer, codes, pointers
from tests.support.tokens import person

FAMILY = [
    {
        "relationship": "REL03",
        "name": "NGUYEN THI B",
        "birth_date": "1996-01",
        "nationality": "VNM",
        "lives_together": True,
        "workplace": "-",
    }
]


async def test_a_patch_changes_what_it_names_and_nothing_else(filer: Filer) -> None:
    application_id = await filer.begin(form={"sex": "F", "org": {"branch": "本店", "tel": "0312345678"}})
    patch = {"form": {"name_roman": "nguyễn văn an", "org": {"branch": None}}, "notify": {"language": "ja"}}
    answer = await filer.patch(application_id, patch, 1)
    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')
    view = await filer.get(f"/{application_id}")
    assert view["form"] == {"sex": "F", "name_roman": "NGUYEN VAN AN", "org": {"tel": "0312345678"}}
    assert view["notify"] == {"email": "an.nguyen@example.com", "language": "ja"}
    cleared = await filer.patch(application_id, {"form": {"org": None, "sex": ""}, "notify": {"email": None}}, 2)
    assert cleared.status_code == 200
    view = await filer.get(f"/{application_id}")
    assert (view["form"], view["notify"]["email"]) == ({"name_roman": "NGUYEN VAN AN"}, None)
    assert await filer.service.journal_problems() == []


async def test_two_colleagues_save_different_answers_from_one_revision(filer: Filer) -> None:
    application_id = await filer.begin(form={})
    colleague = filer.colleague()
    first = await filer.patch(application_id, {"form": {"sex": "F"}}, 1)
    second = await colleague.patch(application_id, {"form": {"occupation": "engineer"}}, 1)
    assert (first.status_code, second.status_code) == (200, 200)
    assert second.json()["changed_by_others"] == ["/form/sex"]
    view = await filer.get(f"/{application_id}")
    assert (view["form"], view["revision"]) == ({"sex": "F", "occupation": "engineer"}, 3)
    assert view["edited_by"] == {"account_id": str(colleague.actor.id), "you": False, "at": "2026-11-20T03:00:00Z"}


async def test_the_same_answer_changed_by_two_is_a_conflict_with_both_values_and_who(filer: Filer) -> None:
    application_id = await filer.begin(form={"occupation": "engineer"})
    colleague = filer.colleague()
    await colleague.patch(application_id, {"form": {"occupation": "translator"}}, 1)
    mine = {"form": {"occupation": "designer", "sex": "F"}}
    answer = await filer.patch(application_id, mine, 1)
    problem = answer.json()
    assert (answer.status_code, problem["code"], pointers(answer)) == (409, "draft-changed", ["/form/occupation"])
    assert problem["conflicts"] == [
        {
            "pointer": "/form/occupation",
            "yours": "designer",
            "theirs": "translator",
            "changed_by": {"account_id": str(colleague.actor.id), "you": False},
            "changed_at": "2026-11-20T03:00:00+00:00",
        }
    ]
    view = await filer.get(f"/{application_id}")
    assert (view["form"], view["revision"]) == ({"occupation": "translator"}, 2), "nothing of the patch was saved"
    chosen = await filer.patch(application_id, mine, problem["revision"])
    assert chosen.status_code == 200
    assert (await filer.get(f"/{application_id}"))["form"] == {"occupation": "designer", "sex": "F"}


async def test_two_tabs_of_one_person_collide_as_well(filer: Filer) -> None:
    application_id = await filer.begin(form={})
    await filer.patch(application_id, {"form": {"family": FAMILY}}, 1)
    answer = await filer.patch(application_id, {"form": {"family": []}}, 1)
    (conflict,) = answer.json()["conflicts"]
    assert (conflict["yours"], conflict["theirs"][0]["relationship"]) == ([], "REL03")
    assert conflict["changed_by"]["you"] is True


async def test_a_change_that_is_sent_again_is_saved_once(filer: Filer) -> None:
    application_id = await filer.begin(form={})
    first, again = [await filer.patch(application_id, {"form": {"sex": "f"}}, 1) for _ in range(2)]
    assert (first.json()["revision"], again.json()["revision"], again.status_code) == (2, 2, 200)
    await filer.colleague().patch(application_id, {"form": {"occupation": "x"}}, 2)
    late = await filer.patch(application_id, {"form": {"sex": "f"}}, 1)
    assert (late.status_code, late.json()["changed_by_others"]) == (200, ["/form/occupation"])


async def test_ten_answers_at_once_are_all_saved(filer: Filer) -> None:
    application_id = await filer.begin(form={})
    fields = ["occupation", "home_address", "jp_address", "free", "extension_reason"]
    patches = [{"form": {code: "x"}} for code in fields] + [{"form": {"org": {c: "1"}}} for c in ("staff", "foreign")]
    answers = await asyncio.gather(*(filer.colleague().patch(application_id, patch, 1) for patch in patches))
    assert {answer.status_code for answer in answers} == {200}
    view = await filer.get(f"/{application_id}")
    assert (view["form"].keys(), view["revision"]) == ({*fields, "org"}, 8)


async def test_one_bad_value_saves_nothing_and_every_one_is_named(filer: Filer) -> None:
    application_id = await filer.begin(form={})
    patch = {"form": {"sex": "F", "stay_expiry": "2027-02-30", "org": {"corp_no": "12"}, "favourite_colour": "red"}}
    answer = await filer.patch(application_id, patch, 1)
    assert (answer.status_code, answer.json()["code"]) == (422, "unreadable-form")
    assert pointers(answer) == ["/form/stay_expiry", "/form/org/corp_no", "/form/favourite_colour"]
    assert (await filer.get(f"/{application_id}"))["form"] == {}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"form": {f"field_{number}": number for number in range(3000)}}, 422, "unreadable-form"),
        ('{"form": {"sex": ' + "[" * 20_000 + "]" * 20_000 + "}}", 422, "invalid"),
        ('{"form": {"a": ' + '{"a":' * 500 + "1" + "}" * 500 + "}}", 422, "unreadable-form"),
        ('{"form": {"family": {"0": {"name": ' + '{"a":' * 500 + "1" + "}" * 500 + "}}}}", 422, "unreadable-form"),
        ({"form": {"family": {"0": ["x"], "é": {}, "1" * 5000: {}}}}, 422, "unreadable-form"),
        ({"form": {"sex": {"a": 1}}}, 422, "unreadable-form"),
        ({"form": []}, 422, "invalid"),
        ({"form": None}, 422, "invalid"),
        ({"procedure": None}, 422, "invalid"),
        ({"photo_id": str(new_id())}, 422, "invalid"),
        ({"notify": {"email": "nobody"}}, 422, "invalid"),
        ({"procedure": "NONSENSE"}, 422, "not-offered"),
        ({"form_version": "extend-n-2019-01-01"}, 422, "not-offered"),
        ("{", 422, "invalid"),
        ("[1]", 422, "invalid"),
        ({}, 200, None),
    ],
)
async def test_odd_patches_are_refused_and_change_nothing(filer: Filer, body: Any, status: int, code: str) -> None:
    application_id = await filer.begin(form={"sex": "F"})
    answer = await filer.patch(application_id, body, 1)
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text[:300]
    view = await filer.get(f"/{application_id}")
    assert (view["form"], view["revision"]) == ({"sex": "F"}, 1)


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"If_Match": ""}, 412, "changed-meanwhile"),
        ({"If_Match": '"2"'}, 412, "changed-meanwhile"),
        ({"If_Match": '"99999999999999999999"'}, 412, "changed-meanwhile"),
        ({"If_Match": 'W/"1"'}, 412, "changed-meanwhile"),
        ({"If_Match": '"1"', "Content_Type": "text/plain"}, 415, "wrong-content-type"),
        ({"If_Match": '"1"', "Content_Type": "application/json-patch+json"}, 415, "wrong-content-type"),
        ({"If_Match": '"1"', "Content_Type": "application/json"}, 200, None),
        ({"If_Match": "*"}, 200, None),
        ({}, 428, "if-match-required"),
    ],
)
async def test_a_patch_says_what_it_is_and_where_it_started(
    filer: Filer, headers: dict[str, str], status: int, code: str | None
) -> None:
    application_id = await filer.begin(form={})
    answer = await filer.patch(application_id, {"form": {"sex": "F"}}, None, **headers)
    assert (answer.status_code, answer.json().get("code")) == (status, code)
    if status == 415:
        assert answer.headers["accept-patch"] == "application/merge-patch+json"


async def test_an_answer_that_is_no_longer_asked_is_set_aside_and_comes_back(filer: Filer) -> None:
    application_id = await filer.begin(form={"has_family": True, "family": FAMILY})
    kept = (await filer.get(f"/{application_id}"))["form"]["family"]
    await filer.patch(application_id, {"form": {"has_family": False}}, 1)
    view = await filer.get(f"/{application_id}")
    assert (view["form"], view["set_aside"]) == ({"has_family": False}, {"family": kept})
    await filer.patch(application_id, {"form": {"has_family": True}}, 2)
    view = await filer.get(f"/{application_id}")
    assert (view["form"], view["set_aside"]) == ({"has_family": True, "family": kept}, {})


async def test_what_is_set_aside_is_not_filed(filer: Filer) -> None:
    application_id = await filer.ready()
    revision = (await filer.get(f"/{application_id}"))["revision"]
    await filer.patch(application_id, {"form": {"job": {"has_title": True, "title": "主任"}}}, revision)
    await filer.patch(application_id, {"form": {"job": {"has_title": False}}}, revision + 1)
    assert (await filer.get(f"/{application_id}"))["set_aside"] == {"job.title": "主任"}
    assert (await filer.submit(application_id)).status_code == 200
    view = await filer.get(f"/{application_id}")
    assert (view["set_aside"], "title" in view["form"]["job"]) == ({}, False)
    assert await filer.service.journal_problems() == []


async def test_another_status_and_procedure_keep_what_both_ask_and_give_back_the_rest(filer: Filer) -> None:
    application_id = await filer.begin()
    before = (await filer.get(f"/{application_id}"))["form"]
    dependent = {"procedure": "CHANGE", "status_of_residence": "DEPENDENT"}
    answer = await filer.patch(application_id, dependent, 1)
    assert (answer.status_code, answer.json()["form_version"]) == (200, "change-r-2026-04-01"), answer.text
    view = await filer.get(f"/{application_id}")
    assert (view["procedure"], view["status_of_residence"]) == ("CHANGE", "DEPENDENT")
    assert view["form"]["name_roman"] == before["name_roman"]
    assert view["set_aside"]["job.detail"] == before["job"]["detail"]
    assert "job" not in view["form"]
    colleague = await filer.colleague().patch(application_id, {"form": {"job": {"detail": "x"}}}, 1)
    assert (colleague.status_code, pointers(colleague)) == (409, ["/form/job/detail"])
    back = {"procedure": "EXTEND", "status_of_residence": "ENG_HUM_INT"}
    assert (await filer.patch(application_id, back, 2)).status_code == 200
    view = await filer.get(f"/{application_id}")
    assert (view["form"], view["set_aside"]) == (before, {})
    assert await filer.service.journal_problems() == []


async def test_a_user_class_that_never_files_a_procedure_cannot_change_to_it(filer: Filer) -> None:
    organisation = await filer.begin(form={})
    rso = {"status_of_residence": "SSW1"}
    assert (await filer.patch(organisation, rso, 1)).status_code == 200
    somebody = Filer(filer.service, person(Role.RSO_STAFF, organisation=True))
    application_id = await somebody.begin(form={}, **rso)
    answer = await somebody.patch(application_id, {"status_of_residence": "ENG_HUM_INT"}, 1)
    assert (answer.status_code, answer.json()["code"]) == (403, "role-may-not-file")
    assert (await somebody.get(f"/{application_id}"))["status_of_residence"] == "SSW1"


async def test_what_is_filed_or_gone_or_somebody_elses_is_not_changed(filer: Filer) -> None:
    application_id = await filer.filed()

    async def change(by: Filer) -> tuple[int, str]:
        answer = await by.patch(application_id, {"form": {"sex": "M"}}, 1)
        return answer.status_code, answer.json()["code"]

    assert await change(filer) == (409, "already-filed")
    assert await change(Filer(filer.service)) == (404, "not-found")
    application_id = await filer.begin()
    assert (await filer.request("DELETE", f"/{application_id}")).status_code == 204
    assert await change(filer) == (404, "not-found")


@pytest.mark.parametrize("role", [Role.EXAMINER, Role.OPERATOR])
async def test_only_applicants_change_drafts(filer: Filer, role: Role) -> None:
    application_id = await filer.begin()
    somebody = Filer(filer.service, person(role))
    assert (await somebody.patch(application_id, {}, 1)).status_code == 403
    assert (await somebody.request("DELETE", f"/{application_id}")).status_code == 403
    assert (await somebody.request("POST", f"/{application_id}/owner")).status_code == 403


async def test_a_draft_is_taken_over_with_one_press(filer: Filer) -> None:
    application_id = await filer.begin()
    colleague = filer.colleague()
    assert (await colleague.get(f"/{application_id}"))["owner"]["you"] is False
    first, again = [await colleague.request("POST", f"/{application_id}/owner") for _ in range(2)]
    assert (first.json()["revision"], again.json()["code"]) == (2, "already-in-charge")
    assert (await colleague.get(f"/{application_id}"))["owner"] == {"account_id": str(colleague.actor.id), "you": True}
    assert (await filer.get(f"/{application_id}"))["owner"]["you"] is False
    assert (await filer.patch(application_id, {"form": {"sex": "M"}}, 1)).status_code == 200, "both go on with it"
    assert await filer.service.journal_problems() == []


async def test_a_draft_is_handed_over_to_a_colleague_of_the_same_role(filer: Filer) -> None:
    """Somebody of another organisation or role, who acts no longer, or who is not there, is refused the same way."""
    application_id = await filer.begin()
    colleague, leaver, suspended, expired = [filer.colleague() for _ in range(4)]
    other_role = replace(filer.colleague(), actor=replace(filer.actor, id=new_id(), roles=frozenset({Role.RSO_STAFF})))
    stranger = Filer(filer.service)
    for each in (colleague, leaver, suspended, expired, other_role, stranger):
        await each.activate()
    left = {"account_id": leaver.actor.id, "organisation_id": filer.owner_id, "role": "org_staff"}
    await filer.service.deliver(MembershipEnded.example(**left))
    await filer.service.deliver(AccountSuspended.example(account_id=suspended.actor.id))
    over = {
        "account_id": expired.actor.id,
        "organisation_id": filer.owner_id,
        "role": "org_staff",
        "roles_left": ("self",),
    }
    await filer.service.deliver(RegistrationExpired.example(**over))

    async def hand_over(to: UUID | None) -> httpx.Response:
        return await filer.request("POST", f"/{application_id}/owner", {"account_id": str(to)})

    for each in (leaver, suspended, expired, other_role, stranger, Filer(filer.service)):
        answer = await hand_over(each.actor.id)
        assert (answer.status_code, codes(answer), pointers(answer)) == (422, ["not-a-colleague"], ["/account_id"])
    assert (await filer.get(f"/{application_id}"))["revision"] == 1
    first, again = [await hand_over(colleague.actor.id) for _ in range(2)]
    assert (first.json()["revision"], again.json()["code"]) == (2, "already-in-charge")
    assert (await colleague.get(f"/{application_id}"))["owner"]["you"] is True
    back = await filer.request("POST", f"/{application_id}/owner", {"account_id": str(filer.actor.id)})
    assert back.json()["revision"] == 3, "the caller's own needs no word of registration"
    alone = Filer(filer.service, person(Role.SELF))
    own = await alone.begin(form={}, status_of_residence="STUDENT")
    answer = await alone.request("POST", f"/{own}/owner", {"account_id": str(colleague.actor.id)})
    assert (answer.status_code, codes(answer)) == (422, ["not-a-colleague"])
    assert await filer.service.journal_problems() == []


async def test_two_people_change_cells_of_one_table(filer: Filer) -> None:
    """By the position of the row; who comes from before a row went, collides and sees both."""
    application_id = await filer.begin(form={"family": [*FAMILY, FAMILY[0] | {"nationality": "CHN"}]})
    colleague = filer.colleague()
    assert (
        await filer.patch(application_id, {"form": {"family": {"0": {"nationality": "KOR"}}}}, 1)
    ).status_code == 200
    added = {"1": {"lives_together": False}, "2": {"relationship": "REL01"}}
    answer = await colleague.patch(application_id, {"form": {"family": added}}, 1)
    assert (answer.status_code, answer.json()["changed_by_others"]) == (200, ["/form/family/0/nationality"])
    rows = (await filer.get(f"/{application_id}"))["form"]["family"]
    assert [row.get("nationality") for row in rows] == ["KOR", "CHN", None]
    assert (rows[0]["lives_together"], rows[1]["lives_together"]) == (True, False)
    assert (await filer.patch(application_id, {"form": {"family": {"1": None, "2": None}}}, 3)).status_code == 200
    for late in ({"0": {"nationality": "VNM"}}, {"2": {"nationality": "VNM"}}, {"5": {"nationality": "VNM"}}):
        answer = await colleague.patch(application_id, {"form": {"family": late}}, 3)
        (conflict,) = answer.json()["conflicts"]
        assert (answer.status_code, conflict["changed_by"]["account_id"]) == (409, str(filer.actor.id))
        assert conflict["pointer"].startswith("/form/family/")
    answer = await colleague.patch(application_id, {"form": {"family": {"5": {"nationality": "VNM"}}}}, 4)
    assert (answer.status_code, codes(answer)) == (422, ["no-such-row"])
    assert await filer.service.journal_problems() == []


async def test_a_draft_says_who_else_changed_which_value(filer: Filer) -> None:
    application_id = await filer.begin(form={})
    colleague = filer.colleague()
    await colleague.patch(application_id, {"form": {"sex": "M", "occupation": "engineer"}}, 1)
    await filer.patch(application_id, {"form": {"occupation": "designer"}}, 2)
    seen = (await filer.get(f"/{application_id}"))["changed_by_others"]
    assert {pointer: change["account_id"] for pointer, change in seen.items()} == {"/form/sex": str(colleague.actor.id)}
    assert list((await colleague.get(f"/{application_id}"))["changed_by_others"]) == ["/form/occupation"]


async def test_a_draft_is_deleted_and_what_is_filed_is_not(filer: Filer) -> None:
    draft, filed = await filer.begin(), await filer.filed()
    assert (await Filer(filer.service).request("DELETE", f"/{draft}")).status_code == 404
    answer = await filer.request("DELETE", f"/{filed}")
    assert (answer.status_code, answer.json()["code"]) == (409, "already-filed")
    assert (await filer.request("DELETE", f"/{draft}")).status_code == 204
    assert (await filer.request("GET", f"/{draft}")).status_code == 404
    assert [item["id"] for item in (await filer.get())["items"]] == [filed]
    assert await filer.service.journal_problems() == []


async def test_a_draft_that_is_filed_while_a_colleague_types_refuses_the_rest(filer: Filer) -> None:
    application_id = await filer.ready()
    submitted, late = await asyncio.gather(
        filer.submit(application_id), filer.colleague().patch(application_id, {"form": {"free": "x"}}, 1)
    )
    assert submitted.status_code == 200
    assert late.status_code in (200, 409)
    filed = (await filer.get(f"/{application_id}"))["form"].get("free")
    assert filed == ("x" if late.status_code == 200 else None)


async def test_problems_name_the_page_on_which_they_are_solved(filer: Filer) -> None:
    application_id = await filer.begin(form={}, notify={"language": "ja"})
    problems = (await filer.get(f"/{application_id}/check"))["problems"]
    topics = {problem["pointer"]: problem["topic"] for problem in problems}
    assert topics["/notify/email"] == "notify"
    assert topics["/photo_id"] == "photo"
    assert topics[""] == "rules"
    assert topics["/form/sex"] not in ("notify", "photo", "documents", "rules")


async def test_documents_and_photo_stay_when_the_form_changes(filer: Filer) -> None:
    application_id = await filer.begin()
    await filer.attach(application_id, CAT3_DOCUMENTS)
    before = await filer.get(f"/{application_id}")
    await filer.patch(application_id, {"form": {"sex": "M"}, "combined_with": ["REENTRY"]}, before["revision"])
    after = await filer.get(f"/{application_id}")
    assert (after["documents"], after["photo_id"]) == (before["documents"], before["photo_id"])
    assert after["combined_with"] == ["REENTRY"]


async def test_a_procedure_that_is_no_longer_filed_together_leaves_its_answers_aside(filer: Filer) -> None:
    application_id = await filer.begin(form={"sex": "F"})
    answers = {"destination": "ベトナム", "depart_port": "成田"}
    codes = {f"reentry.{code}" for code in answers}
    unasked = await filer.patch(application_id, {"form": {"reentry": answers}}, 1)
    assert (unasked.status_code, {error["code"] for error in unasked.json()["errors"]}) == (422, {"unknown-field"})
    both = {"combined_with": ["REENTRY"], "form": {"reentry": answers}}
    added = await filer.patch(application_id, both, 1)
    assert added.status_code == 200, added.text
    kept = (await filer.get(f"/{application_id}"))["form"]["reentry"]
    await filer.colleague().patch(application_id, {"combined_with": []}, 2)
    view = await filer.get(f"/{application_id}")
    assert (view["form"], view["set_aside"].keys()) == ({"sex": "F"}, codes)
    late = await filer.patch(application_id, {"form": {"reentry": {"destination": "タイ"}}}, 2)
    (conflict,) = late.json()["conflicts"]
    assert (late.status_code, conflict["pointer"], conflict["yours"]) == (409, "/form/reentry/destination", "タイ")
    await filer.patch(application_id, {"combined_with": ["REENTRY"]}, 3)
    view = await filer.get(f"/{application_id}")
    assert (view["form"]["reentry"], view["set_aside"]) == (kept, {})


@pytest.mark.parametrize(
    ("patch", "status", "pointer"),
    [
        ({"combined_with": ["EXTEND"]}, 422, "/combined_with/0"),
        ({"activity": "N2"}, 422, "/activity"),
        ({"status_of_residence": "DIPLOMAT"}, 422, None),
    ],
)
async def test_a_selection_that_does_not_fit_is_refused(
    filer: Filer, patch: dict[str, Any], status: int, pointer: str | None
) -> None:
    application_id = await filer.begin(form={"sex": "F"})
    answer = await filer.patch(application_id, patch, 1)
    assert answer.status_code == status, answer.text
    assert pointer is None or pointers(answer) == [pointer]
    assert (await filer.get(f"/{application_id}"))["revision"] == 1
