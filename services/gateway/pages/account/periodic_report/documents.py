"""The documents of a periodic report as files: sent before the report is handed in, by any member in the role."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge.context import TheDesk
from services.gateway.pages.account.periodic_report.fields import documents_here
from services.gateway.pages.account.periodic_report.reporter import REPORT, ChosenRole, Reporter, reporter_of
from services.gateway.pages.kit.forms import Posted, Trouble
from services.gateway.pages.kit.frame import PageLanguage, page, page_router, see
from services.gateway.pages.kit.uploads import CsrfToken, delete, known_code, link_to, pass_on, refusal, title_of
from services.gateway.pages.kit.visitor import CurrentVisitor, visitor_of

router = page_router()
DOCUMENTS = f"{REPORT}/documents"


@router.get(DOCUMENTS)
async def documents(visitor: CurrentVisitor, role: ChosenRole = "") -> Response:
    """What the role hands in, and which files are there."""
    return await _page(await reporter_of(visitor, role))


@router.post(DOCUMENTS)
async def removed(visitor: CurrentVisitor, form: Posted, role: ChosenRole = "") -> Response:
    """Take a file back."""
    reporter = await reporter_of(visitor, role)
    document_id = form.id("document_id")
    if reporter and (token := await reporter.token()):
        await delete(visitor.request, visitor.desk, visitor.lang, token, document_id)
    return see(DOCUMENTS, role=role)


@router.get(f"{DOCUMENTS}/{{document_id:uuid}}")
async def opened(document_id: UUID, visitor: CurrentVisitor, role: ChosenRole = "") -> Response:
    """Open a file that was sent."""
    reporter = await reporter_of(visitor, role)
    token = await reporter.token() if reporter else None
    if token is None:
        return see(REPORT)
    return await link_to(visitor.request, visitor.desk, visitor.lang, token, document_id)


@router.get("/upload/periodic-report/{role}/{code}")
async def after_upload(role: str, code: str) -> Response:
    """For who reloads the page that told them of a mistake."""
    return see(DOCUMENTS, role=role)


@router.post("/upload/periodic-report/{role}/{code}")
async def uploaded(
    role: str, code: str, request: Request, desk: TheDesk, lang: PageLanguage, csrf_token: CsrfToken = ""
) -> Response:
    """One file of a document. It is not read here: who reports is known before its first byte is asked for."""
    reporter = await reporter_of(await visitor_of(request, desk, lang, csrf_token), role)
    token = await reporter.token() if reporter and reporter.may_report else None
    if token is None:
        return see(REPORT)
    answer = await pass_on(request, desk, lang, token)
    if trouble := refusal(answer, lang, known_code(code)):
        return await _page(reporter, trouble)
    response = see(DOCUMENTS, role=role)
    response.headers["location"] += f"#{title_of(code)}"
    return response


async def _page(reporter: Reporter | None, trouble: Trouble | None = None) -> Response:
    if reporter is None or not reporter.may_report:
        return see(REPORT)
    visitor = reporter.visitor
    here = documents_here(reporter, await reporter.sent())
    return page(
        visitor.request,
        "account/periodic_report/documents",
        visitor.lang,
        visitor=visitor,
        trouble=trouble,
        role=reporter.role,
        back=f"{REPORT}?role={reporter.role}",
        path=f"{DOCUMENTS}?role={reporter.role}",
        upload=f"/upload/periodic-report/{reporter.role}",
        open_path=f"{DOCUMENTS}/{{id}}?role={reporter.role}",
        lines=[(one.code, one.name, one.note, one.sent) for one in here if not one.by_form or one.sent],
        forms=[(one.code, one.name, one.note, one.sent) for one in here if one.by_form and not one.sent],
        labels={one.code: one.name for one in here},
    )
