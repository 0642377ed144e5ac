"""The draft of an application in a browser without scripts: begun, filled in topic by topic, and never lost."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import pytest

from deploy.local.object_store import ObjectStore as S3Server
from shared.clock import ManualClock
from tests.gateway.browser import Page
from tests.gateway.portal import (
    BACK,
    EXTENSION,
    NEXT,
    WAY,
    Portal,
    begin,
    complete_extension,
    fill_topic,
    form_of,
    photo_form,
    portal_site,
    ready,
    upload_several,
)
from tests.infra.databases import TestDatabase
from tests.services.document import files
from tests.services.registration.life import colleague, memberships


@pytest.fixture
async def portal(service_database: Callable[[str], TestDatabase], object_store: S3Server) -> AsyncIterator[Portal]:
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    async with portal_site(service_database, clock, object_store) as made:
        yield made


def linked(page: Page) -> set[str]:
    """The fields that the list of mistakes links to. Each is on the page."""
    ids = set(page.values("a", "href"))
    return {href[1:] for href in ids if href.startswith("#") and href not in ("#content", "#problem")}


async def test_a_form_of_the_list_is_begun_once_however_often_the_button_is_pressed(portal: Portal) -> None:
    browser = await portal.filer()
    page = await browser.open("/applications/new/forms")
    form = form_of(page, "EXTEND")
    first, second = [await browser.send(page, form, choice=EXTENSION) for _ in range(2)]
    assert first.path == second.path
    assert len((await browser.client.get("/api/v1/applications")).json()["items"]) == 1


async def test_a_probable_slip_in_the_applicants_address_is_asked_about_once(portal: Portal) -> None:
    browser = await portal.filer()
    path = await begin(browser)
    page = await browser.open(f"{path}/notify")
    assert "accept those from zairyu.local" in page.shown
    asked = await browser.send(page, NEXT, email="an.nguyen@gmail.con")
    assert "Did you mean an.nguyen@gmail.com?" in asked.shown
    assert (await browser.send(asked, NEXT)).path != f"{path}/notify"
    again = await browser.open(f"{path}/notify")
    assert again.form(NEXT).fields["email"] == "an.nguyen@gmail.con"


async def test_questions_lead_to_a_form(portal: Portal) -> None:
    """The answers stand in the address, each can be changed, and the draft that they lead to is begun."""
    browser = await portal.filer()
    page = await browser.follow(await browser.open("/applications/new"), "Find it by questions")
    wrong = await browser.send(page, "Continue")
    assert wrong.status == 422
    assert linked(wrong) == {"answer"}
    for _ in range(20):
        if "Start the draft" in {button for form in page.forms for button in form.buttons}:
            break
        page = await browser.send(page, "Continue", answer=_answer(page))
    assert "Engineer / Specialist in Humanities / International Services" in page.shown
    assert "where=japan" in page.path
    earlier = await browser.follow(page, "Back to the question before")
    assert earlier.path.count("=") == page.path.count("=") - 1
    assert (await browser.open("/applications/new/questions?where=nowhere")).path == "/applications/new/questions"
    draft = await browser.send(page, "Start the draft")
    kept = await portal.kept(browser, draft.path.partition("?")[0])
    assert (kept["procedure"], kept["status_of_residence"]) == ("EXTEND", "ENG_HUM_INT")


def _answer(page: Page) -> str:
    """The answer of somebody who goes on in the same office work."""
    return WAY[page.form("Continue").fields["question"]]


async def test_the_whole_way_of_an_extension(portal: Portal) -> None:
    """Topics, photo, documents, contact, review, submission; the receipt number is shown, and pressing again changes
    nothing."""
    browser = await portal.filer()
    path = await ready(portal, browser)
    overview = await browser.open(path)
    assert "Everything is filled in. Check it, then submit." in overview.shown
    review = await browser.open(f"{path}/review")
    answers = {text for texts in review.texts.values() for text in texts}
    assert {"NGUYEN VAN AN", "3 years", "株式会社例示ソフト", "30,000,000 yen", "100-0013"} <= answers
    form = review.form("Submit the application")
    refused = await browser.send(review, "Submit the application", truth_confirmed="yes")
    assert refused.status == 422
    assert linked(refused) == {"intent_confirmed"}
    ticked = {"intent_confirmed": "yes", "truth_confirmed": "yes"}
    filed = await browser.send(review, "Submit the application", **ticked)
    assert filed.path == f"{path}/receipt"
    assert "東オンＥＮ26000001" in filed.shown
    again = await browser.send(review, form, **ticked)
    assert "東オンＥＮ26000001" in again.shown
    assert (await portal.kept(browser, path))["status"] == "received"


async def test_what_is_right_is_kept_and_what_is_wrong_is_shown_as_typed(portal: Portal) -> None:
    browser = await portal.filer()
    path = await begin(browser)
    page = await browser.open(f"{path}/form/person")
    typed = {"birth_date": "when I was young", "name_roman": "nguyễn văn an", "nationality": "Viet nam"}
    wrong = await browser.send(page, NEXT, **typed)
    assert wrong.status == 422
    assert "birth_date" in linked(wrong)
    fields = wrong.form(NEXT).fields
    assert fields["birth_date"] == "when I was young"
    assert fields["name_roman"] == "NGUYEN VAN AN"
    assert (await portal.kept(browser, path))["form"] == {"name_roman": "NGUYEN VAN AN", "nationality": "VNM"}
    right = await browser.send(wrong, BACK, birth_date="平成7年4月12日")
    assert right.path == path
    assert (await portal.kept(browser, path))["form"]["birth_date"] == "1995-04-12"


@pytest.mark.parametrize("base", ["[" * 5000, '{"occupation": "\\ud800"}', '{"occupation": 7}', "null", "{"])
async def test_a_page_that_does_not_say_what_it_was_made_from_saves_what_was_typed(portal: Portal, base: str) -> None:
    browser = await portal.filer()
    path = await begin(browser)
    page = await browser.open(f"{path}/form/person")
    page.form(NEXT).fields["base"] = base
    wrong = await browser.send(page, NEXT, occupation="engineer", birth_date="never")
    assert wrong.status == 422
    assert (await portal.kept(browser, path))["form"] == {"occupation": "engineer"}


async def test_the_address_of_a_postal_code_is_filled_in(portal: Portal) -> None:
    browser = await portal.filer()
    page = await browser.open(f"{await begin(browser)}/form/contact")
    fill_in = "Fill in the address from the postal code"
    unknown = await browser.send(page, fill_in, jp_postal="999-9999")
    assert "No address is known for this postal code." in unknown.shown
    filled = await browser.send(unknown, fill_in, jp_postal="100-0013")
    assert filled.form(NEXT).fields["jp_address"] == "東京都千代田区霞が関"


async def test_a_country_that_is_not_in_the_list_is_refused_with_those_that_resemble_it(portal: Portal) -> None:
    browser = await portal.filer()
    path = await begin(browser)
    page = await browser.open(f"{path}/form/person")
    wrong = await browser.send(page, NEXT, nationality="Vietnamm", sex="M")
    assert linked(wrong) == {"nationality"}
    assert "Close to it: " in wrong.shown
    assert wrong.form(NEXT).fields["nationality"] == "Vietnamm"
    assert (await portal.kept(browser, path))["form"] == {"sex": "M"}


async def test_fields_that_an_answer_of_another_topic_rules_out_are_left_out(portal: Portal) -> None:
    """Until that answer is given they stand there with their condition; when they are asked, without it."""
    browser = await portal.filer()
    path = await begin(browser, "COE:STUDENT:")

    async def laboratory() -> tuple[bool, bool, bool]:
        page = await browser.open(f"{path}/form/laboratory")
        names = page.form(NEXT).fields
        return "school-lab-name" in names, "school-lab-theme" in names, "Only if" in page.shown

    assert await laboratory() == (True, True, True)
    for enrolment, shown in (("21", (False, True, False)), ("11", (True, True, False))):
        page = await browser.open(f"{path}/form/enrolment")
        await fill_topic(browser, page, {"school": {"enrolment": enrolment}})
        assert await laboratory() == shown


async def test_rows_are_added_and_removed_without_losing_what_was_typed(portal: Portal) -> None:
    browser = await portal.filer()
    path = await begin(browser)
    page = await browser.open(f"{path}/form/family")
    add, drop = "Add a row: Family in Japan and co-residents", "Remove this row"
    page = await browser.send(page, add, **{"has_family": "yes", "family-0-name": "TRAN THI BINH"})
    page = await browser.send(page, add, **{"family-1-name": "NGUYEN VAN CUONG"})
    assert page.form(NEXT).fields["has_family"] == "yes"
    page.form(NEXT).buttons[drop] = ("do", "drop:family:0", "")
    page = await browser.send(page, drop, **{"family-2-name": "NGUYEN THI DUNG"})
    fields = page.form(NEXT).fields
    assert [fields[f"family-{row}-name"] for row in range(2)] == ["NGUYEN VAN CUONG", "NGUYEN THI DUNG"]
    assert (await portal.kept(browser, path))["form"] == {}
    await browser.send(page, BACK)
    kept = (await portal.kept(browser, path))["form"]
    assert [row["name"] for row in kept["family"]] == [
        "ＮＧＵＹＥＮ　ＶＡＮ　ＣＵＯＮＧ",
        "ＮＧＵＹＥＮ　ＴＨＩ　ＤＵＮＧ",
    ]


async def test_two_colleagues_lose_nothing_on_one_draft(portal: Portal) -> None:
    """Different fields merge; for the same field both answers are shown, and one is chosen."""
    officer = await portal.site.officer()
    one = await portal.browser(await portal.site.person(officer))
    other_person = await colleague(portal.site, officer, "taro@example.co.jp", applicant={"name": "見本 太郎"})
    await portal.exchange()
    other = await portal.browser(other_person)
    path = await begin(one)
    mine, theirs = [await browser.open(f"{path}/form/person") for browser in (one, other)]
    await other.send(theirs, BACK, occupation="designer", home_address="Hanoi")
    page = await one.send(mine, NEXT, occupation="engineer", name_roman="NGUYEN VAN AN")
    assert page.status == 422
    assert linked(page) == {"occupation"}
    assert "見本 太郎 has changed it to “designer”" in page.shown
    assert page.form(NEXT).fields["occupation"] == "engineer"
    kept = (await portal.kept(one, path))["form"]
    assert (kept["occupation"], kept["name_roman"], kept["home_address"]) == ("designer", "NGUYEN VAN AN", "Ｈａｎｏｉ")
    taken = await one.send(page, "Use “designer”")
    assert taken.form(NEXT).fields["occupation"] == "designer"
    await one.send(page, BACK)
    assert (await portal.kept(one, path))["form"]["occupation"] == "engineer"


async def test_two_colleagues_fill_in_one_table(portal: Portal) -> None:
    """Each cell is merged or compared on its own; what only one of them changed is kept."""
    officer = await portal.site.officer()
    one = await portal.browser(await portal.site.person(officer))
    other_person = await colleague(portal.site, officer, "taro@example.co.jp", applicant={"name": "見本 太郎"})
    await portal.exchange()
    other = await portal.browser(other_person)
    path = await begin(one)
    page = await one.open(f"{path}/form/family")
    first = {"has_family": "yes", "family-0-name": "A", "family-0-workplace": "x"}
    page = await one.send(page, "Add a row: Family in Japan and co-residents", **first)
    await one.send(page, BACK, **{"family-1-name": "B"})
    mine, theirs = [await browser.open(f"{path}/form/family") for browser in (one, other)]
    await other.send(theirs, BACK, **{"family-0-name": "C", "family-1-workplace": "z"})
    page = await one.send(mine, NEXT, **{"family-0-name": "D", "family-0-workplace": "y"})
    assert (page.status, linked(page)) == (422, {"family-0-name"})
    assert "見本 太郎 has changed it to" in page.shown
    fields = page.form(NEXT).fields
    assert (fields["family-0-name"], fields["family-0-workplace"], fields["family-1-workplace"]) == ("D", "ｙ", "ｚ")
    taken = await one.send(page, "Use “Ｃ”")
    fields = taken.form(NEXT).fields
    assert (fields["family-0-name"], fields["family-0-workplace"]) == ("Ｃ", "ｙ")
    await one.send(page, BACK)
    kept = (await portal.kept(one, path))["form"]["family"]
    assert [(row["name"], row["workplace"]) for row in kept] == [("Ｄ", "ｙ"), ("Ｂ", "ｚ")]


async def test_the_script_saves_what_is_typed_and_is_told_what_could_not_be_saved(portal: Portal) -> None:
    browser = await portal.filer()
    path = await begin(browser)
    page = await browser.open(f"{path}/form/person")
    form = page.form(NEXT)
    typed = {**form.fields, "occupation": "engineer", "birth_date": "never"}
    headers = {"Origin": browser.url, "Accept": "application/json"}
    answer = await browser.client.post(f"{path}/form/person/autosave", data=typed, headers=headers)
    found = answer.json()
    assert (answer.status_code, found["complete"], list(found["errors"])) == (200, False, ["birth_date"])
    assert (await portal.kept(browser, path))["form"] == {"occupation": "engineer"}
    # What the page is made from now says that the job is kept and the date is not.
    typed |= {"base": found["base"], "occupation": "designer", "birth_date": "1995/4/12"}
    answer = await browser.client.post(f"{path}/form/person/autosave", data=typed, headers=headers)
    assert answer.json()["complete"]
    assert (await portal.kept(browser, path))["form"] == {"occupation": "designer", "birth_date": "1995-04-12"}


async def test_the_script_overwrites_nothing_that_a_colleague_saved(portal: Portal) -> None:
    """It reports the other's answer each time, until the person has seen both on the page."""
    officer = await portal.site.officer()
    one = await portal.browser(await portal.site.person(officer))
    other_person = await colleague(portal.site, officer, "taro@example.co.jp")
    await portal.exchange()
    other = await portal.browser(other_person)
    path = await begin(one)
    mine, theirs = [await browser.open(f"{path}/form/person") for browser in (one, other)]
    await other.send(theirs, BACK, occupation="designer")
    typed = {**mine.form(NEXT).fields, "occupation": "engineer", "sex": "M"}
    headers = {"Origin": one.url, "Accept": "application/json"}
    for _ in range(2):
        found = (await one.client.post(f"{path}/form/person/autosave", data=typed, headers=headers)).json()
        assert list(found["others"]) == ["occupation"]
        assert (await portal.kept(one, path))["form"] == {"occupation": "designer", "sex": "M"}
        typed["base"] = found["base"]


