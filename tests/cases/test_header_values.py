"""Values that a page passes on in a header have that header's shape, whatever its form or cookie brought."""

import pytest

from tests.cases.pages import ENTERED, DraftPages, house

__all__ = ["house"]

# What a cookie's quoted value stands for: line ends, NUL, another control character, a byte above 0x7F.
_QUOTED = (r'"\015\012X: y"', r'"\000"', r'"\001"', r'"a\012"', r'"\377"')
_NO_REVISION = ('1"\r\nX: y', "1\n", "\0", "\x01", "-1", "*", '1", *, "', "１", "日", "", "9" * 400)


@pytest.mark.parametrize("revision", _NO_REVISION)
async def test_a_revision_that_is_none_is_answered_with_both_versions(house: DraftPages, revision: str) -> None:
    """[attacks F13] It is an old version: nothing is saved over another, nothing is lost, and nothing fails."""
    browser = await house.front.browser()
    page = await house.begun(browser)
    typed = {**ENTERED, "revision": revision, "do": "save"}
    answer = await browser.client.post(page.path, data=typed, headers={"Origin": house.front.url})
    assert answer.status_code == 409
    assert ENTERED["organisation_name"] in answer.text
    assert ENTERED["organisation_name"] not in (await browser.client.get(page.path)).text


@pytest.mark.parametrize("value", _QUOTED)
async def test_a_cookie_that_nobody_set_is_none(house: DraftPages, value: str) -> None:
    """[attacks F13] Quoted, a cookie can hold line ends; the page answers as it does without the cookie."""
    browser, other = await house.front.browser(), await house.front.browser()
    page = await house.begun(browser)
    (name,) = [cookie.name for cookie in browser.client.cookies.jar if "_draft_" in cookie.name]
    for path in (page.path, f"{page.path}/documents"):
        for method in ("GET", "POST"):
            headers = {"Origin": house.front.url, "Cookie": f"{name}={value}"}
            answer = await other.client.request(method, path, headers=headers)
            assert (answer.status_code, answer.headers["location"]) == (303, "/usage-registration?done=gone")
