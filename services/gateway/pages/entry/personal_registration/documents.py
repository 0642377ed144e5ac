"""The documents of a person who registers: uploaded with the ticket of their proved identity, before the form."""

from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge import cookies
from services.gateway.edge.context import CurrentGateway, Gateway
from services.gateway.pages.entry.identity import FORM, TICKET
from services.gateway.pages.kit.client import ServiceClient, Session
from services.gateway.pages.kit.forms import FormErrors, Posted
from services.gateway.pages.kit.frame import PageLanguage, page_router, redirect_to, render_page
from services.gateway.pages.kit.uploads import (
    check_code,
    delete_file,
    forward_file,
    list_unsubmitted,
    redirect_to_file,
    upload_errors,
)
from services.gateway.pages.kit.words import say
from services.gateway.texts import PAGES
from shared.clock import legal_date
from shared.http import Lang
from shared.reference.usage_documents import NAMES, usage_documents

router = page_router()


async def list_sent_files(request: Request, gateway: Gateway, lang: Lang, role: str) -> list[dict[str, Any]] | None:
    """The files that the holder of this browser's ticket may submit; None where the class requires none, and without a
    valid ticket: the form's page leads to the identity provider."""
    token = await _token(request, gateway, lang, role) if requested_documents(gateway, role, lang) else None
    return None if token is None else await list_unsubmitted(request, gateway, lang, token)


def requested_documents(gateway: Gateway, role: str, lang: Lang) -> list[tuple[str, str, str]]:
    """The documents of a class: code, name, condition."""
    rows = usage_documents("usage_registration", role, legal_date(gateway.clock.now()))
    return [(row.code, say(NAMES[row.code], lang), row.condition) for row in rows]


@router.get(f"{FORM}/documents")
async def show_documents(request: Request, gateway: CurrentGateway, lang: PageLanguage, role: str = "") -> Response:
    """List the documents that the class requires, and the uploaded files."""
    return await _page(request, gateway, lang, role)


@router.post(f"{FORM}/documents")
async def remove_file(
    request: Request, gateway: CurrentGateway, lang: PageLanguage, form: Posted, role: str = ""
) -> Response:
    """Delete a file."""
    gateway.csrf.require_own_page(request)
    document_id = form.id("document_id")
    if token := await _token(request, gateway, lang, role):
        await delete_file(request, gateway, lang, token, document_id)
    return redirect_to(f"{FORM}/documents", role=role)


@router.get(f"{FORM}/documents/{{document_id:uuid}}")
async def open_file(
    document_id: UUID, request: Request, gateway: CurrentGateway, lang: PageLanguage, role: str = ""
) -> Response:
    """Open a file that was uploaded."""
    token = await _token(request, gateway, lang, role)
    return redirect_to(FORM) if token is None else await redirect_to_file(request, gateway, lang, token, document_id)


@router.get("/upload/personal/{role}/{code}")
async def return_to_documents(role: str, code: str) -> Response:
    """Redirect a reload of the page that showed a mistake."""
    return redirect_to(f"{FORM}/documents", role=role)


@router.post("/upload/personal/{role}/{code}")
async def upload_file(role: str, code: str, request: Request, gateway: CurrentGateway, lang: PageLanguage) -> Response:
    """Upload one file of a document."""
    gateway.csrf.require_own_page(request)
    token = await _token(request, gateway, lang, role)
    if token is None:
        return redirect_to(FORM)
    answer = await forward_file(request, gateway, lang, token)
    if errors := upload_errors(answer, lang, check_code(code)):
        return await _page(request, gateway, lang, role, errors)
    return redirect_to(f"{FORM}/documents", role=role)


async def _token(request: Request, gateway: Gateway, lang: Lang, role: str) -> str | None:
    ticket = cookies.read(request, gateway.settings, TICKET)
    if not ticket:
        return None
    body = {"ticket": ticket, "role": role}
    answer = await ServiceClient("registration", Session(request, gateway, lang)).call(
        "POST", "/v1/identity-tickets/upload-token", body
    )
    return answer.body["access_token"] if answer.ok else None


async def _page(
    request: Request, gateway: Gateway, lang: Lang, role: str, errors: FormErrors | None = None
) -> Response:
    sent = await list_sent_files(request, gateway, lang, role)
    if sent is None:
        return redirect_to(FORM)
    asked = requested_documents(gateway, role, lang)
    note = {"unable": PAGES[lang]["personal_registration"]["unable"]}
    lines = [
        (code, name, note.get(condition, ""), [one for one in sent if code in one["codes"]])
        for code, name, condition in asked
    ]
    return render_page(
        request,
        "entry/personal_registration/documents",
        lang,
        scripts=("upload.js",),
        errors=errors,
        role=role,
        path=f"{FORM}/documents?role={role}",
        upload=f"/upload/personal/{role}",
        open_path=f"{FORM}/documents/{{id}}?role={role}",
        own_name=PAGES[lang]["roles"][role],
        lines=lines,
        forms=[],
        labels={code: name for code, name, _ in asked},
    )
