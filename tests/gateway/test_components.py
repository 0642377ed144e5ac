"""The page of components: it shows every component, and only where a setting asks for it."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from services.gateway.app import create_app
from services.gateway.pages.kit.components import PATH
from services.gateway.settings import Settings
from services.gateway.texts import PAGES
from tests.gateway.browser import Page
from tests.guards.sources import ROOT

KIT = ROOT / "services/gateway/templates/kit"
_OFFERED = re.compile(r"^{% set (\w+) = (\w+)\.(\w+) %}$", re.M)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(Settings(components_page=True, cookie_secure=False))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        yield client


@pytest.mark.parametrize("lang", ["ja", "en"])
async def test_the_page_of_components_is_a_page_like_others(client: httpx.AsyncClient, lang: str) -> None:
    """Every id is there once, every field has its label, every mistake is described."""
    page = Page(await client.get(PATH, headers={"Accept-Language": lang, "Accept": "text/html"}))
    assert page.status == 200
    assert {"aria-invalid"} <= {name for _, attributes in page.tags for name in attributes}


async def test_the_page_of_components_is_nowhere_unless_it_is_asked_for() -> None:
    app = create_app(Settings(cookie_secure=False))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        assert (await client.get(PATH)).status_code == 404


def test_every_component_stands_on_the_page() -> None:
    shown = (KIT / "components.html").read_text(encoding="utf-8")
    offered = {name for name, _, _ in _OFFERED.findall((KIT / "parts.html").read_text(encoding="utf-8"))}
    assert len(offered) > 40
    assert [name for name in sorted(offered) if f"parts.{name}(" not in shown] == []


def test_parts_offers_every_component_of_its_files_under_its_own_name() -> None:
    for name, _, own in _OFFERED.findall((KIT / "parts.html").read_text(encoding="utf-8")):
        assert name == own


def test_every_component_is_described_at_the_top_of_its_file() -> None:
    for name, file, _ in _OFFERED.findall((KIT / "parts.html").read_text(encoding="utf-8")):
        head = (KIT / f"{file}.html").read_text(encoding="utf-8").partition("#}")[0]
        assert re.search(rf"\b{name}\b", head), f"{file}.html: {name}"


def test_every_text_of_the_page_is_shown() -> None:
    shown = (KIT / "components.html").read_text(encoding="utf-8")
    code = (ROOT / "services/gateway/pages/kit/components.py").read_text(encoding="utf-8")
    unused = [name for name in PAGES["ja"]["components"] if not re.search(rf'\bc\.{name}\b|"{name}"', shown + code)]
    assert unused == []
