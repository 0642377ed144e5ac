"""The whole way of a usage registration in a browser: registration and the document service behind the gateway."""

from datetime import timedelta

from shared.events.document import DocumentAccepted, DocumentDeleted
from shared.events.registration import UsageRegistrationReturned, UsageRegistrationSubmitted
from shared.ids import new_id
from tests.cases.pages import EMAIL, ENTERED, GO_ON, LATER, DraftPages, house
from tests.gateway.browser import Browser, Page
from tests.services.document import files
from tests.services.registration.site import PASSWORD

__all__ = ["house"]


async def _on_paper(browser: Browser, page: Page, *codes: str) -> Page:
    for code in codes:
        page = await browser.send(page, page.form_to("/documents", do="paper", code=code))
    return page


async def test_from_the_first_page_to_the_receipt_number_with_a_file(house: DraftPages) -> None:
    browser = await house.front.browser()
    start = await browser.open("/sign-in")
    choice = await browser.follow(start, "First time here? Register")
    assert [path for path in choice.values("a", "href") if "role=" in path] == [
        *(f"/register/personal?role={role}" for role in ("lawyer_scrivener", "self", "legal_rep", "relative")),
        *(
            f"/usage-registration?role={role}"
            for role in ("org_staff", "supervising_org_staff", "public_interest_staff", "rso_staff")
        ),
    ]
    empty = await browser.send(await browser.open("/usage-registration"), "Send me the link", email="")
    assert (empty.status, "#email" in empty.values("a", "href")) == (422, True)
    doubted = await browser.send(empty, "Send me the link", email="hanako@yaho.co.jp")
    assert (doubted.status, "Did you mean hanako@yahoo.co.jp?" in doubted.shown) == (200, True)
    sent = await browser.send(doubted, "Send me the link")
    assert "hanako@yaho.co.jp" in sent.texts["dd"], "sent to it, as it was entered twice"
    form = await house.begun(browser)
    path, mailed = form.path, await house.mailed()
    key = mailed.rpartition(".")[2]
    assert path == mailed.rpartition(".")[0]
    assert key not in form.answer.text
    (cookie,) = [c for c in browser.client.cookies.jar if c.value == key]
    assert (cookie.path, cookie.has_nonstandard_attr("HttpOnly")) == ("/", True)
    assert form.form(GO_ON).fields["role"] == "org_staff"

    # Half of it, and later, on the same page, what is missing: each mistake with a link to its field.
    half = await browser.send(form, LATER, organisation_name="株式会社見本", organisation_postal_code="100")
    assert "Saved" in half.shown
    checked = await browser.send(half, GO_ON)
    assert checked.path == f"{path}?checked=true"
    linked = {link for link in checked.values("a", "href") if link.startswith("#")}
    assert {"#organisation_postal_code", "#applicant_name", "#pledge_accepted", "#organisation_category"} <= linked
    assert linked - {"#content"} <= {f"#{a['id']}" for _, a in checked.tags if "id" in a}
    assert checked.form(GO_ON).fields["organisation_name"] == "株式会社見本"
    letters = await browser.send(checked, GO_ON, **ENTERED | {"organisation_employees": "many"})
    assert (letters.path, "Enter a number of people, like 85" in letters.shown) == (f"{path}?checked=true", True)
    kept = letters.form(GO_ON).fields
    assert (kept["applicant_name"], kept["organisation_employees"]) == ("見本 花子", "many")

    documents = await browser.send(letters, GO_ON, **ENTERED | {"organisation_category": "CAT3"})
    assert documents.path == f"{path}/documents"
    missing = await browser.follow(documents, "Check whether anything is missing")
    assert missing.status == 422
    asked = {link for link in missing.values("a", "href") if link.startswith("#UA")}
    assert asked == {"#UA_CATEGORY"}, "evidence alone is asked for"
    sent_to = missing.form_to("/UA_CATEGORY")
    refused = await browser.upload(missing, sent_to, b"no pdf")
    assert refused.status == 422
    (wrong,) = [i for form in refused.forms for i in form.inputs if i.get("id") == "UA_CATEGORY"]
    assert wrong["aria-invalid"] == "true"
    assert "#UA_CATEGORY" in refused.values("a", "href")
    sent = await browser.upload(refused, refused.form_to("/UA_CATEGORY"), files.pdf())
    assert (sent.path, "The file is being processed" in sent.shown) == (f"{path}/documents", True)
    await house.deliver_files()
    ready = await browser.open(sent.path)
    assert "The file is being processed" not in ready.shown
    done = await browser.send(await browser.follow(ready, "Check your answers"), "Submit")
    receipt = (await house.site.events(UsageRegistrationSubmitted))[0]
    assert (done.path, receipt.receipt_number in done.shown) == (path, True)
    assert len(receipt.document_ids) == 1
    again = await browser.open(f"{path}/documents")
    assert again.path == path


