"""Drafts on the server: incomplete ones are kept, values are normalised, nobody overwrites somebody else."""

from dataclasses import replace

import pytest

from shared.auth import Role
from shared.events.document import DocumentDeleted, DocumentRejected
from shared.events.registration import AccountSuspended
from shared.ids import new_id
from tests.services.application.people import Filer, codes, pointers
from tests.support.tokens import person


async def test_an_empty_draft_is_kept_and_says_what_is_missing(filer: Filer) -> None:
    answer = await filer.post("", filer.draft(form={}, notify={"language": "ja"}))
    assert answer.status_code == 201
    assert answer.headers["etag"] == '"1"'
    assert answer.json()["complete"] is False
    check = await filer.get(f"/{answer.json()['id']}/check")
    assert check["problems"][0]["pointer"] == "/form/nationality"
    assert len(check["problems"]) == answer.json()["open_problems"] > 30
    assert {"ja", "en"} == check["problems"][0]["message"].keys()


async def test_typed_values_are_normalised_instead_of_refused(filer: Filer) -> None:
    form = {
        "name_roman": "  Ｎｇｕｙễn　van  an ",
        "residence_card_no": "ａｂ12345678ｃd",
        "tel": "０３-1234-5678",
        "jp_postal": "〒100−0013",
        "jp_address": "東京都千代田区霞が関1-1-1 ﾋﾙｽﾞ",
        "birth_date": "１９９５年４月１２日",
        "passport_expiry": "20310331",
        "has_family": "無",
        "org": {"capital": "３０，０００，０００円", "corp_no": "4-0110-0109-8993"},
    }
    application_id = await filer.begin(form=form)
    kept = (await filer.get(f"/{application_id}"))["form"]
    assert kept == {
        "name_roman": "NGUYEN VAN AN",
        "residence_card_no": "AB12345678CD",
        "tel": "0312345678",
        "jp_postal": "1000013",
        "jp_address": "東京都千代田区霞が関１－１－１　ヒルズ",
        "birth_date": "1995-04-12",
        "passport_expiry": "2031-03-31",
        "has_family": False,
        "org": {"capital": 30_000_000, "corp_no": "4011001098993"},
    }


async def test_what_cannot_be_read_is_refused_with_its_place_and_changes_nothing(filer: Filer) -> None:
    form = {
        "stay_expiry": "2027-02-30",
        "residence_card_no": "123",
        "sex": "X",
        "has_family": True,
        "family": [{"relationship": "REL03"}, {"relationship": "NONE", "hobby": "go"}],
        "job": {"detail": "x" * 601},
        "org": "none",
        "favourite_colour": "red",
    }
    answer = await filer.post("", filer.draft(form=form))
    assert answer.status_code == 422
    assert answer.json()["code"] == "unreadable-form"
    assert pointers(answer) == [
        "/form/sex",
        "/form/stay_expiry",
        "/form/residence_card_no",
        "/form/family/1/relationship",
        "/form/family/1/hobby",
        "/form/job/detail",
        "/form/org",
        "/form/favourite_colour",
    ]
    assert (await filer.get())["items"] == []


@pytest.mark.parametrize("typed", ["nobody", "a@b", "a b@example.com"])
async def test_an_address_that_is_none_is_refused(filer: Filer, typed: str) -> None:
    answer = await filer.post("", filer.draft(notify={"email": typed, "language": "ja"}))
    assert (answer.status_code, pointers(answer)) == (422, ["/notify/email"])


async def test_a_procedure_without_a_form_is_refused_and_the_offered_ones_are_named(filer: Filer) -> None:
    trainee = {"procedure": "CHANGE", "status_of_residence": "TRAINEE"}
    for changes in (trainee, {"status_of_residence": "TEMP_VISITOR"}, {"procedure": "NONSENSE"}):
        answer = await filer.post("", filer.draft(**changes))
        assert (answer.status_code, answer.json()["code"]) == (422, "not-offered")
        assert "EXTEND (ENG_HUM_INT/PROFESSOR/" in answer.json()["detail"]


async def test_a_change_starts_from_the_revision_that_was_read(filer: Filer) -> None:
    application_id = await filer.begin(form={})
    path, body = f"/{application_id}/form", {"form": {"sex": "F"}}
    assert (await filer.request("PUT", path, body)).status_code == 428
    first = await filer.put(path, body, 1)
    assert (first.status_code, first.headers["etag"]) == (200, '"2"')
    late = await filer.put(path, {"form": {"sex": "M"}}, 1)
    assert late.status_code == 412
    view = await filer.get(f"/{application_id}")
    assert (view["form"], view["revision"]) == ({"sex": "F"}, 2)


async def test_colleagues_share_the_organisations_drafts_and_strangers_see_nothing(filer: Filer) -> None:
    application_id = await filer.begin()
    colleague = Filer(filer.service, person(Role.ORG_STAFF))
    colleague.actor = replace(filer.actor, id=new_id())
    assert (await colleague.get(f"/{application_id}"))["id"] == application_id
    stranger = Filer(filer.service)
    for method, path, body in (
        ("GET", "", None),
        ("GET", "/check", None),
        ("GET", "/timeline", None),
        ("PUT", "/form", {"form": {}}),
        ("PUT", "/documents", {"documents": []}),
    ):
        answer = await stranger.request(method, f"/{application_id}{path}", body, If_Match='"1"')
        assert answer.status_code == 404, (method, path)
    assert (await stranger.get())["items"] == []


async def test_a_list_goes_on_where_the_page_ends(filer: Filer) -> None:
    made = [await filer.begin(form={}) for _ in range(5)]
    first = await filer.get("?limit=3")
    second = await filer.get(f"?limit=3&cursor={first['next']}")
    assert [item["id"] for item in [*first["items"], *second["items"]]] == made[::-1]
    assert second["next"] is None