async def test_problems_lead_to_their_fields(portal: Portal) -> None:
    """The overview counts what is left of each topic; the link of a problem shows it beside its field."""
    browser = await portal.filer()
    path = await begin(browser)
    page = await browser.open(f"{path}/form/organisation")
    await fill_topic(browser, page, complete_extension(portal.clock) | {"org": {"name": "株式会社例示ソフト"}}, BACK)
    overview = await browser.open(path)
    assert "Fill in: Branch or office" in overview.links
    field = await browser.follow(overview, "Fill in: Branch or office")
    assert field.path == f"{path}/form/organisation?checked=true"
    assert {"org-branch-wrong", "org-tel-wrong"} <= set(field.values("ul", "id"))
    unasked = await browser.open(f"{path}/form/organisation")
    assert "org-branch-wrong" not in unasked.values("ul", "id")


async def test_files_are_sent_replaced_and_removed(portal: Portal) -> None:
    browser = await portal.filer()
    path = await begin(browser)
    page = await browser.open(f"{path}/photo")
    refused = await browser.upload(page, photo_form(page), b"no picture")
    assert refused.status == 422
    assert "PHOTO-wrong" in refused.values("ul", "id")
    sent = await browser.upload(page, photo_form(page), files.jpeg())
    assert "The photo was checked and can be used." in sent.shown
    assert "Height of the face in print: 26" in sent.shown
    wrong = await browser.upload(sent, photo_form(sent), files.jpeg(), crop_left="half", crop_top="0", crop_width="50")
    assert (wrong.status, linked(wrong)) == (422, {"crop_left"})
    part = {"crop_left": "0", "crop_top": "0", "crop_width": "60"}
    sent = await browser.upload(sent, photo_form(sent), files.jpeg(1200, 1600), **part)
    assert "The face is not in the middle" in sent.shown
    assert "far out of the range" in sent.shown
    first = (await portal.kept(browser, path))["photo_id"]
    await browser.upload(sent, photo_form(sent), files.jpeg(1200, 1600))
    assert (await portal.kept(browser, path))["photo_id"] not in (None, first)
    page = await browser.open(f"{path}/documents")
    none = await upload_several(browser, page, ())
    assert linked(none) == {"SEVERAL"}
    page = await browser.upload(page, page.form_to("/CAT_PROOF"), files.pdf())
    assert [one["codes"] for one in (await portal.kept(browser, path))["documents"]] == [["CAT_PROOF"]]
    page = await browser.upload(page, page.form_to("/CAT_PROOF"), files.pdf(2))
    assert "pages: 2" in page.answer.text
    assert len((await portal.kept(browser, path))["documents"]) == 1
    # Of a file that cannot be used as it is a repaired copy is offered, and taken with the owner's word.
    page = await browser.upload(page, page.form_to("/CAT_PROOF"), files.restricted_pdf())
    assert page.status == 422
    page = await browser.send(page, "Use the repaired copy")
    assert "CAT_PROOF-wrong" in page.values("ul", "id")
    page = await browser.send(page, "Use the repaired copy", own_file="yes")
    assert len((await portal.kept(browser, path))["documents"]) == 1
    assert "pages: 1" in page.answer.text
    # What is in a file is said otherwise afterwards, and never nothing.
    codes = page.form("Save the documents of this file")
    for ticked, status in ((["CAT_PROOF", "RES_TAX"], 303), ([], 422)):
        typed = codes.fields | {"do": "codes", "codes": ticked}
        answer = await browser.client.post(f"{path}/documents", data=typed, headers={"Origin": browser.url})
        assert answer.status_code == status
        kept = (await portal.kept(browser, path))["documents"]
        assert [one["codes"] for one in kept] == [["CAT_PROOF", "RES_TAX"]]
    page = await browser.open(f"{path}/documents")
    await browser.send(page, next(form for form in page.forms if "Remove the file" in form.buttons))
    assert (await portal.kept(browser, path))["documents"] == []
    photo = await browser.open(f"{path}/photo")
    await browser.send(photo, "Remove the photo")
    assert (await portal.kept(browser, path))["photo_id"] is None


