"""The documents of a periodic report as files: uploaded before the report is submitted, by any member in the role."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge.context import CurrentGateway
from services.gateway.pages.account.periodic_report.fields import documents_here
from services.gateway.pages.account.periodic_report.reporter import REPORT, ChosenRole, Reporter, find_reporter
from services.gateway.pages.kit.forms import FormErrors, Posted
from services.gateway.pages.kit.frame import PageLanguage, page_router, redirect_to, render_page
from services.gateway.pages.kit.uploads import (
    CsrfToken,
    check_code,
    delete_file,
    forward_file,
    redirect_to_file,
    title_of,
    upload_errors,
)
from services.gateway.pages.kit.visitor import CurrentVisitor, require_visitor

router = page_router()
DOCUMENTS = f"{REPORT}/documents"


@router.get(DOCUMENTS)
async def show_documents(visitor: CurrentVisitor, role: ChosenRole = "") -> Response:
    """List the documents of the role, and the files that were uploaded."""
    return await _page(await find_reporter(visitor, role))


@router.post(DOCUMENTS)
async def remove_file(visitor: CurrentVisitor, form: Posted, role: ChosenRole = "") -> Response:
    """Delete a file."""
    reporter = await find_reporter(visitor, role)
    document_id = form.id("document_id")
    if reporter and (token := await reporter.token()):
        await delete_file(visitor.request, visitor.gateway, visitor.lang, token, document_id)
    return redirect_to(DOCUMENTS, role=role)


@router.get(f"{DOCUMENTS}/{{document_id:uuid}}")
async def open_file(document_id: UUID, visitor: CurrentVisitor, role: ChosenRole = "") -> Response:
    """Open a file that was uploaded."""
    reporter = await find_reporter(visitor, role)
    token = await reporter.token() if reporter else None
    if token is None:
        return redirect_to(REPORT)
    return await redirect_to_file(visitor.request, visitor.gateway, visitor.lang, token, document_id)


@router.get("/upload/periodic-report/{role}/{code}")
async def return_to_documents(role: str, code: str) -> Response:
    """Redirect a reload of the page that showed a mistake."""
    return redirect_to(DOCUMENTS, role=role)


@router.post("/upload/periodic-report/{role}/{code}")
async def upload_file(
    role: str, code: str, request: Request, gateway: CurrentGateway, lang: PageLanguage, csrf_token: CsrfToken = ""
) -> Response:
    """Upload one file of a document. It is not read here: the reporter is known before its first byte is requested."""
    reporter = await find_reporter(await require_visitor(request, gateway, lang, csrf_token), role)
    token = await reporter.token() if reporter and reporter.may_report else None
    if token is None:
        return redirect_to(REPORT)
    answer = await forward_file(request, gateway, lang, token)
    if errors := upload_errors(answer, lang, check_code(code)):
        return await _page(reporter, errors)
    response = redirect_to(DOCUMENTS, role=role)
    response.headers["location"] += f"#{title_of(code)}"
    return response


async def _page(reporter: Reporter | None, errors: FormErrors | None = None) -> Response:
    if reporter is None or not reporter.may_report:
        return redirect_to(REPORT)
    visitor = reporter.visitor
    here = documents_here(reporter, await reporter.sent())
    return render_page(
        visitor.request,
        "account/periodic_report/documents",
        visitor.lang,
        scripts=("upload.js",),
        visitor=visitor,
        errors=errors,
        role=reporter.role,
        back=f"{REPORT}?role={reporter.role}",
        path=f"{DOCUMENTS}?role={reporter.role}",
        upload=f"/upload/periodic-report/{reporter.role}",
        open_path=f"{DOCUMENTS}/{{id}}?role={reporter.role}",
        lines=[(one.code, one.name, one.note, one.sent) for one in here if not one.by_form or one.sent],
        forms=[(one.code, one.name, one.note, one.sent) for one in here if one.by_form and not one.sent],
        labels={one.code: one.name for one in here},
    )