async def test_one_pdf_may_hold_several_documents(filer: Filer) -> None:
    application_id = await filer.begin()
    await filer.attach(application_id, ("CAT_PROOF", "RES_TAX"))
    check = await filer.get(f"/{application_id}/check")
    satisfied = {document["code"]: document["satisfied"] for document in check["required_documents"]}
    assert satisfied["CAT_PROOF"] and satisfied["RES_TAX"] and satisfied["PHOTO"]
    assert not satisfied["ACTIVITY"]


async def test_a_file_that_is_not_told_of_yet_may_be_attached_and_the_check_says_so(filer: Filer) -> None:
    application_id = await filer.begin()
    body = {"documents": [{"document_id": str(new_id()), "codes": ["RES_TAX"]}]}
    assert (await filer.put(f"/{application_id}/documents", body, 1)).status_code == 200
    problems = (await filer.get(f"/{application_id}/check"))["problems"]
    (unknown,) = [problem for problem in problems if problem["code"] == "document-unknown"]
    assert unknown["pointer"] == "/documents/0/document_id"
    assert "try again in a moment" in unknown["message"]["en"]


async def test_somebody_elses_file_is_never_more_than_unknown(filer: Filer) -> None:
    theirs = await Filer(filer.service).file()
    application_id = await filer.begin()
    body = {"documents": [{"document_id": theirs, "codes": ["RES_TAX"]}]}
    await filer.put(f"/{application_id}/documents", body, 1)
    problems = (await filer.get(f"/{application_id}/check"))["problems"]
    assert "document-unknown" in [problem["code"] for problem in problems]


async def test_files_that_cannot_be_used_are_refused_with_the_reason(filer: Filer) -> None:
    application_id = await filer.begin()
    rejected, deleted, photo = str(new_id()), await filer.file(), await filer.file("photo")
    about = {"owner_id": filer.owner_id, "kind": "pdf", "application_id": None}
    problems = {"codes": ("RES_TAX",), "problems": ("pdf-encrypted",)}
    await filer.service.deliver(
        DocumentRejected.example(**about, document_id=rejected, **problems),
        DocumentDeleted.example(**about, document_id=deleted),
    )
    body = {
        "photo_id": await filer.file(),
        "documents": [
            {"document_id": rejected, "codes": ["RES_TAX"]},
            {"document_id": deleted, "codes": ["RES_TAX"]},
            {"document_id": photo, "codes": ["NO_SUCH"]},
            {"document_id": photo, "codes": []},
        ],
    }
    answer = await filer.put(f"/{application_id}/documents", body, 1)
    assert answer.status_code == 422
    assert list(zip(pointers(answer), codes(answer), strict=True)) == [
        ("/photo_id", "not-a-photo"),
        ("/documents/0/document_id", "document-rejected"),
        ("/documents/1/document_id", "document-deleted"),
        ("/documents/2/document_id", "not-a-pdf"),
        ("/documents/2/codes/0", "not-in-list"),
        ("/documents/3/document_id", "not-a-pdf"),
        ("/documents/3/document_id", "listed-twice"),
        ("/documents/3/codes", "required"),
    ]
    assert "pdf-encrypted" in answer.json()["errors"][1]["message"]
    assert (await filer.get(f"/{application_id}"))["documents"] == []


@pytest.mark.parametrize(("files", "size", "code"), [(20, 1, "too-many-files"), (2, 13_000_000, "too-many-bytes")])
async def test_more_than_20_files_or_25_megabytes_with_the_photo_are_refused(
    filer: Filer, files: int, size: int, code: str
) -> None:
    application_id = await filer.begin()
    documents = [{"document_id": await filer.file(size=size), "codes": ["OTHER"]} for _ in range(files)]
    body = {"photo_id": await filer.file("photo", size=size), "documents": documents}
    answer = await filer.put(f"/{application_id}/documents", body, 1)
    assert (answer.status_code, codes(answer)) == (422, [code])
    fewer = body | {"documents": documents[:-1]}
    assert (await filer.put(f"/{application_id}/documents", fewer, 1)).status_code == 200


async def test_a_stopped_account_begins_nothing_and_reads_what_it_has(filer: Filer) -> None:
    await filer.activate()
    application_id = await filer.begin()
    await filer.service.deliver(AccountSuspended.example(account_id=filer.actor.id))
    answer = await filer.post("", filer.draft())
    assert (answer.status_code, answer.json()["code"]) == (403, "account-suspended")
    assert (await filer.get(f"/{application_id}"))["status"] == "draft"


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.ORG_STAFF, 201),
        (Role.SELF, 201),
        (Role.LAWYER_SCRIVENER, 201),
        (Role.RELATIVE, 201),
        (Role.RSO_STAFF, 403),
        (Role.SUPERVISING_ORG_STAFF, 403),
        (Role.EXAMINER, 403),
        (Role.OPERATOR, 403),
    ],
)
async def test_only_user_classes_that_may_file_begin_a_draft(filer: Filer, role: Role, status: int) -> None:
    somebody = Filer(filer.service, person(role))
    assert (await somebody.post("", somebody.draft())).status_code == status


async def test_beginning_needs_an_idempotency_key_and_repeats_its_answer(filer: Filer) -> None:
    assert (await filer.request("POST", "", filer.draft())).status_code == 428
    first, second = [await filer.post("", filer.draft(), "key-1") for _ in range(2)]
    assert first.json() == second.json()
    assert len((await filer.get())["items"]) == 1
    other = await filer.post("", filer.draft(form={}), "key-1")
    assert other.json()["code"] == "idempotency-key-reused"