async def test_a_photo_that_is_not_needed_is_not_asked_for_and_can_be_taken_off(portal: Portal) -> None:
    """Of an infant no photo is needed: the page says why, offers no upload, and removes one that is attached."""
    browser = await portal.filer()
    path = await begin(browser)
    page = await browser.open(f"{path}/photo")
    await browser.upload(page, photo_form(page), files.jpeg())
    page = await browser.open(f"{path}/form/person")
    await fill_topic(browser, page, {"birth_date": "2026-04-01"})
    page = await browser.open(f"{path}/photo")
    assert "A photo is needed from the age of 1." in page.shown
    assert not [form for form in page.forms if form.fields.get("kind") == "photo"]
    page = await browser.send(page, "Remove the photo")
    assert (await portal.kept(browser, path))["photo_id"] is None
    assert "Remove the photo" not in page.shown


async def test_a_draft_that_will_be_deleted_says_when(portal: Portal) -> None:
    """Until something is entered: what was worked on stays."""
    browser = await portal.filer()
    path = await begin(browser)
    assert "Kept until" in (await browser.open(path)).shown
    await fill_topic(browser, await browser.open(f"{path}/form/person"), {"birth_date": "1995-04-12"})
    assert "Kept until" not in (await browser.open(path)).shown


async def test_another_procedure_is_chosen_without_losing_answers(portal: Portal) -> None:
    """Answers that the other form does not ask are kept aside; a procedure filed together adds its own topic."""
    browser = await portal.filer()
    path = await begin(browser)
    page = await browser.open(f"{path}/form/request")
    await browser.send(page, BACK, extension_reason="the contract goes on")
    page = await browser.follow(await browser.open(path), "Change procedure or status")
    changed = await browser.send(page, "Change", choice="CHANGE:ENG_HUM_INT:")
    assert changed.h1.startswith("Change of status of residence")
    kept = await portal.kept(browser, path)
    assert (kept["procedure"], kept["set_aside"]) == ("CHANGE", {"extension_reason": "the contract goes on"})
    page = await browser.open(f"{path}/procedure")
    back = await browser.send(page, "Change", choice="EXTEND:ENG_HUM_INT:", combined_with="REENTRY")
    assert "Re-entry permit" in back.shown
    kept = await portal.kept(browser, path)
    assert kept["form"]["extension_reason"] == "the contract goes on"
    assert kept["combined_with"] == ["REENTRY"]


