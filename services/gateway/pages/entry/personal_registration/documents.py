"""The documents of a person who registers: sent with the ticket of their proved identity, before the form."""

from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge import cookies
from services.gateway.edge.context import Desk, TheDesk
from services.gateway.pages.entry.identity import FORM, TICKET
from services.gateway.pages.kit.client import ServiceClient, Session
from services.gateway.pages.kit.forms import Posted, Trouble
from services.gateway.pages.kit.frame import PageLanguage, page, page_router, see
from services.gateway.pages.kit.uploads import delete, known_code, link_to, pass_on, refusal, unfiled
from services.gateway.texts import PAGES
from shared.clock import legal_date
from shared.http import Lang
from shared.reference.usage_documents import NAMES, usage_documents

router = page_router()


async def sent_files(request: Request, desk: Desk, lang: Lang, role: str) -> list[dict[str, Any]] | None:
    """The files that whoever holds the ticket of this browser may hand in; None where the class asks for none, and
    where there is no ticket (any more): the form's page leads to where one gets it."""
    token = await _token(request, desk, lang, role) if asked_of(desk, role, lang) else None
    return None if token is None else await unfiled(request, desk, lang, token)


def asked_of(desk: Desk, role: str, lang: Lang) -> list[tuple[str, str, str]]:
    """The documents of a class: code, name, condition."""
    rows = usage_documents("usage_registration", role, legal_date(desk.clock.now()))
    return [(row.code, getattr(NAMES[row.code], lang), row.condition) for row in rows]


@router.get(f"{FORM}/documents")
async def documents(request: Request, desk: TheDesk, lang: PageLanguage, role: str = "") -> Response:
    """What the class asks for, and what was sent."""
    return await _page(request, desk, lang, role)


@router.post(f"{FORM}/documents")
async def removed(request: Request, desk: TheDesk, lang: PageLanguage, form: Posted, role: str = "") -> Response:
    """Take a file back."""
    desk.csrf.require_own_page(request)
    document_id = form.id("document_id")
    if token := await _token(request, desk, lang, role):
        await delete(request, desk, lang, token, document_id)
    return see(f"{FORM}/documents", role=role)


@router.get(f"{FORM}/documents/{{document_id:uuid}}")
async def opened(document_id: UUID, request: Request, desk: TheDesk, lang: PageLanguage, role: str = "") -> Response:
    """Open a file that was sent."""
    token = await _token(request, desk, lang, role)
    return see(FORM) if token is None else await link_to(request, desk, lang, token, document_id)


@router.get("/upload/personal/{role}/{code}")
async def after_upload(role: str, code: str) -> Response:
    """For who reloads the page that told them of a mistake."""
    return see(f"{FORM}/documents", role=role)


@router.post("/upload/personal/{role}/{code}")
async def uploaded(role: str, code: str, request: Request, desk: TheDesk, lang: PageLanguage) -> Response:
    """One file of a document."""
    desk.csrf.require_own_page(request)
    token = await _token(request, desk, lang, role)
    if token is None:
        return see(FORM)
    answer = await pass_on(request, desk, lang, token)
    if trouble := refusal(answer, lang, known_code(code)):
        return await _page(request, desk, lang, role, trouble)
    return see(f"{FORM}/documents", role=role)


async def _token(request: Request, desk: Desk, lang: Lang, role: str) -> str | None:
    ticket = cookies.held(request, desk.settings, TICKET)
    if not ticket:
        return None
    body = {"ticket": ticket, "role": role}
    answer = await ServiceClient("registration", Session(request, desk, lang)).call(
        "POST", "/v1/identity-tickets/upload-token", body
    )
    return answer.body["access_token"] if answer.ok else None


async def _page(request: Request, desk: Desk, lang: Lang, role: str, trouble: Trouble | None = None) -> Response:
    sent = await sent_files(request, desk, lang, role)
    if sent is None:
        return see(FORM)
    asked = asked_of(desk, role, lang)
    note = {"unable": PAGES[lang]["personal_registration"]["unable"]}
    lines = [
        (code, name, note.get(condition, ""), [one for one in sent if code in one["codes"]])
        for code, name, condition in asked
    ]
    return page(
        request,
        "entry/personal_registration/documents",
        lang,
        trouble=trouble,
        role=role,
        path=f"{FORM}/documents?role={role}",
        upload=f"/upload/personal/{role}",
        open_path=f"{FORM}/documents/{{id}}?role={role}",
        own_name=PAGES[lang]["roles"][role],
        lines=lines,
        forms=[],
        labels={code: name for code, name, _ in asked},
    )
