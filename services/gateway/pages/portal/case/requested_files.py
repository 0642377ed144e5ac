"""Files of the answers to a request: sent to the document service, and saved as the answer to their item."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Request
from starlette.responses import Response

from services.gateway.edge.context import CurrentGateway
from services.gateway.pages.kit.frame import PageLanguage, page_router, redirect_to
from services.gateway.pages.kit.uploads import CsrfToken, send_file, upload_errors
from services.gateway.pages.kit.visitor import require_visitor
from services.gateway.pages.portal.case.filed import find_filed
from services.gateway.pages.portal.case.requested import NAME, field_of, item_of, requested_page, save_answer
from services.gateway.pages.portal.filing.files import delete_sent
from services.gateway.pages.portal.filing.shown import APPLICATIONS
from shared.errors import NotFound

router = page_router()
# A request has at most a hundred items.
Place = Annotated[int, Path(ge=0, le=99)]
UPLOAD = "/upload/requested-documents/{application_id:uuid}/{request_id:uuid}/{place:int}"


@router.get(UPLOAD)
async def return_to_requested(application_id: UUID) -> Response:
    """Redirect a reload of the page that showed a mistake."""
    return redirect_to(f"{APPLICATIONS}/{application_id}/{NAME}")


@router.post(UPLOAD)
async def upload_file(
    application_id: UUID,
    request_id: UUID,
    place: Place,
    request: Request,
    gateway: CurrentGateway,
    lang: PageLanguage,
    csrf_token: CsrfToken = "",
) -> Response:
    """Send a file on, and save it with the answer to its item. It is not read here: the item is known before its first
    byte is requested."""
    visitor = await require_visitor(request, gateway, lang, csrf_token)
    filed = await find_filed(visitor, application_id)
    if filed is None:
        raise NotFound()
    page = f"{filed.path}/{NAME}"
    if item_of(await filed.read(NAME), place) is None:
        return redirect_to(page)
    answer = await send_file(visitor.service("document"))
    if errors := upload_errors(answer, lang, field_of(place)):
        return await requested_page(filed, errors)
    document_id = answer.body["id"]
    # What was saved in another tab while the file was on its way stays.
    item = item_of(await filed.read(NAME), place)
    before = item["document_ids"] if item else []
    saved = await save_answer(filed, str(request_id), place, [*before, document_id])
    if errors := saved.form_errors(lang, {"/documents": field_of(place)}):
        await delete_sent(filed, document_id)
        return await requested_page(filed, errors)
    response = redirect_to(page, done="saved")
    response.headers["location"] += f"#{field_of(place)}-title"
    return response
