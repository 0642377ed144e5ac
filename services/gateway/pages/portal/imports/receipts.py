"""`/imports/{id}/receipts`: the receipt numbers of everything that was filed with one file, to print."""

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from services.gateway.pages.kit.forms import is_cursor
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.visitor import CurrentVisitor
from services.gateway.pages.portal.imports.rows import rows_of
from services.gateway.pages.portal.imports.shown import IMPORTS, find_import

router = page_router()
_ON_A_PAGE = 200


@router.get(f"{IMPORTS}/{{import_id:uuid}}/receipts")
async def show_receipts(
    import_id: UUID, visitor: CurrentVisitor, cursor: Annotated[str, Query(max_length=400)] = ""
) -> Response:
    """Show the receipt numbers in the order of the file."""
    imported = await find_import(visitor, import_id)
    place = cursor if is_cursor(cursor) else ""
    asked = [("state", "filed"), ("limit", str(_ON_A_PAGE)), *([("cursor", place)] if place else [])]
    answer = await visitor.service("application").call("GET", f"/v1/imports/{import_id}/rows?{urlencode(asked)}")
    if not answer.ok or not answer.body["items"]:
        return redirect_to(imported.path)
    following = answer.body["next"]
    return render_page(
        visitor.request,
        "portal/imports/receipts",
        visitor.lang,
        visitor=visitor,
        imported=imported,
        rows=await rows_of(visitor, answer.body["items"], import_id),
        first=f"{imported.path}/receipts" if place else "",
        following=f"{imported.path}/receipts?{urlencode({'cursor': following})}" if following else "",
        scripts=("print.js",),
    )
