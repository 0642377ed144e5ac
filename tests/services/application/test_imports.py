"""Imports: a file with many applications is read, checked, corrected and filed, each row once."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from zipfile import ZipFile

import httpx
import pytest

from services.application.sheets.book import Book, RowRead
from services.application.sheets.confined import BookReader
from services.application.sheets.templates import FilledRow, SheetPlan, plan_for, template_xlsx
from shared.auth import Role
from shared.clock import ManualClock
from shared.errors import FieldProblem, Text
from shared.events.application import ApplicationSubmitted, BulkImportFinished
from shared.events.review import ReviewCompleted, ReviewStarted
from shared.ids import new_id
from shared.reference.receipt_numbers import parse_receipt_number
from tests.services.application.people import complete_form
from tests.services.application.sheet import Office, packed, row
from tests.services.application.test_proofs import text_of
from tests.support.keys import unsealed
from tests.support.service import RunningService
from tests.support.tokens import person


@pytest.fixture
async def office(service: RunningService) -> Office:
    found = Office(service)
    await found.activate()
    return found


async def test_good_rows_are_filed_with_one_press_and_wrong_ones_stay(office: Office, service: RunningService) -> None:
    rows = [row(number, office.today) for number in range(3, 9)]
    rows[1] = row(4, office.today, form={"birth_date": "31 June 1990"})
    rows[2] = row(5, office.today, form={"stay_expiry": "2026-01-31"})
    import_id = await office.sent(rows)
    seen = await office.look(import_id)
    assert (seen["state"], seen["rows"], seen["done"]) == ("checked", 6, 6)
    assert seen["counts"] == {"read": 0, "wrong": 2, "files_missing": 4, "ready": 0, "filed": 0}
    unread, expired = await office.rows(import_id, "&state=wrong")
    problem = unread["problems"][0]
    assert (problem["pointer"], problem["cell"][1:]) == ("/form/birth_date", "4")
    assert "required" not in {each["code"] for each in unread["problems"] if each["pointer"] == "/form/birth_date"}
    assert "stay-expired" in {each["code"] for each in expired["problems"]}
    assert (await office.get(f"/{unread['application_id']}"))["form"].get("birth_date") is None

    await office.with_files(import_id)
    assert (await office.look(import_id))["counts"]["ready"] == 4
    seen = await office.file_rows(import_id)
    assert (seen["state"], seen["counts"]["filed"], seen["counts"]["wrong"]) == ("finished", 4, 2)
    filed = await office.rows(import_id, "&state=filed")
    assert len({each["receipt_number"] for each in filed}) == 4
    events = await service.events()
    submitted = [event for event in events if isinstance(event, ApplicationSubmitted)]
    assert {event.receipt_number for event in submitted} == {each["receipt_number"] for each in filed}
    assert all(event.account_id == office.actor.id for event in submitted)
    assert {str(event.bulk_import_id) for event in submitted} == {import_id}
    finished = events[-1]
    assert isinstance(finished, BulkImportFinished)
    listed = [(each.row, each.receipt_number) for each in finished.filed_rows]
    assert listed == [(each["number"], each["receipt_number"]) for each in filed]
    assert all(
        unsealed(each.sealed_applicant or "") == complete_form(office.today)["name_roman"]
        for each in finished.filed_rows
    )
    assert (finished.rows, finished.filed, finished.failed, finished.account_id) == (6, 4, 2, office.actor.id)
    receipt = await office.get(f"/{filed[0]['application_id']}/receipt")
    assert receipt["receipt_number"] == filed[0]["receipt_number"]
    assert await service.journal_problems() == []


async def test_a_wrong_row_is_corrected_on_its_page_or_in_the_workbook(office: Office) -> None:
    wrong = {"birth_date": "31 June 1990"}
    rows = [row(3, office.today, form=wrong), row(4, office.today, form=wrong), row(5, office.today)]
    import_id = await office.sent(rows)
    on_page, in_workbook, good = await office.rows(import_id)
    draft = await office.get(f"/{on_page['application_id']}")
    answer = await office.patch(draft["id"], {"form": {"birth_date": "1990-06-30"}}, draft["revision"])
    assert answer.status_code == 200, answer.text
    assert (await office.rows(import_id))[0]["edited_since"]

    again = await office.sent([rows[0], row(4, office.today, form={"birth_date": "1990-06-29"}), rows[2]])
    found = await office.rows(again)
    assert [each["application_id"] for each in found] == [
        each["application_id"] for each in (on_page, in_workbook, good)
    ]
    assert [each["state"] for each in found] == ["files-missing"] * 3
    births = [(await office.get(f"/{each['application_id']}"))["form"]["birth_date"] for each in found]
    assert births[:2] == ["1990-06-30", "1990-06-29"]
    assert (await office.get(f"/{good['application_id']}"))["revision"] == 1, "nothing in it differs"

    await office.with_files(again)
    await office.file_rows(again)
    # The first file knows by itself what has become of its rows, and files nothing a second time.
    assert (await office.imports("POST", f"/{import_id}/check")).status_code == 202
    await office.work()
    assert [each["receipt_number"] for each in await office.rows(import_id)] == [
        each["receipt_number"] for each in await office.rows(again)
    ]
    answer = await office.press(import_id)
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing-to-file")


async def test_a_draft_is_confirmed_where_a_cell_could_not_be_read(office: Office, service: RunningService) -> None:
    """Also a cell of a table, and one whose value the draft had from an earlier file; sent again it stays confirmed."""
    (first,) = await office.rows(await office.sent([row(3, office.today, form={"mobile": "090-1234-5678"})]))
    draft = await office.get(f"/{first['application_id']}")
    family = [*draft["form"]["family"], {**draft["form"]["family"][0], "card_no": "lost"}]
    family[0] = {**family[0], "card_no": "none", "birth_date": "31 June 1990"}
    wrong = row(3, office.today, form={"mobile": "none", "family": family, "requested_period": "long"})
    import_id = await office.sent([wrong])
    (seen,) = await office.rows(import_id)
    unread = [each["pointer"] for each in seen["problems"] if each["unread"]]
    assert unread == ["/form/mobile", "/form/family/0/card_no", "/form/family/1/card_no"]
    needed = {each["pointer"] for each in seen["problems"]} - {*unread, "/documents", "/photo_id"}
    assert needed == {"/form/family/0/birth_date", "/form/requested_period"}, "a draft without these cannot be right"
    form = (await office.get(f"/{draft['id']}"))["form"]
    assert "mobile" not in form and "card_no" not in form["family"][0]
    assert form["family"][0]["name"] == family[0]["name"], "the rest of the row stays"

    async def confirm(pointer: str, application_id: str = draft["id"]) -> httpx.Response:
        body = {"application_id": application_id, "pointer": pointer}
        return await office.imports("POST", f"/{import_id}/confirm", body)

    assert (await confirm("/form/mobile", str(new_id()))).status_code == 404
    revision = (await office.get(f"/{draft['id']}"))["revision"]
    for other in ("/form/occupation", "/form/requested_period"):
        assert (await confirm(other)).json() == {"state": "wrong"}
    assert (await office.get(f"/{draft['id']}"))["revision"] == revision, "cells that could be read, or are needed"
    for _ in range(2):
        assert (await confirm("/form/mobile")).json() == {"state": "wrong"}
    assert (await office.get(f"/{draft['id']}"))["revision"] == revision + 1
    now = (await office.get(f"/{draft['id']}"))["revision"]
    cells = {"0": {"birth_date": "1990-06-30"}, "1": {"card_no": "EF87654321GH"}}
    patch = {"form": {"family": cells, "requested_period": "Y3"}}
    assert (await office.patch(draft["id"], patch, now)).status_code == 200
    answer = await confirm("/form/family/0/card_no")
    (seen,) = await office.rows(import_id)
    assert [each["pointer"] for each in seen["problems"] if each["unread"]] == [], seen["problems"]
    assert answer.json() == {"state": seen["state"]}
    (again,) = await office.rows(await office.sent([wrong]))
    assert not any(each["unread"] for each in again["problems"]), "nothing in the file is new"
    assert await service.journal_problems() == []


async def test_a_row_with_the_same_key_is_the_same_application(office: Office) -> None:
    first = await office.sent([row(3, office.today)])
    await office.with_files(first)
    await office.file_rows(first)
    (filed,) = await office.rows(first)
    second = await office.sent([row(3, office.today)])
    (again,) = await office.rows(second)
    assert (again["state"], again["receipt_number"]) == ("filed", filed["receipt_number"])
    # A row without a key of its own is found by the person, and twice in one file it is a mistake.
    unnamed = [replace(row(n, office.today), key=f"extend-n:{n}") for n in (7, 8)]
    unnamed[1] = replace(unnamed[1], form=unnamed[0].form)
    third = await office.rows(await office.sent(unnamed))
    assert [each["state"] for each in third] == ["files-missing", "wrong"]
    assert third[1]["problems"][0]["code"] == "row-repeated"
    fourth = await office.rows(await office.sent([replace(unnamed[0], number=9, key="extend-n:9")]))
    assert fourth[0]["application_id"] == third[0]["application_id"]


async def test_the_numbers_of_an_official_file_are_no_keys(office: Office) -> None:
    """The next file has the same numbers for other people; the same person in it is the same application."""

    def numbered(*people: int) -> list[RowRead]:
        return [
            replace(row(person, office.today), number=number, key=str(number), numbered=True)
            for number, person in enumerate(people, start=1)
        ]

    first = await office.sent(numbered(11, 12))
    await office.with_files(first)
    await office.file_rows(first)
    before = await office.rows(first)
    after = await office.rows(await office.sent(numbered(21, 22, 11)))
    assert [each["state"] for each in after] == ["files-missing", "files-missing", "filed"]
    assert after[2]["receipt_number"] == before[0]["receipt_number"]
    assert len({each["application_id"] for each in (*before, *after)}) == 4


async def test_a_dry_run_checks_and_leaves_nothing(office: Office, service: RunningService) -> None:
    rows = [row(3, office.today), row(4, office.today, form={"birth_date": "never"})]
    import_id = await office.sent(rows, dry_run="true")
    assert [each["state"] for each in await office.rows(import_id)] == ["files-missing", "wrong"]
    assert {each["application_id"] for each in await office.rows(import_id)} == {None}
    assert (await office.get(""))["items"] == []
    (event,) = await service.events()
    assert isinstance(event, BulkImportFinished)
    assert (event.dry_run, event.rows, event.filed, event.failed) == (True, 2, 0, 2)
    answer = await office.press(import_id)
    assert (answer.status_code, answer.json()["code"]) == (409, "only-checked")
    assert await service.journal_problems() == []


async def test_a_file_that_cannot_be_read_is_refused_as_a_whole(office: Office) -> None:
    bomb = FieldProblem("", "too-large-inside", Text("大きすぎます", "Too large inside"))
    refused = Book("template-xlsx", (), problems=(bomb,))
    for content in (packed([], refused), packed([row(3, office.today)], last=refused)):
        answer = await office.send(content)
        await office.work()
        seen = await office.look(answer.json()["id"])
        assert (seen["state"], seen["problems"][0]["code"], seen["rows"]) == ("refused", "too-large-inside", 0)
        assert await office.rows(seen["id"]) == []
        for path in ("submit", "check"):
            assert (await office.press(seen["id"])).json()["code"] == "import-refused", path
    assert (await office.imports("GET", f"/{seen['id']}/workbook")).status_code == 409


async def test_an_upload_is_answered_once_and_bounded(office: Office, service: RunningService) -> None:
    content = packed([row(3, office.today)])
    first, second = [await office.send(content, key="monday") for _ in range(2)]
    assert (first.status_code, first.json()) == (second.status_code, second.json()) == (202, first.json())
    other = await office.send(packed([row(4, office.today)]), key="monday")
    assert other.json()["code"] == "idempotency-key-reused"
    for _ in range(2):
        assert (await office.send(content)).status_code == 202
    answer = await office.send(content)
    assert (answer.status_code, answer.json()["code"]) == (429, "too-many-imports")
    assert (await office.imports("DELETE", f"/{first.json()['id']}")).json()["code"] == "import-in-progress"
    await office.work()
    assert (await office.send(content, dry_run="perhaps")).status_code == 422
    assert (await office.imports("POST", "", None, Idempotency_Key="none")).status_code == 422
    assert (await office.imports("DELETE", f"/{first.json()['id']}")).status_code == 204
    assert (await office.imports("GET", f"/{first.json()['id']}")).status_code == 404
    listed = (await office.imports("GET")).json()["items"]
    assert len(listed) == 2
    assert (await office.get(""))["items"], "drafts stay"


async def test_rows_of_strangers_and_colleagues(office: Office) -> None:
    import_id = await office.sent([row(3, office.today)])
    stranger, colleague = Office(office.service), Office(office.service, office.colleague().actor)
    assert (await colleague.imports("GET", f"/{import_id}")).status_code == 200
    individual = Office(office.service, person(Role.SELF))
    for path in ("", "/rows", "/events", "/workbook"):
        assert (await stranger.imports("GET", f"/{import_id}{path}")).status_code == 404
        assert (await individual.imports("GET", f"/{import_id}{path}")).status_code == 403
    assert (await stranger.press(import_id)).status_code == 404
    assert (await stranger.imports("POST", f"/{import_id}/check")).status_code == 404
    file = {"files": [{"key": "E-3", "document_id": import_id}]}
    assert (await stranger.imports("POST", f"/{import_id}/files", file)).status_code == 404
    assert (await stranger.imports("DELETE", f"/{import_id}")).status_code == 404
    assert (await individual.send(b"{}")).status_code == 403


async def test_each_row_says_what_it_applies_for_and_what_of_it_is_not_kept(office: Office) -> None:
    not_kept = FieldProblem("", "not-kept", Text("セルF3は読み込みません", "Cell F3 is not read"))
    rows = [
        row(3, office.today, notices=(not_kept,)),
        row(4, office.today),
        replace(row(5, office.today), version=None),
    ]
    dry_run = await office.sent(rows, dry_run="true")
    import_id = await office.sent(rows)
    for sent in (dry_run, import_id):
        first, second, unknown = await office.rows(sent)
        kind = {"procedure": "EXTEND", "form_version": "extend-n-2026-02-27", "status_of_residence": "ENG_HUM_INT"}
        assert kind | {"applicant_name": "NGUYEN VAN AN"} == {code: first[code] for code in (*kind, "applicant_name")}
        (notice,) = first["notices"]
        assert (notice["code"], notice["message"]["ja"], notice["cell"]) == ("not-kept", "セルF3は読み込みません", None)
        assert second["notices"] == []
        assert (first["state"], unknown["form_version"], unknown["applicant_name"]) == ("files-missing", None, None)
    # As the draft is now, where somebody corrected it on its page.
    draft = await office.get(f"/{first['application_id']}")
    answer = await office.patch(draft["id"], {"form": {"name_roman": "NGUYEN VAN BINH"}}, draft["revision"])
    assert answer.status_code == 200, answer.text
    assert (await office.rows(import_id))[0]["applicant_name"] == "NGUYEN VAN BINH"
    assert (await office.rows(dry_run))[0]["applicant_name"] == "NGUYEN VAN AN"


async def test_same_as_last_takes_over_what_is_left_empty(office: Office) -> None:
    first = await office.sent([row(3, office.today)])
    await office.with_files(first)
    await office.file_rows(first)
    (filed,) = await office.rows(first)
    answer = await office.post(f"/{filed['application_id']}/withdraw", {"reason": "again"})
    assert answer.status_code == 200, answer.text
    before = (await office.get(f"/{filed['application_id']}"))["form"]
    only = {"residence_card_no": before["residence_card_no"], "requested_period": "Y5"}
    short = replace(row(9, office.today), form=only, same_as_last=True, notify_email=None)
    unknown = replace(row(10, office.today), form={}, same_as_last=True)
    good, lost = await office.rows(await office.sent([short, unknown]))
    copy = await office.get(f"/{good['application_id']}")
    assert copy["form"]["requested_period"] == "Y5"
    assert copy["form"]["name_roman"] == before["name_roman"]
    assert copy["notify"]["email"] == "an.nguyen@example.com"
    assert copy["photo_id"] is not None
    assert "no-earlier-application" in {each["code"] for each in lost["problems"]}


async def test_files_are_matched_to_rows_by_key(office: Office) -> None:
    import_id = await office.sent([row(3, office.today), replace(row(4, office.today), version=None)])
    wanted = [("E-3", "pdf"), ("E-4", "pdf"), ("E-99", "pdf"), ("E-3", "photo")]
    files = [
        {"key": key, "document_id": await office.file(kind), "codes": [] if kind == "photo" else ["RES_TAX"]}
        for key, kind in wanted
    ]
    answer = await office.imports("POST", f"/{import_id}/files", {"files": files})
    outcomes = [each["outcome"] for each in answer.json()["files"]]
    assert outcomes == ["attached", "no-draft", "no-such-row", "attached"]
    revision = (await office.get(f"/{(await office.rows(import_id))[0]['application_id']}"))["revision"]
    assert (await office.imports("POST", f"/{import_id}/files", {"files": files})).status_code == 200
    (first, _) = await office.rows(import_id)
    assert (await office.get(f"/{first['application_id']}"))["revision"] == revision, "nothing new"
    a_photo_as_pdf = {"key": "E-3", "document_id": await office.file("photo"), "codes": ["RES_TAX"]}
    answer = await office.imports("POST", f"/{import_id}/files", {"files": [a_photo_as_pdf]})
    assert answer.json()["files"][0]["outcome"] == "refused"
    assert (await office.get(f"/{first['application_id']}"))["revision"] == revision, "nothing was changed"
    assert await office.service.journal_problems() == []
    assert (await office.request("DELETE", f"/{first['application_id']}")).is_success
    answer = await office.imports("POST", f"/{import_id}/files", {"files": files[:2]})
    assert [each["outcome"] for each in answer.json()["files"]] == ["refused", "no-draft"]


async def test_progress_is_a_stream_of_events(office: Office) -> None:
    import_id = await office.sent([row(3, office.today)])
    answer = await office.imports("GET", f"/{import_id}/events")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.text.startswith("retry: 3000\nevent: progress\nid: ")
    assert '"state": "checked"' in answer.text
    last = answer.text.partition("id: ")[2].partition("\n")[0]
    assert (await office.imports("GET", f"/{import_id}/events", Last_Event_ID=last)).status_code == 204
    for other in ("", "x" * 300):
        answer = await office.imports("GET", f"/{import_id}/events", Last_Event_ID=other)
        assert '"state": "checked"' in answer.text, "it is somebody else's id"
    # Where many are open already a stream says how it is, and ends: the browser comes again.
    waiting = (await office.send(packed([row(4, office.today)]))).json()["id"]
    running = office.service.app.state.imports
    with running.watched(office.owner_id), running.watched(office.owner_id), running.watched(office.owner_id):
        answer = await office.imports("GET", f"/{waiting}/events")
    assert '"state": "reading"' in answer.text


async def test_imports_take_turns(office: Office, clock: ManualClock) -> None:
    many = await office.send(packed([row(number, office.today) for number in range(3, 1203)]))
    await office.work(steps=1)
    few = await office.send(packed([row(1003, office.today)]))
    # Each of the two steps of the one row waits for a step of each of four ranges at most.
    for _ in range(10):
        clock.advance(timedelta(seconds=1))
        await office.work(steps=1)
    assert (await office.look(few.json()["id"]))["state"] == "checked"
    assert (await office.look(many.json()["id"]))["state"] == "checking"
    await office.work()
    counted = Counter(each["state"] for each in await office.rows(many.json()["id"]))
    assert counted == {"files-missing": 1200}


async def test_a_workbook_of_ours_is_read_as_it_was_filled_in(office: Office, service: RunningService) -> None:
    service.app.state.imports.books = BookReader()
    rows = [FilledRow(f"E-{n}", row(n, office.today).form, notify_email="an@example.com") for n in (6, 7)]
    wrong = {**row(8, office.today).form, "birth_date": "31 June 1990"}
    plan = plan_for("EXTEND", "ENG_HUM_INT", office.today)
    assert plan is not None
    workbook = template_xlsx([SheetPlan(plan, [*rows, FilledRow("E-8", wrong)])], "en")
    answer = await office.send(workbook)
    await office.work()
    seen = await office.look(answer.json()["id"])
    assert (seen["state"], seen["kind"], seen["rows"]) == ("checked", "template-xlsx", 3)
    first, _, last = await office.rows(seen["id"])
    assert (first["key"], first["number"], first["state"]) == ("E-6", 6, "files-missing")
    assert (await office.get(f"/{first['application_id']}"))["form"]["name_roman"] == rows[0].form["name_roman"]
    problem = next(each for each in last["problems"] if each["pointer"] == "/form/birth_date")
    assert problem["cell"].endswith("8")
    await office.with_files(seen["id"])
    await office.file_rows(seen["id"])
    answer = await office.imports("GET", f"/{seen['id']}/workbook")
    assert answer.headers["content-disposition"].endswith("renewals-checked.xlsx")
    marked = [item async for item in BookReader().read(answer.content, "renewals-checked.xlsx", office.today)]
    assert [each.key for each in marked if isinstance(each, RowRead)] == ["E-6", "E-7", "E-8"]
    receipts = {each["receipt_number"] for each in await office.rows(seen["id"], "&state=filed")}
    printed = await office.imports("GET", f"/{seen['id']}/receipts", Accept_Language="ja")
    assert printed.headers["content-disposition"].endswith("renewals-receipts.pdf")
    page = text_of(printed.content)
    assert all(number in page for number in receipts)
    for shown in ("申請受付一覧", "件数: 2", "E-6", "NGUYEN VAN AN", "在留期間更新許可申請", "東京出入国在留管理局"):
        assert shown in page, shown
    assert f"{office.today} " in page, "day and hour of receipt"
    with ZipFile(BytesIO(answer.content)) as parts:
        written = "".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml"))
    assert len(receipts) == 2
    assert all(number in written for number in receipts)
    refused = await office.send(b"not a workbook at all")
    await office.work()
    answer = await office.imports("GET", f"/{refused.json()['id']}/receipts")
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing-filed")
    assert (await office.look(refused.json()["id"]))["problems"][0]["message"]["ja"]


async def test_renewals_are_an_import_whose_workbook_is_filled_in(
    office: Office, service: RunningService, clock: ManualClock
) -> None:
    service.app.state.imports.books = BookReader()
    names = ("NGUYEN VAN AN", "TRAN THI BE")
    last = []
    for number, name in enumerate(names):
        form = complete_form(office.today, f"AB{number:08}CD", name_roman=name)
        last.append(await office.filed(form=form))
        await office.review(ReviewStarted, last[-1])
        await office.review(ReviewCompleted, last[-1], stay_until=date(2027, 11, 20 + number))
    begun = await office.begin(form={"name_roman": "UNDER WAY", "stay_expiry": "2027-11-30"})
    clock.advance(timedelta(days=300))
    days, key = "?stay_from=2027-11-01&stay_to=2027-11-30", str(new_id())
    answer = await office.imports("POST", f"/renewals{days}", Idempotency_Key=key)
    assert answer.status_code == 202, answer.text
    assert (answer.json()["begun"], answer.json()["refused"], answer.json()["more"]) == (2, [], False)
    assert (await office.imports("POST", f"/renewals{days}", Idempotency_Key=key)).json() == answer.json()
    odd = await office.imports(
        "POST", "/renewals?stay_from=2027-11-30&stay_to=2027-11-01", Idempotency_Key=str(new_id())
    )
    assert odd.json()["errors"][0]["code"] == "ends-before-it-begins"
    await office.work()
    import_id = answer.json()["id"]
    seen = await office.look(import_id)
    assert (seen["name"], seen["counts"]["wrong"]) == ("renewals_2027-11-01_2027-11-30.xlsx", 2)
    rows = await office.rows(import_id)
    assert tuple(each["applicant_name"] for each in rows) == names
    numbers = [(await office.get(f"/{one}"))["receipt_number"] for one in last]
    assert [each["key"] for each in rows] == [parse_receipt_number(each).ascii for each in numbers]
    # What ended with the last stay is asked again, each in its cell; the rest is there.
    missing = {each["pointer"]: each["cell"] for each in rows[0]["problems"]}
    assert missing.keys() >= {"/form/stay_expiry", "/form/residence_card_no"}
    assert "/form/name_roman" not in missing
    assert missing["/form/stay_expiry"].endswith("6"), "the empty cell, which is marked in the workbook"
    refused = await office.imports("POST", f"/renewals{days}", Idempotency_Key=str(new_id()))
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing-to-renew"), "they are under way"
    assert {each["id"] for each in (await office.get("?status=draft"))["items"]} == {
        begun,
        *(each["application_id"] for each in rows),
    }

    workbook = (await office.imports("GET", f"/{import_id}/workbook")).content
    read = [
        each async for each in BookReader().read(workbook, "marked.xlsx", office.today) if isinstance(each, RowRead)
    ]
    plan = plan_for("EXTEND", "ENG_HUM_INT", office.today)
    assert plan is not None
    filled = [
        FilledRow(each.key, complete_form(office.today, f"CD{number:08}AB") | {"name_roman": names[number]})
        for number, each in enumerate(read)
    ]
    assert [each.form["name_roman"] for each in read] == list(names)
    sent = await office.send(template_xlsx([SheetPlan(plan, filled)], "en"))
    await office.work()
    again = await office.rows(sent.json()["id"])
    assert [each["application_id"] for each in again] == [each["application_id"] for each in rows]
    assert {each["state"] for each in again} == {"files-missing"}
    # A cell that cannot be read asks for its answer, also where the draft had one: else nobody could correct it there.
    born = filled[0].form["birth_date"]
    filled[0] = FilledRow(filled[0].key, {**filled[0].form, "birth_date": "31 June 1990"})
    unread = await office.send(template_xlsx([SheetPlan(plan, filled)], "en"))
    await office.work()
    wrong = (await office.rows(unread.json()["id"], "&state=wrong"))[0]
    draft = await office.get(f"/{wrong['application_id']}")
    assert "birth_date" not in draft["form"]
    await office.patch(draft["id"], {"form": {"birth_date": born}}, draft["revision"])
    sent = unread
    # What is filed with the corrected file is filed in the first one too, and waits for nobody.
    second = sent.json()["id"]
    needed = (await office.get("/needs"))["stays"]["items"]
    assert [each["status"] for each in needed] == ["draft"] * 3, "what is granted is being renewed"
    assert (await office.imports("POST", f"/{second}/check")).status_code == 202
    await office.work()
    await office.with_files(second)
    assert (await office.file_rows(second))["counts"]["filed"] == 2
    filed = {each["key"]: each["receipt_number"] for each in await office.rows(second)}
    assert {each["key"]: each["receipt_number"] for each in await office.rows(import_id, "&state=filed")} == filed
    assert [each["id"] for each in (await office.get("/needs"))["stays"]["items"]] == [begun]
