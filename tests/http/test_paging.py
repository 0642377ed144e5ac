"""Following `next` shows every item once."""

import json
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from pydantic import BaseModel

from shared.auth import public
from shared.http import Page, PageQuery, create_app

START = datetime(2026, 4, 1, tzinfo=UTC)


class Item(BaseModel):
    at: datetime
    id: UUID


# Several items at the same moment: the id decides between them.
ITEMS = [Item(at=START + timedelta(hours=n // 3), id=UUID(int=n)) for n in range(25)]


def build() -> FastAPI:
    router = APIRouter(dependencies=[public])

    @router.get("/items")
    async def items(paging: PageQuery) -> Page[Item]:
        after = paging.after(datetime, UUID)
        rest = [item for item in ITEMS if after is None or (item.at, item.id) > after]
        return paging.page(rest[: paging.limit + 1], key=lambda item: (item.at, item.id))

    return create_app("t", "1", [router])


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(build()), base_url="http://t") as made:
        yield made


@pytest.mark.parametrize("limit", [1, 7, 24, 25, 26, 200])
async def test_following_next_shows_every_item_once_and_ends(client: httpx.AsyncClient, limit: int) -> None:
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (await client.get("/items", params={"limit": limit, **({"cursor": cursor} if cursor else {})})).json()
        assert 0 < len(page["items"]) <= limit
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
    assert seen == [str(item.id) for item in ITEMS]


ID = str(UUID(int=1))
MADE_UP = [
    ["2026-04-01T00:00:00", ID],
    ["2026-04-01", ID],
    ["0001-01-01T00:00:00+14:00", ID],
    ["9999-12-31T23:59:59-14:00", ID],
    [1, ID],
    [None, ID],
    ["2026-04-01T00:00:00Z", "no-id"],
    ["2026-04-01T00:00:00Z", 1],
    ["2026-04-01T00:00:00Z", ID, ID],
    [["2026-04-01T00:00:00Z", ID]],
    [float("inf"), ID],
    [],
    {},
]


def encoded(parts: object) -> str:
    return urlsafe_b64encode(json.dumps(parts).encode()).decode()


@pytest.mark.parametrize("cursor", ["nonsense", "%ff", "", *map(encoded, MADE_UP)])
async def test_a_cursor_that_is_not_of_this_list_is_refused(client: httpx.AsyncClient, cursor: str) -> None:
    answer = await client.get("/items", params={"cursor": cursor})
    assert answer.status_code == 422
    assert [(e["place"], e["pointer"], e["code"]) for e in answer.json()["errors"]] == [
        ("query", "/cursor", "bad-cursor")
    ]


@pytest.mark.parametrize("limit", [0, 201, "many"])
async def test_a_page_has_a_largest_size(client: httpx.AsyncClient, limit: object) -> None:
    assert (await client.get("/items", params={"limit": str(limit)})).status_code == 422