async def test_what_was_typed_before_the_session_ended_is_sent_after_signing_in_again(portal: Portal) -> None:
    person = await portal.site.person()
    await portal.exchange()
    browser = await portal.browser(person)
    path = await begin(browser)
    page = await browser.open(f"{path}/form/person")
    browser.client.cookies.delete("zairyu_session")
    signing_in = await browser.send(page, NEXT, occupation="engineer")
    assert signing_in.path.startswith("/sign-in")
    kept = await browser.send(signing_in, "Sign in", login_id=person.login_id, password=person.password)
    assert kept.path == "/kept-form"
    assert "engineer" in kept.shown
    await browser.send(kept, kept.form_to("/form/person"))
    assert (await portal.kept(browser, path))["form"] == {"occupation": "engineer"}


async def test_a_draft_in_an_older_form_is_taken_over_into_the_new_one(
    service_database: Callable[[str], TestDatabase], object_store: S3Server
) -> None:
    clock = ManualClock(datetime(2026, 2, 26, 3, 0, tzinfo=UTC))
    async with portal_site(service_database, clock, object_store) as portal:
        person = await portal.site.person()
        await portal.exchange()
        browser = await portal.browser(person)
        path = await begin(browser)
        await browser.send(await browser.open(f"{path}/form/person"), BACK, occupation="engineer")
        assert "There is a newer form" not in (await browser.open(path)).shown
        clock.advance(timedelta(days=1))
        browser = await portal.browser(person)
        renewed = await browser.send(await browser.open(path), "Change to the new form")
        assert "The draft has the new form now" in renewed.shown
        kept = await portal.kept(browser, path)
        assert (kept["form_version"], kept["form"]) == ("extend-n-2026-02-27", {"occupation": "engineer"})


