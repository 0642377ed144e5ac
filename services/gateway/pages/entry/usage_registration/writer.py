"""The writer of a draft of a usage registration in this browser: by the key of a link from an email, or signed in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request

from services.gateway.edge import cookies
from services.gateway.edge.context import CurrentGateway, Gateway
from services.gateway.edge.csrf import SAFE_METHODS
from services.gateway.pages.kit.client import Answer, ServiceClient, Session
from services.gateway.pages.kit.forms import LongForm
from services.gateway.pages.kit.frame import PageLanguage
from services.gateway.pages.kit.uploads import list_files
from services.gateway.pages.kit.visitor import Visitor, require_visitor
from shared.errors import NotFound
from shared.http import Lang

DRAFTS = "/v1/usage-registration-drafts"
_TRIES = 3
Documents = list[Any]


class DraftNotOpen(NotFound):
    """It is not open in this browser, or there is none: pages lead to where a link can be requested."""

    code = "draft-not-found"


@dataclass(frozen=True, slots=True)
class Writer:
    """A draft and who holds it. `visitor` is set where it belongs to an account."""

    request: Request
    gateway: Gateway
    lang: Lang
    draft_id: UUID
    key: str
    visitor: Visitor | None

    @property
    def page(self) -> str:
        """The address of the form."""
        return f"/usage-registration/draft/{self.draft_id}"

    async def ask(self, method: str, more: str = "", json: object = None, revision: int | None = None) -> Answer:
        """Call registration about the draft; a change of its content says from which `revision` it starts.

        Raises `DraftNotOpen`, and as `ServiceClient.call` does.
        """
        headers = {"X-Draft-Key": self.key} if self.key else {}
        if revision is not None:
            headers["If-Match"] = f'"{revision}"'
        session = self.visitor.session if self.visitor else Session(self.request, self.gateway, self.lang)
        path = f"{DRAFTS}/{self.draft_id}{more}"
        answer = await ServiceClient("registration", session).call(method, path, json, headers=headers)
        if answer.status == 404:
            raise DraftNotOpen()
        return answer

    async def draft(self) -> dict[str, Any]:
        """The draft as it was saved last."""
        answer = await self.ask("GET")
        if not answer.ok:
            raise DraftNotOpen()
        found: dict[str, Any] = answer.body
        return found

    async def upload_token(self) -> str | None:
        """The token with which files are uploaded and opened; None where nothing can be uploaded (yet, or any more)."""
        answer = await self.ask("POST", "/upload-token")
        return str(answer.body["access_token"]) if answer.ok else None

    async def files(self) -> dict[str, dict[str, Any]]:
        """The draft's files by id: name, size, pages, when each was sent."""
        token = await self.upload_token()
        found = await list_files(self.request, self.gateway, self.lang, token) if token else []
        return {str(one["id"]): one for one in found}

    async def change_documents(self, change: Callable[[Documents], Documents]) -> Answer:
        """Save another list of documents, whatever else is saved at the same moment."""
        for _ in range(_TRIES):
            draft = await self.draft()
            content = draft["content"] or {}
            content["documents"] = change(content.get("documents") or [])
            answer = await self.ask("PUT", json=content, revision=draft["revision"])
            if answer.status != 412:
                break
        return answer


async def find_writer(request: Request, gateway: Gateway, lang: Lang, draft_id: UUID, csrf_token: str) -> Writer:
    """Raises `CrossSite`, `DraftNotOpen`, and as `require_visitor` does for a draft of an account."""
    if request.method not in SAFE_METHODS:
        gateway.csrf.require_own_page(request)
    if key := cookies.read(request, gateway.settings, key_cookie(draft_id)):
        return Writer(request, gateway, lang, draft_id, key, None)
    if gateway.secret(request) is None:
        raise DraftNotOpen()
    visitor = await require_visitor(request, gateway, lang, csrf_token)
    return Writer(request, gateway, lang, draft_id, "", visitor)


def key_cookie(draft_id: UUID) -> str:
    """One cookie for each draft: a second link that is opened takes nothing from the first one's page."""
    return f"draft_{draft_id.hex}"


async def _writer(
    request: Request, gateway: CurrentGateway, lang: PageLanguage, draft_id: UUID, form: LongForm
) -> Writer:
    return await find_writer(request, gateway, lang, draft_id, form["csrf_token"])


CurrentWriter = Annotated[Writer, Depends(_writer)]
