"""Files on their way from a form to the document service: passed on while they arrive, with the token of a record."""

import re
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Query, Request
from starlette.responses import Response

from services.gateway.edge.context import Desk
from services.gateway.pages.kit.client import Answer, ServiceClient, Session
from services.gateway.pages.kit.forms import Message, Trouble
from services.gateway.pages.kit.frame import see
from services.gateway.texts import PAGES
from shared.errors import NotFound
from shared.http import Lang

# In the address, because the form is passed on unread.
CsrfToken = Annotated[str, Query(max_length=200)]
_CODE = re.compile(r"[A-Z0-9_]{1,40}")


def files_client(request: Request, desk: Desk, lang: Lang, token: str) -> ServiceClient:
    """The document service, called with the token of a record."""
    return ServiceClient("document", Session(request, desk, lang, token, of_record=True))


async def pass_on(request: Request, desk: Desk, lang: Lang, token: str) -> Answer:
    """Send the form as it is, `kind` and `codes` with it. Whose file it is, the token says. Raises `ServiceDown`."""
    return await files_client(request, desk, lang, token).forward("/v1/documents")


async def delete(request: Request, desk: Desk, lang: Lang, token: str, document_id: UUID) -> None:
    """Delete a file of the token's record. One that is filed, or gone already, stays as it is."""
    await files_client(request, desk, lang, token).call("DELETE", f"/v1/documents/{document_id}")


async def files_of(request: Request, desk: Desk, lang: Lang, token: str) -> list[dict[str, Any]]:
    """The accepted files of the token's record: name, size, pages, when each was sent."""
    items: list[dict[str, Any]] = []
    asked = {"limit": "100"}
    while True:
        answer = await files_client(request, desk, lang, token).call("GET", f"/v1/documents?{urlencode(asked)}")
        items += answer.body["items"]
        if answer.body["next"] is None:
            return items
        asked["cursor"] = answer.body["next"]


async def link_to(request: Request, desk: Desk, lang: Lang, token: str, document_id: UUID) -> Response:
    """Go on to a file of the token's record. Raises `NotFound` for any other."""
    answer = await files_client(request, desk, lang, token).call("GET", f"/v1/documents/{document_id}/link")
    if not answer.ok:
        raise NotFound()
    return see(answer.body["url"])


async def unfiled(request: Request, desk: Desk, lang: Lang, token: str) -> list[dict[str, Any]]:
    """The files of the token's record that may be submitted: accepted, and not submitted before."""
    items = await files_of(request, desk, lang, token)
    return [item for item in items if item["filed_at"] is None and item["codes"]]


def refusal(answer: Answer, lang: Lang, code: str) -> Trouble | None:
    """Why a file was not taken, at the field of its document; None where it was."""
    if any(error["code"] == "file-empty" for error in answer.body.get("errors") or []):
        # What a browser sends where no file was chosen cannot be told from an empty one.
        return Trouble(422, (Message(PAGES[lang]["uploads"]["need_file"], code),))
    return answer.trouble(lang, {"/file": code, "file-too-large": code, "quota-reached": code})


def known_code(code: str) -> str:
    """The code of a document, as part of an address. Raises `NotFound` for what cannot be one."""
    if not _CODE.fullmatch(code):
        raise NotFound()
    return code


def title_of(code: str) -> str:
    """The id of a document's heading."""
    return f"{code}-title"
