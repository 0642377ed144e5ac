"""Two windows with one draft: neither version is lost, and nothing is saved before its writer has chosen."""

from tests.cases.pages import ENTERED, LATER, DraftPages, fields_of, house, linked
from tests.gateway.browser import Browser, Page

__all__ = ["house"]
SAVE = "Save the selected versions"


async def _conflict(house: DraftPages) -> tuple[Browser, Page]:
    """The second window after it has saved too late: another name, address, capital and department."""
    first, second = await house.front.browser(), await house.front.browser()
    page = await house.begun(first)
    other = await second.open(await house.mailed())
    await first.send(page, LATER, **ENTERED)
    mine = {
        "organisation_name": "机",
        "organisation_address": "",
        "organisation_capital_yen": "many",
        "applicant_department": "人事\x07部",
    }
    return second, await second.send(other, LATER, **ENTERED | mine)


async def test_enter_saves_nothing_and_says_so(house: DraftPages) -> None:
    """[newcomers S1-3] The first button saves the choices, and there are none yet."""
    browser, page = await _conflict(house)
    assert (page.status, page.form(SAVE).enter) == (409, SAVE)
    assert "is not saved yet" in page.shown
    assert "Saved." not in page.shown
    entered = await browser.send(page, page.form(SAVE).enter)
    assert (entered.status, "Saved." in entered.shown) == (409, False)
    assert linked(entered) == [
        "organisation_name",
        "organisation_address",
        "organisation_capital_yen",
        "applicant_department",
    ]
    saved = fields_of(await browser.open(page.path))
    assert (saved["organisation_name"], saved["organisation_capital_yen"]) == ("株式会社見本", "10000000")


async def test_both_versions_are_shown_and_chosen_field_by_field(house: DraftPages) -> None:
    """[newcomers S1-3] Only the fields that differ, mine beside theirs; what cannot be read is not lost either."""
    browser, page = await _conflict(house)
    assert {"株式会社見本", "机", "東京都千代田区霞が関1-1-1"} <= set(page.texts["span"])
    assert "applicant_name" not in {name.removeprefix("keep_") for name in page.form(SAVE).fields if "keep_" in name}
    chosen = {
        "keep_organisation_name": "theirs",
        "keep_organisation_address": "theirs",
        "keep_organisation_capital_yen": "mine",
        "keep_applicant_department": "mine",
    }
    saved = await browser.send(page, SAVE, **chosen)
    fields = fields_of(saved)
    assert (fields["organisation_name"], fields["organisation_capital_yen"]) == ("株式会社見本", "many")
    assert fields["organisation_address"] == "東京都千代田区霞が関1-1-1"
    assert fields["applicant_department"] == "人事\x07部"
    assert linked(saved) == ["organisation_capital_yen", "applicant_department"]


async def test_one_version_for_all_is_confirmed_before_it_replaces_the_other(house: DraftPages) -> None:
    """[newcomers S1-3] The buttons only select; a second one saves."""
    browser, page = await _conflict(house)
    mine = await browser.send(page, "Select what I typed here for all")
    assert (mine.status, "Saving replaces the saved version" in mine.shown) == (409, True)
    assert fields_of(await browser.open(page.path))["organisation_name"] == "株式会社見本"
    theirs = await browser.send(mine, "Select the saved version for all")
    assert fields_of(theirs, SAVE)["organisation_name"] == "机", "what was typed is still there"
    saved = await browser.send(mine, SAVE)
    assert fields_of(saved)["organisation_name"] == "机"
    assert fields_of(saved)["organisation_address"] == ""


async def test_a_third_version_meanwhile_is_a_conflict_again(house: DraftPages) -> None:
    """[newcomers S1-3] A choice between two versions is not saved over a third."""
    browser, page = await _conflict(house)
    chosen = await browser.send(page, "Select what I typed here for all")
    third = await browser.open(page.path)
    await browser.send(third, LATER, organisation_name="三")
    again = await browser.send(chosen, SAVE)
    assert (again.status, {"三", "机"} <= set(again.texts["span"])) == (409, True)
    assert fields_of(await browser.open(page.path))["organisation_name"] == "三"
    saved = await browser.send(again, SAVE, keep_organisation_name="mine")
    assert fields_of(saved)["organisation_name"] == "机"


async def test_equal_versions_are_no_conflict(house: DraftPages) -> None:
    """[newcomers S1-3] The same typed in both windows is saved, however it is written."""
    first, second = await house.front.browser(), await house.front.browser()
    page = await house.begun(first)
    other = await second.open(await house.mailed())
    await first.send(page, LATER, **ENTERED)
    same = await second.send(other, LATER, **ENTERED | {"organisation_capital_yen": "10000000"})
    assert (same.status, "Saved." in same.shown) == (200, True)
