"""Before and after a usage registration is submitted: everything once more, and a copy with what happens next."""

from datetime import date
from pathlib import Path

import pytest

from shared.events.registration import UsageRegistrationSubmitted
from shared.reference.agreements import agreements
from tests.cases.pages import EMAIL, ENTERED, GO_ON, DraftPages, fields_of, house
from tests.gateway.browser import Browser, Page
from tests.services.registration.site import ORGANISATION, submission

__all__ = ["house"]
VERSION = "2026-11-01"


async def _ready(house: DraftPages, **more: str) -> tuple[Browser, Page]:
    browser = await house.front.browser()
    return browser, await browser.send(await house.begun(browser), GO_ON, **ENTERED | more)


async def test_everything_is_shown_once_more_with_the_way_to_change_it(house: DraftPages) -> None:
    """[newcomers S2-13] Nothing is submitted before; each answer leads back to its field."""
    browser, documents = await _ready(house)
    confirm = await browser.follow(documents, "Check your answers")
    draft = confirm.path.removesuffix("/confirm")
    assert {"株式会社見本", "見本 花子", "東京都千代田区霞が関1-1-1"} <= set(confirm.texts["span"])
    assert {"Tokyo", "10,000,000", "Category 4"} <= {text.strip() for text in confirm.texts["dd"]}
    form = await browser.open(draft)
    ids = {attributes["id"] for _, attributes in form.tags if "id" in attributes}
    changes = [href for href in confirm.values("a", "href") if href.startswith(f"{draft}#")]
    assert len(changes) == len(ENTERED) + 1, "and the language of the emails"
    assert {href.partition("#")[2] for href in changes} <= ids
    assert await house.site.events(UsageRegistrationSubmitted) == []
    await browser.send(confirm, "Submit")
    assert len(await house.site.events(UsageRegistrationSubmitted)) == 1


async def test_an_unfinished_one_cannot_be_confirmed(house: DraftPages) -> None:
    """[newcomers S2-13] Missing answers come first, with links to the fields."""
    browser = await house.front.browser()
    page = await house.begun(browser)
    early = await browser.open(f"{page.path}/confirm")
    assert early.status == 422
    assert f"{page.path}?checked=true#organisation_name" in early.values("a", "href")


async def test_the_receipt_is_a_copy_that_survives_reload_and_another_language(house: DraftPages) -> None:
    """[newcomers S2-13] Number, copy, paper with the office's address, usual days; at an address of its own. Both are
    not confirmed, and the page says so."""
    browser, documents = await _ready(house, organisation_category="CAT3")
    paper = documents.form_to("/documents", do="paper", code="UA_CATEGORY")
    documents = await browser.send(documents, paper)
    receipt = await browser.send(await browser.follow(documents, "Check your answers"), "Submit")
    for page in (receipt, await browser.open(receipt.path), await browser.open(f"{receipt.path}?lang=ja")):
        assert page.status == 200
        assert "東利申26-000001-" in " ".join(page.texts["strong"])
        assert "株式会社見本" in page.shown
        assert "〒108-8255 東京都港区港南5-5-30" in page.shown
        assert EMAIL in page.shown
        assert "/terms?version=" + VERSION in page.values("a", "href")
    assert "Confirm the address of the office on the website" in receipt.shown
    assert "one to two weeks" in receipt.shown
    assert "This is an estimate" in receipt.shown
    assert "Proof of the category: on paper" in receipt.texts["li"]
    assert receipt.path.startswith("/usage-registration/draft/")
    elsewhere = await (await house.front.browser()).open(receipt.path)
    assert "株式会社見本" not in elsewhere.shown


async def test_terms_and_pledge_are_published_and_linked_and_their_version_is_kept(house: DraftPages) -> None:
    """[newcomers S1-6] In both languages, marked as samples; the officer sees which version was agreed to."""
    browser = await house.front.browser()
    page = await house.begun(browser)
    for kind, title in (("terms", "Terms of use"), ("pledge", "Pledge")):
        assert f"/{kind}?version={VERSION}" in page.values("a", "href")
        text = await browser.open(f"/{kind}?version={VERSION}")
        assert (text.h1, "Version of 1 November 2026" in text.shown) == (title, True)
        assert "This is a sample" in text.shown
        assert "見本です" in (await browser.open(f"/{kind}?lang=ja")).shown
        await browser.open(f"/{kind}?lang=en")
        assert (await browser.get(f"/{kind}?version=2020-01-01")).status_code == 404
    documents = await browser.send(page, GO_ON, **ENTERED)
    await browser.send(await browser.follow(documents, "Check your answers"), "Submit")
    officer = await house.site.officer()
    seen = (await house.site.get(f"/v1/usage-registrations/{page.path.rpartition('/')[2]}", officer)).json()
    assert seen["agreements"] == {"terms": VERSION, "pledge": VERSION}


async def test_a_version_that_is_not_in_force_any_more_is_agreed_to_again(house: DraftPages) -> None:
    """[newcomers S1-6] Ticked before the text changed: told at the box, with everything else that is wrong."""
    browser = await house.front.browser()
    page = await house.begun(browser)
    checked = await browser.send(page, GO_ON, **ENTERED | {"terms_version": "2025-01-01"})
    assert "The terms of use have changed" in checked.shown
    assert fields_of(checked, GO_ON)["terms_version"] == VERSION
    assert (await browser.send(checked, GO_ON)).path.endswith("/documents")
    body = submission(pledge_version="2025-01-01", organisation=ORGANISATION | {"category": "CAT4"}, documents=[])
    refused = await house.site.post("/v1/usage-registrations", body)
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [
        ("/pledge_accepted", "agreement-changed")
    ]


def test_an_operators_own_texts_take_the_place_of_the_samples(tmp_path: Path) -> None:
    """[newcomers S1-6] A directory of TOML files; a mistake in one is reported with its name."""
    body = '[ja]\ntitle = "規約"\nbody = "第一"\n[en]\ntitle = "Terms"\nbody = "First"\n'
    for name in ("terms-2026-01-01.toml", "terms-2027-04-01.toml", "pledge-2026-01-01.toml"):
        (tmp_path / name).write_text(body, encoding="utf-8")
    own = agreements(str(tmp_path))
    assert own.in_force(date(2027, 3, 31)) == {"terms": "2026-01-01", "pledge": "2026-01-01"}
    assert own.in_force(date(2027, 4, 1))["terms"] == "2027-04-01"
    assert own.current("terms", date(2026, 5, 1)).title.en == "Terms"
    (tmp_path / "terms-2027-05-01.toml").write_text('[ja]\ntitle = "規約"\nbody = "第一"\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"terms-2027-05-01\.toml"):
        agreements(str(tmp_path))
