"""One action on many applications: each succeeds or is refused by itself, and leaves nothing where it is refused."""

from typing import Any
from uuid import UUID

from sqlalchemy import event, text

from shared.events.application import ApplicationWithdrawn
from shared.ids import new_id
from tests.services.application.people import Filer, complete_form
from tests.services.application.sheet import Office


async def _act(filer: Filer, ids: list[str], key: str | None = None, **more: Any) -> Any:
    answer = await filer.post("/selection", {"application_ids": ids, **more}, key)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_each_application_of_a_selection_is_done_or_refused_by_itself(filer: Filer) -> None:
    office = Office(filer.service, filer.actor)
    filed = [await filer.filed(form=complete_form(office.today, f"AB{n:08}CD")) for n in (1, 2)]
    draft = await filer.begin()
    stranger = Filer(filer.service)
    theirs = await stranger.ready()
    ids = [filed[1], draft, theirs, str(new_id()), filed[0], filed[1]]
    found = await _act(filer, ids, "monday", action="withdraw", reason="moved")
    assert [(each["id"], each["done"], each["code"]) for each in found["items"]] == [
        (filed[1], True, None),
        (draft, False, "cannot-be-withdrawn"),
        (theirs, False, "not-found"),
        (ids[3], False, "not-found"),
        (filed[0], True, None),
    ]
    assert found["done"] == 2
    assert await _act(filer, ids, "monday", action="withdraw", reason="moved") == found, "the first answer"
    withdrawn = [e for e in await filer.service.events() if isinstance(e, ApplicationWithdrawn)]
    assert {str(each.application_id) for each in withdrawn} == set(filed)
    assert len(withdrawn) == 2

    pdf = await filer.file()
    found = await _act(filer, [draft, filed[0], theirs], action="attach", document_id=pdf, codes=["CAT_PROOF"])
    assert [each["done"] for each in found["items"]] == [True, False, False]
    shown = await filer.get(f"/{draft}")
    assert shown["documents"] == [{"document_id": pdf, "codes": ["CAT_PROOF"]}]
    await _act(filer, [draft], action="attach", document_id=pdf, codes=["CAT_PROOF"])
    assert (await filer.get(f"/{draft}"))["revision"] == shown["revision"]
    photo = await filer.file("photo")
    found = await _act(filer, [draft], action="attach", document_id=photo, codes=["CAT_PROOF"])
    assert found["items"][0]["code"] == "unusable-documents"
    body = {"application_ids": [draft], "action": "attach", "document_id": str(new_id()), "codes": ["CAT_PROOF"]}
    answer = await filer.post("/selection", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "document-unknown")

    unknown = str(filer.colleague().actor.id)
    found = await _act(filer, [draft, filed[0]], action="hand-over", account_id=unknown)
    assert [each["code"] for each in found["items"]] == ["not-a-colleague", "cannot-be-handed-over"]
    found = await _act(filer, [draft], action="hand-over", account_id=str(filer.actor.id))
    assert (found["done"], found["items"][0]["code"]) == (0, "already-in-charge")

    found = await _act(filer, [draft, filed[0]], action="delete")
    assert [each["done"] for each in found["items"]] == [True, False]
    assert (await filer.request("GET", f"/{draft}")).status_code == 404
    assert (await stranger.get(f"/{theirs}"))["revision"] == 2, "untouched"
    assert await filer.service.journal_problems() == []


async def test_drafts_are_handed_over_and_given_a_document_with_as_many_statements_as_one(filer: Filer) -> None:
    """Whether the colleague may be in charge, and the files, are asked once for all of them."""
    colleague = filer.colleague()
    await colleague.activate()
    drafts = [await filer.begin(form={}) for _ in range(13)]
    engine = filer.service.app.state.runtime.db.engine.sync_engine
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    async def act(ids: list[str], **more: Any) -> int:
        sent.clear()
        event.listen(engine, "before_cursor_execute", note)
        try:
            found = await _act(filer, ids, **more)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        assert found["done"] == len(ids)
        return len(sent)

    own, file = str(filer.actor.id), await filer.file()
    for more in (
        {"action": "attach", "document_id": file, "codes": ["CAT_PROOF"]},
        {"action": "hand-over", "account_id": str(colleague.actor.id)},
        {"action": "hand-over", "account_id": own},
    ):
        one, many = await act(drafts[:1], **more), await act(drafts[1:], **more)
        assert many <= one, (more, sent)
    shown = [await colleague.get(f"/{each}") for each in drafts]
    assert all(each["owner"]["account_id"] == own and each["revision"] == 4 for each in shown)
    assert all(each["documents"][0]["document_id"] == file for each in shown)
    assert await filer.service.journal_problems() == []


async def test_a_selection_says_what_is_wrong_with_it(filer: Filer) -> None:
    for body in (
        {"application_ids": [], "action": "delete"},
        {"application_ids": [str(new_id())], "action": "frame"},
        {"application_ids": [str(new_id())], "action": "withdraw"},
        {"application_ids": [str(new_id())] * 501, "action": "delete"},
    ):
        answer = await filer.post("/selection", body)
        assert (answer.status_code, bool(answer.json()["errors"])) == (422, True), body


# Copies of an application, each with a number of its own.
_COPIES = text(
    """
INSERT INTO applications
SELECT (jsonb_populate_record(applications, jsonb_build_object(
    'id', gen_random_uuid(), 'receipt_number', left(receipt_number, -6) || to_char(1000 + number, 'FM000000'),
    'person_key', NULL, 'person', NULL, 'import_key', NULL
))).*
FROM applications, generate_series(1, :more) AS number WHERE id = :id
"""
)


async def test_as_many_as_one_request_takes_are_withdrawn(filer: Filer) -> None:
    """Each has its line in the journal and its event, and the same request again does nothing more."""
    office = Office(filer.service, filer.actor)
    first = await filer.filed(form=complete_form(office.today))
    async with filer.service.db.transaction() as session:
        await session.execute(_COPIES, {"id": UUID(first), "more": 499})
    ids: list[str] = []
    page = await filer.get("?limit=200")
    while page["next"]:
        ids += [item["id"] for item in page["items"]]
        page = await filer.get(f"?limit=200&cursor={page['next']}")
    ids += [item["id"] for item in page["items"]]
    assert len(ids) == 500
    found = await _act(filer, ids, "all", action="withdraw", reason="moved")
    assert (found["done"], len(found["items"])) == (500, 500)
    assert await _act(filer, ids, "all", action="withdraw", reason="moved") == found
    withdrawn = [e for e in await filer.service.events() if isinstance(e, ApplicationWithdrawn)]
    assert {str(each.application_id) for each in withdrawn} == set(ids)
    assert len(withdrawn) == 500
    again = await _act(filer, ids, "again", action="withdraw", reason="moved")
    assert (again["done"], {each["code"] for each in again["items"]}) == (0, {"cannot-be-withdrawn"})
    too_many = await filer.post("/selection", {"application_ids": [*ids, str(new_id())], "action": "delete"})
    assert too_many.status_code == 422
