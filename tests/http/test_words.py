"""Texts in answers: both official languages, and the caller's where that is another one."""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from fastapi import APIRouter
from pydantic import Field

from shared import languages, translations
from shared.auth import public
from shared.http import Words, create_app
from shared.languages import LANGUAGES, Lang
from shared.texts import Text


class Document(Words):
    """A document with its name."""

    code: str = Field(examples=["PASSPORT"])


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> httpx.AsyncClient:
    def messages(lang: Lang) -> Mapping[str, str]:
        return {"Passport": "Hộ chiếu", "At most {most} files": "Tối đa {most} tệp"} if lang == "vi" else {}

    monkeypatch.setattr(languages, "OFFERED", tuple(LANGUAGES))
    monkeypatch.setattr(translations, "messages", messages)
    router = APIRouter(prefix="/v1", dependencies=[public])

    @router.get("/documents")
    async def documents() -> list[Document]:
        few = Text("{most}件まで", "At most {most} files").with_values(most=1200)
        return [Document(ja="旅券", en="Passport", code="PASSPORT"), Document.of(few, code="MOST")]

    return httpx.AsyncClient(transport=httpx.ASGITransport(create_app("t", "1", [router])), base_url="http://t")


async def test_an_answer_has_the_official_languages_and_the_callers(client: httpx.AsyncClient) -> None:
    async def asked(lang: str) -> Any:
        return (await client.get("/v1/documents", headers={"Accept-Language": lang})).json()

    passport = {"ja": "旅券", "en": "Passport", "code": "PASSPORT"}
    most = {"ja": "1,200件まで", "en": "At most 1,200 files", "code": "MOST"}
    async with client:
        assert await asked("en") == [passport, most]
        assert await asked("vi") == [passport | {"vi": "Hộ chiếu"}, most | {"vi": "Tối đa 1.200 tệp"}]
        assert await asked("ko") == [passport | {"ko": "Passport"}, most | {"ko": "At most 1,200 files"}]
