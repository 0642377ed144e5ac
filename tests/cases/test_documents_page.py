"""The page on which documents are uploaded, for a screen reader and for somebody who forgets to choose a file."""

from tests.cases.pages import ENTERED, GO_ON, DraftPages, attributes_of, house, linked
from tests.services.document import files

__all__ = ["house"]
CATEGORY_3 = ENTERED | {"organisation_category": "CAT3"}


async def test_no_file_chosen_is_told_as_that(house: DraftPages) -> None:
    """[newcomers S2-10] Nobody is asked to open a file that was never chosen."""
    browser = await house.front.browser()
    page = await browser.send(await house.begun(browser), GO_ON, **CATEGORY_3)
    refused = await browser.upload(page, page.form_to("/UA_CATEGORY"), b"")
    assert (refused.status, linked(refused)) == (422, ["UA_CATEGORY"])
    assert "Choose a file (an empty file cannot be uploaded)" in refused.texts["li"]


async def test_an_uploaded_file_has_its_name_size_and_date_and_can_be_opened(house: DraftPages) -> None:
    """[newcomers S2-11] It is called uploaded, not submitted; only its writer opens it."""
    browser, other = await house.front.browser(), await house.front.browser()
    page = await browser.send(await house.begun(browser), GO_ON, **CATEGORY_3)
    page = await browser.upload(page, page.form_to("/UA_CATEGORY"), files.pdf())
    await house.deliver_files()
    page = await browser.open(page.path)
    assert "Uploaded file" in page.shown
    assert "KB" in page.shown
    assert "20 November 2026" in page.shown
    href = page.links["scan.pdf"]
    opened = await browser.client.get(href)
    assert opened.status_code == 303
    assert "documents/" in opened.headers["location"]
    stranger = await other.client.get(href)
    assert stranger.headers["location"] == "/usage-registration?done=gone"
    unknown = await browser.client.get(f"{href.rpartition('/')[0]}/00000000-0000-4000-8000-000000000000")
    assert unknown.status_code == 404


async def test_each_file_field_is_named_after_its_document(house: DraftPages) -> None:
    """[newcomers S2-25] A screen reader hears the title, and not five times "PDF file"."""
    browser = await house.front.browser()
    page = await browser.send(await house.begun(browser), GO_ON, **CATEGORY_3)
    inputs = [attributes for tag, attributes in page.tags if attributes.get("type") == "file"]
    assert len(inputs) > 1
    for one in inputs:
        title, label = one["aria-labelledby"].split()
        assert title == f"{one['id']}-title"
        assert attributes_of(page, title)
        assert attributes_of(page, label)["for"] == one["id"]


async def test_nobody_is_asked_for_a_file_of_what_was_just_typed(house: DraftPages) -> None:
    """[newcomers S2-12] Forms are not asked for, and are taken where somebody has them."""
    browser = await house.front.browser()
    page = await browser.send(await house.begun(browser), GO_ON, **ENTERED)
    assert "Nothing is missing" in page.shown
    assert "replace the official forms" in page.shown
    page = await browser.upload(page, page.form_to("/UA_FORM"), files.pdf())
    await house.deliver_files()
    confirm = await browser.open(f"{page.path.partition('#')[0]}".replace("/documents", "/confirm"))
    assert [text for text in confirm.texts["li"] if text.startswith("Usage registration form: scan.pdf")]
