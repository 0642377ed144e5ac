"""HEAD on pages, and bodies that are packed."""

import gzip

import pytest

from tests.cases.pages import DraftPages, house

__all__ = ["house"]


@pytest.mark.parametrize("path", ["/", "/register", "/sign-in", "/terms", "/no-such-page"])
async def test_head_is_answered_as_get_without_the_page(house: DraftPages, path: str) -> None:
    """[attacks F13] Scanners of mail ask by HEAD whether a link is good."""
    client = (await house.front.browser()).client
    asked, shown = await client.head(path), await client.get(path)
    assert (asked.status_code, asked.content) == (shown.status_code, b"")
    assert asked.headers["content-type"] == shown.headers["content-type"]


@pytest.mark.parametrize("path", ["/session", "/api/v1/applications", "/usage-registration"])
async def test_packed_body_is_refused_with_the_reason(house: DraftPages, path: str) -> None:
    """[attacks F13] It is not read as JSON that has mistakes."""
    client = (await house.front.browser()).client
    headers = {"Origin": house.front.url, "Content-Encoding": "gzip", "Content-Type": "application/json"}
    answer = await client.post(path, content=gzip.compress(b"{}"), headers=headers | {"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "content-encoding-not-supported")