async def test_a_draft_is_deleted_after_a_question(portal: Portal) -> None:
    browser = await portal.filer()
    path = await begin(browser)
    question = await browser.follow(await browser.open(path), "Delete the draft")
    assert (await portal.kept(browser, path))["status"] == "draft"
    gone, again = [await browser.send(question, "Delete") for _ in range(2)]
    assert "The draft was deleted." in gone.shown and again.shown == gone.shown, "pressed twice"
    assert (await browser.get(path)).status_code == 404


async def test_a_draft_is_handed_over_and_taken_over_by_name(portal: Portal) -> None:
    """The people of one organisation see each other's names; who left it has none."""
    officer = await portal.site.officer()
    first_person = await portal.site.person(officer)
    one = await portal.browser(first_person)
    other_person = await colleague(portal.site, officer, "taro@example.co.jp", applicant={"name": "見本 太郎"})
    await portal.exchange()
    other = await portal.browser(other_person)
    path = await begin(one)
    page = await one.open(path)
    assert "Take over" not in page.answer.text
    nobody = await one.send(page, "Hand over")
    assert (nobody.status, "account_id" in nobody.links.values()) == (422, False)
    handed = await one.send(page, "Hand over", account_id=str(other_person.account_id))
    assert "Your colleague is in charge now." in handed.shown
    assert "見本 太郎" in handed.shown
    seen = await other.open(path)
    assert "見本 太郎 (you)" in seen.shown
    topic = await one.open(f"{path}/form/person")
    await one.send(topic, BACK, occupation="engineer")
    assert "by 見本 花子" in (await other.open(path)).shown
    taken = await one.send(await one.open(path), "Take over")
    assert "You are in charge now." in taken.shown
    headers = await portal.site.signed_in(first_person)
    (membership,) = await memberships(portal.site, headers)
    await portal.site.post(f"/v1/accounts/me/memberships/{membership['id']}/leave", headers=headers)
    await portal.exchange()
    left = await other.open(path)
    assert "見本 花子" not in left.shown
    assert "a colleague who no longer uses this system" in left.shown