async def test_a_file_is_removed_and_paper_taken_back(house: DraftPages) -> None:
    browser = await house.front.browser()
    form = await house.begun(browser)
    documents = await browser.send(form, LATER, **ENTERED)
    documents = await browser.open(f"{form.path}/documents")
    documents = await browser.upload(documents, documents.form_to("/UA_FORM"), files.pdf())
    documents = await _on_paper(browser, documents, "UA_PLEDGE")
    (accepted,) = [event for event in await house.document.events() if isinstance(event, DocumentAccepted)]
    opened = await browser.client.get(f"{form.path}/documents/{accepted.document_id}")
    assert (await browser.client.get(opened.headers["location"])).content.startswith(b"%PDF")
    assert (await browser.client.get(f"{form.path}/documents/{new_id()}")).status_code == 404
    gone = documents.form_to("/documents", do="remove", code="UA_FORM", document_id=str(accepted.document_id))
    documents = await browser.send(documents, gone)
    documents = await browser.send(documents, documents.form_to("/documents", do="remove", code="UA_PLEDGE"))
    assert not [form for form in documents.forms if form.fields.get("do") == "remove"]
    (deleted,) = [event for event in await house.document.events() if isinstance(event, DocumentDeleted)]
    assert deleted.document_id == accepted.document_id


async def test_who_was_slower_chooses_which_version_stays(house: DraftPages) -> None:
    desk, phone = await house.front.browser(), await house.front.browser()
    at_desk = await house.begun(desk)
    on_phone = await phone.open(await house.mailed())
    await phone.send(on_phone, LATER, organisation_name="電話", role="org_staff")
    slower = await desk.send(at_desk, LATER, organisation_name="机", applicant_name="花子", role="org_staff")
    assert (slower.status, "was changed in another window" in slower.h1) == (409, True)
    set_all = await desk.send(slower, "Select what I typed here for all")
    over = await desk.send(set_all, "Save the selected versions")
    assert "Saved" in over.shown
    mine = (await phone.open(at_desk.path)).form(LATER).fields
    assert (mine["organisation_name"], mine["applicant_name"]) == ("机", "花子")


async def test_rows_are_added_one_by_one_and_named_where_they_are_wrong(house: DraftPages) -> None:
    browser = await house.front.browser()
    form = await house.begun(browser)
    assert "pledged_organisations_0_name" not in form.form(LATER).fields
    page = await browser.send(form, LATER, **ENTERED | {"role": "rso_staff"})
    assert page.form(LATER).enter == LATER, "Enter in a field saves, and adds no row"
    for place, number in enumerate(("2120901007402", "2120901007402")):
        assert f"pledged_organisations_{place + 1}_name" not in page.form(LATER).fields
        row = {f"pledged_organisations_{place}_corporate_number": number, f"pledged_organisations_{place}_name": "工業"}
        page = await browser.send(page, "Save and add a row", **row)
    assert page.form(LATER).fields["pledged_organisations_2_name"] == ""
    checked = await browser.send(page, GO_ON)
    assert "#pledged_organisations_1_corporate_number" in checked.values("a", "href")
    assert "pledged_organisations_2_name" not in checked.form(LATER).fields


