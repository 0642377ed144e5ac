"""A file of a case beside the form."""

import asyncio
from uuid import UUID

from starlette.responses import Response

from services.gateway.pages.desk.case_file.case import PATH, read_case
from services.gateway.pages.desk.case_file.files import listed_files
from services.gateway.pages.desk.case_file.form import parts_of
from services.gateway.pages.kit.form_data import find_form
from services.gateway.pages.kit.frame import page_router, render_page
from services.gateway.pages.kit.viewer import Words, show_file
from services.gateway.pages.kit.visitor import OfficerVisitor
from services.gateway.texts import PAGES
from shared.errors import NotFound

router = page_router()


@router.get(f"{PATH}/files/{{document_id:uuid}}/pages")
async def show_beside(case_id: UUID, document_id: UUID, visitor: OfficerVisitor, q: Words = "") -> Response:
    """Show the pages of a file beside the form, and where a text stands in it."""
    case = await read_case(visitor, case_id)
    application, requested = await asyncio.gather(case.of_application(), case.of_application("/requested-documents"))
    if application is None:
        raise NotFound()
    files = list(listed_files(case, application, requested))
    names = next((one.names for one in files if one.id == str(document_id)), None)
    if names is None:
        raise NotFound()
    shown = await show_file(visitor, str(document_id), PAGES[case.lang]["case_file"]["and"].join(names), q)
    return render_page(
        visitor.request,
        "desk/case_file/viewing",
        case.lang,
        visitor=visitor,
        errors=shown.errors,
        case=case,
        files=files,
        form=parts_of(await find_form(visitor.gateway, application, case.lang), application, case.lang),
        shown=shown,
        base=case.path,
        path=f"{case.path}/files/{document_id}/pages",
    )