async def test_an_earlier_application_is_begun_again_without_what_cannot_be_true_any_more(portal: Portal) -> None:
    browser = await portal.filer()
    path = await begin(browser)
    page = await browser.open(f"{path}/form/person")
    await browser.send(page, NEXT, name_roman="NGUYEN VAN AN", occupation="engineer")
    page = await browser.open(f"{path}/form/request")
    await browser.send(page, BACK, extension_reason="the contract goes on")
    earlier = await browser.follow(await browser.open("/applications/new"), "Begin from an earlier application")
    copied = await browser.send(earlier, "Start a draft from this")
    assert "What was not taken over" in copied.shown
    form = (await portal.kept(browser, copied.path.partition("?")[0]))["form"]
    assert form["name_roman"] == "NGUYEN VAN AN"
    assert "extension_reason" not in form
    assert (await portal.kept(browser, path))["form"]["extension_reason"] == "the contract goes on"


async def test_a_draft_is_its_owners_alone(portal: Portal) -> None:
    officer = await portal.site.officer()
    one = await portal.browser(await portal.site.person(officer))
    number = {"corporate_number": "2120901007402", "name": "見本工業株式会社"}
    stranger = await portal.site.person(officer, organisation=number, applicant={"email": "other@example.co.jp"})
    await portal.exchange()
    other = await portal.browser(stranger)
    path = await begin(one)
    for page in ("", "/form/person", "/photo", "/documents", "/notify", "/review", "/delete"):
        assert (await other.get(path + page)).status_code == 404, page
    nobody = await portal.front.browser()
    assert (await nobody.open(f"{path}/review")).path.startswith("/sign-in")


async def test_a_filed_application_is_not_edited(portal: Portal) -> None:
    browser = await portal.filer()
    path = await ready(portal, browser)
    topic = await browser.open(f"{path}/form/person")
    review = await browser.open(f"{path}/review")
    await browser.send(review, "Submit the application", intent_confirmed="yes", truth_confirmed="yes")
    for page in ("/form/person", "/photo", "/documents", "/notify", "/review"):
        assert (await browser.open(path + page)).path.partition("?")[0] == path
    await browser.send(topic, NEXT, occupation="designer")
    assert (await portal.kept(browser, path))["form"]["occupation"] == "ソフトウェア技術者"