async def test_no_key_a_wrong_key_and_anothers_draft_lead_to_the_same_page(house: DraftPages) -> None:
    writer, other = await house.front.browser(), await house.front.browser()
    mine = await house.begun(writer)
    await house.begun(other, "taro@example.co.jp")
    own_key = (await house.mailed()).rpartition(".")[2]
    for path in (
        mine.path,
        f"{mine.path}.{own_key}",
        f"{mine.path}.{'x' * 43}",
        f"{mine.path}/documents",
        "/usage-registration/draft/00000000-0000-4000-8000-000000000000",
        "/usage-registration/draft/nothing.at-all",
    ):
        page = await other.open(path)
        assert (page.path, "The registration is not open on this device" in page.shown) == (
            "/usage-registration?done=gone",
            True,
        )
    pdf = {"file": ("a.pdf", files.pdf())}
    address = f"/upload/usage-registration/{mine.path.rpartition('/')[2]}/UA_FORM"
    refused = await other.client.post(address, files=pdf, headers={"Origin": house.front.url})
    assert (refused.status_code, refused.headers["location"]) == (303, "/usage-registration?done=gone")
    assert (await writer.client.post(address, files=pdf, headers={"Origin": "https://evil.test"})).status_code == 403
    assert await house.document.events() == []


async def test_a_returned_registration_is_corrected_on_the_page_that_its_email_links_to(house: DraftPages) -> None:
    submitted = await house.site.submit()
    officer = await house.site.officer()
    items = {"items": [{"code": "UA_PLEDGE", "message": "日付がありません。"}]}
    await house.site.decide(submitted["id"], "return", items, officer)
    browser = await house.front.browser()
    page = await browser.open(await house.mailed(UsageRegistrationReturned))
    assert {"Correct the following and resubmit", "Pledge:", "日付がありません。", submitted["receipt_number"]} <= {
        text for texts in page.texts.values() for text in texts
    }
    documents = await browser.send(page, GO_ON, pledge_accepted="yes", terms_accepted="yes")
    assert "日付がありません。" in documents.shown
    documents = await browser.send(documents, documents.form_to("/documents", do="remove", code="UA_PLEDGE"))
    await browser.upload(documents, documents.form_to("/UA_PLEDGE"), files.pdf())
    await house.deliver_files()
    ready = await browser.open(documents.path)
    done = await browser.send(await browser.follow(ready, "Check your answers"), "Submit")
    assert submitted["receipt_number"] in done.shown
    seen = (await house.site.get(f"/v1/usage-registrations/{submitted['id']}", officer)).json()
    assert seen["status"] == "submitted"
    assert {line["code"]: line["handed_in"] for line in seen["document_list"]}["UA_PLEDGE"] == "file"


async def test_a_link_is_requested_again_and_the_answer_reveals_nothing(house: DraftPages) -> None:
    browser = await house.front.browser()
    await house.begun(browser)
    first = await house.mailed()
    shown = set()
    for email in (EMAIL, "nobody@example.jp"):
        page = await browser.open("/usage-registration/link")
        shown.add((await browser.send(page, "Send me the link", email=email)).shown.replace(email, "ADDRESS"))
    assert len(shown) == 1
    asked = await browser.send(await browser.open("/usage-registration/link"), "Send me the link", email="a@gmail.co")
    assert "Did you mean a@gmail.com?" in asked.shown
    await house.site.work_timers()
    assert await house.mailed() != first


async def test_a_signed_in_person_needs_no_email_and_no_other_account_opens_the_draft(house: DraftPages) -> None:
    person = await house.site.person()
    house.front.clock.advance(timedelta(minutes=1))
    browser, stranger = await house.front.browser(), await house.front.browser()
    page = await browser.sign_in(person.login_id, PASSWORD, return_to="/usage-registration?role=rso_staff")
    form = await browser.send(page, "Start a new one")
    assert form.form(LATER).fields["role"] == "rso_staff"
    assert form.path in (await browser.open("/usage-registration")).values("a", "href")
    documents = await browser.open(f"{form.path}/documents")
    uploaded = await browser.upload(documents, documents.form_to("/UA_FORM"), files.pdf())
    assert "The file is being processed" in uploaded.shown
    without_token = documents.form_to("/UA_CHECK")
    without_token.attributes["action"] = without_token.attributes["action"].partition("?")[0]
    assert (await browser.upload(documents, without_token, files.pdf())).status == 403
    unsigned = await browser.post(form, LATER, {"csrf_token": "0"})
    assert unsigned.status_code == 403
    assert (await stranger.open(form.path)).path == "/usage-registration?done=gone"
