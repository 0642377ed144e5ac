"""The pages of a usage registration: their questions and messages, and what a language switch leaves in place."""

from services.gateway.pages.kit.static import address
from shared.events.registration import UsageRegistrationReturned
from tests.cases.pages import EMAIL, ENTERED, GO_ON, LATER, DraftPages, attributes_of, fields_of, house, linked
from tests.gateway.browser import Page

__all__ = ["house"]


async def test_everything_that_is_wrong_is_told_in_one_round(house: DraftPages) -> None:
    """[newcomers S2-14] Each with what to do at its field."""
    browser = await house.front.browser()
    checked = await browser.send(await house.begun(browser), GO_ON, organisation_postal_code="100", applicant_phone="1")
    assert {
        "Choose a prefecture",
        "Enter the name of the organisation",
        "Enter the capital as a number (0 if there is none)",
        "Read the terms of use and tick the box",
    } <= {text.partition(": ")[2] or text for text in checked.texts["a"]} | set(checked.texts["li"])
    assert {"organisation_postal_code", "applicant_phone", "organisation_prefecture"} <= set(linked(checked))
    after = await browser.send(checked, GO_ON, **ENTERED)
    assert after.path.endswith("/documents"), "nothing new comes up in a second round"


async def test_mistakes_are_listed_in_the_order_of_the_form(house: DraftPages) -> None:
    """[newcomers S2-19] Postal code, prefecture, address; the list of organisations before the pledge."""
    browser = await house.front.browser()
    checked = await browser.send(await house.begun(browser), GO_ON, role="rso_staff")
    order = linked(checked)
    assert {"organisation_address", "pledged_organisations", "pledge_accepted"} <= set(order)
    on_page = [a["id"] for _, a in checked.tags if a.get("id") in order]
    assert order == on_page


async def test_the_list_of_mistakes_has_the_focus(house: DraftPages) -> None:
    """[newcomers S2-18] Without a script: the one thing on the page that asks for it."""
    browser = await house.front.browser()
    checked = await browser.send(await house.begun(browser), GO_ON)
    focused = [attributes for _, attributes in checked.tags if "autofocus" in attributes]
    assert [(one["id"], one["tabindex"]) for one in focused] == [("problem", "-1")]


async def test_every_field_says_whether_it_is_required(house: DraftPages) -> None:
    """[newcomers S2-20] Beside its label, and to a screen reader."""
    browser = await house.front.browser()
    page = await house.begun(browser)
    optional = {"organisation_name_kana", "applicant_department"}
    for one in page.form(LATER).inputs:
        if one.get("type") in ("hidden", "radio"):
            continue
        required = "aria-required" in attributes_of(page, one["id"])
        assert required == (one["id"] not in optional), one["id"]
    marks = page.texts["span"]
    assert (marks.count("Optional"), marks.count("Required")) == (2, 14)
    sign_in = await browser.open("/sign-in")
    assert sign_in.texts["span"].count("Required") == 2


async def test_switching_the_language_keeps_what_is_typed(house: DraftPages) -> None:
    """[newcomers S2-21] The switch saves, and Enter still presses the button that saves."""
    browser = await house.front.browser()
    page = await house.begun(browser)
    assert page.form(LATER).enter == LATER
    switched = await browser.send(page, "日本語", **ENTERED | {"organisation_capital_yen": "many"})
    assert (switched.h1, fields_of(switched, "English")["organisation_capital_yen"]) == ("利用申出の作成", "many")
    back = await browser.send(switched, "English", organisation_name="机")
    assert fields_of(back)["organisation_name"] == "机"


async def test_the_page_says_where_the_link_went_and_how_long_it_works(house: DraftPages) -> None:
    """[newcomers S2-22] Address, validity, sender; the address is in no URL."""
    browser = await house.front.browser()
    for path in ("/usage-registration?role=org_staff", "/usage-registration/link"):
        sent = await browser.send(await browser.open(path), "Send me the link", email=EMAIL)
        assert {EMAIL, "30 days"} <= set(sent.texts["dd"])
        assert "在留申請オンライン" in sent.texts["span"]
        assert EMAIL not in sent.path
        assert EMAIL in (await browser.open(sent.path)).shown


async def test_an_officers_japanese_says_so_on_an_english_page(house: DraftPages) -> None:
    """[newcomers S2-26] Names of codes, or nothing; `lang` on the words."""
    submitted = await house.site.submit()
    officer = await house.site.officer()
    items = [
        {"code": "other", "message": "登記上の所在地をご記入ください。"},
        {"code": "UA_PLEDGE", "message": "日付がありません。"},
    ]
    await house.site.decide(submitted["id"], "return", {"items": items}, officer)
    browser = await house.front.browser()
    page = await browser.open(await house.mailed(UsageRegistrationReturned))
    assert _in_japanese(page, "登記上の所在地をご記入ください。")
    assert '<li><span lang="ja">登記上の所在地をご記入ください。</span></li>' in page.answer.text
    assert '<li>Pledge: <span lang="ja">日付がありません。</span></li>' in page.answer.text
    assert not _in_japanese(await browser.open(f"{page.path}?lang=ja"), "登記上の所在地をご記入ください。")


async def test_a_row_is_added_also_after_an_empty_one(house: DraftPages) -> None:
    """[newcomers S3] The button does what it says, whatever stands in the first row."""
    browser = await house.front.browser()
    page = await browser.send(await house.begun(browser), LATER, **ENTERED | {"role": "rso_staff"})
    page = await browser.send(page, "Save and add a row")
    assert "pledged_organisations_1_name" in fields_of(page)
    page = await browser.send(page, "Save and add a row", pledged_organisations_1_name="工業")
    assert (fields_of(page)["pledged_organisations_0_name"], "pledged_organisations_2_name" in fields_of(page)) == (
        "工業",
        True,
    )


def _in_japanese(page: Page, words: str) -> bool:
    """Whether the words are in a tag that says they are Japanese."""
    return f'<span lang="ja">{words}</span>' in page.answer.text


async def test_a_form_can_be_printed_before_it_is_submitted(house: DraftPages) -> None:
    """[newcomers S3] On paper the fields are there, and the buttons are not."""
    browser = await house.front.browser()
    style = (await browser.client.get(address("zairyu.css"))).text
    printed = style.partition("@media print {")[2]
    (rule,) = [line for line in printed.splitlines() if "display: none" in line]
    hidden = {one.strip() for one in rule.partition("{")[0].split(",")}
    assert "button" in hidden
    assert not {"form", "input", "select", "fieldset", "dl"} & hidden
