"""Uploads: files passed on to the document service while they arrive, with the token of a record."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Query, Request
from starlette.responses import Response

from services.gateway.edge.context import CurrentGateway, Gateway
from services.gateway.pages.kit.client import Answer, ServiceClient, Session
from services.gateway.pages.kit.forms import MAX_FIELDS, CopyOffer, FormErrors, Message, form_reader, is_id
from services.gateway.pages.kit.frame import PageLanguage, redirect_to
from services.gateway.pages.kit.visitor import Visitor, require_visitor
from services.gateway.texts import PAGES
from shared.errors import NotFound
from shared.http import Lang
from shared.ids import new_id

# In the address, because the form is passed on unread.
CsrfToken = Annotated[str, Query(max_length=200)]
# A browser sends the same where no file was chosen as for an empty one.
_NO_FILE = (("/file", "file-empty"), ("/file", "required"))
# In the address of an upload: the id of the repaired copy that is taken in place of a file.
COPY = "copy"
read_form = form_reader(MAX_FIELDS)
_CODE = re.compile(r"[A-Z0-9_]{1,40}")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that a visitor sends, and the key of its request."""

    visitor: Visitor
    key: str

    async def forward(self, service: str, path: str) -> Answer:
        """The answer of a service to the file, which is passed on while it arrives. Sent twice, it is taken once."""
        return await self.visitor.service(service).forward(path, self.key)


async def _upload(
    request: Request,
    gateway: CurrentGateway,
    lang: PageLanguage,
    csrf_token: CsrfToken = "",
    key: Annotated[str, Query(max_length=40)] = "",
) -> Upload:
    return Upload(await require_visitor(request, gateway, lang, csrf_token), key if is_id(key) else "")


CurrentUpload = Annotated[Upload, Depends(_upload)]


def upload_address(visitor: Visitor, path: str, query: str = "") -> str:
    """The address to which a form with a file is sent: the page brings the visitor's token and the key of the request
    there."""
    own = urlencode({"csrf_token": visitor.csrf_token, "key": str(new_id())})
    return f"{path}?{own}{f'&{query}' if query else ''}"


def files_client(request: Request, gateway: Gateway, lang: Lang, token: str) -> ServiceClient:
    """The document service, called with the token of a record."""
    return ServiceClient("document", Session(request, gateway, lang, token, of_record=True))


async def forward_file(request: Request, gateway: Gateway, lang: Lang, token: str) -> Answer:
    """Send the form as it is, `kind` and `codes` with it. The token says whose file it is. Raises `ServiceDown`."""
    return await send_file(files_client(request, gateway, lang, token))


async def send_file(documents: ServiceClient) -> Answer:
    """Send the form as it is; or, where its address names the repaired copy that was offered, take that. Both are
    answered with the file. Raises `ServiceDown`."""
    request = documents.session.request
    copy = request.query_params.get(COPY)
    if copy is None:
        return await documents.forward("/v1/documents")
    form = await read_form(request)
    try:
        path = f"/v1/documents/{UUID(copy)}/repair"
    except ValueError as error:
        raise NotFound() from error
    return await documents.call("POST", path, {"own_file": form["own_file"] == "yes"})


async def delete_file(request: Request, gateway: Gateway, lang: Lang, token: str, document_id: UUID) -> None:
    """Delete a file of the token's record. One that is filed, or gone already, stays as it is."""
    await files_client(request, gateway, lang, token).call("DELETE", f"/v1/documents/{document_id}")


async def list_files(request: Request, gateway: Gateway, lang: Lang, token: str) -> list[dict[str, Any]]:
    """The accepted files of the token's record: name, size, pages, when each was sent."""
    items: list[dict[str, Any]] = []
    asked = {"limit": "100"}
    while True:
        answer = await files_client(request, gateway, lang, token).call("GET", f"/v1/documents?{urlencode(asked)}")
        items += answer.body["items"]
        if answer.body["next"] is None:
            return items
        asked["cursor"] = answer.body["next"]


async def redirect_to_file(request: Request, gateway: Gateway, lang: Lang, token: str, document_id: UUID) -> Response:
    """Redirect to a file of the token's record. Raises `NotFound` for any other."""
    answer = await files_client(request, gateway, lang, token).call("GET", f"/v1/documents/{document_id}/link")
    if not answer.ok:
        raise NotFound()
    return redirect_to(answer.body["url"])


async def list_unsubmitted(request: Request, gateway: Gateway, lang: Lang, token: str) -> list[dict[str, Any]]:
    """The files of the token's record that may be submitted: accepted, and not submitted before."""
    items = await list_files(request, gateway, lang, token)
    return [item for item in items if item["filed_at"] is None and item["codes"]]


def upload_errors(answer: Answer, lang: Lang, code: str, fields: Sequence[str] = ()) -> FormErrors | None:
    """The reason why a file was refused, at the field of its document or at one of `fields`; None where it was not."""
    if any((error["pointer"], error["code"]) in _NO_FILE for error in answer.body.get("errors") or []):
        return FormErrors(422, (Message(PAGES[lang]["uploads"]["need_file"], code),))
    known = {"/file": code, "/own_file": code, "file-too-large": code, "quota-reached": code}
    errors = answer.form_errors(lang, known | {f"/{name}": name for name in fields})
    offer = answer.body.get("offer")
    if errors is None or not offer:
        return errors
    return replace(errors, offer=offered_copy(code, offer))


def offered_copy(field: str, offer: Mapping[str, Any]) -> CopyOffer:
    """The offer of a copy as the document service has it, shown at `field`."""
    shown = {name: offer[name] for name in ("document_id", "size", "original_size", "consent")}
    return CopyOffer(field=field, **shown)


def check_code(code: str) -> str:
    """The code of a document, as part of an address. Raises `NotFound` for what cannot be one."""
    if not _CODE.fullmatch(code):
        raise NotFound()
    return code


def title_of(code: str) -> str:
    """The id of a document's heading."""
    return f"{code}-title"
