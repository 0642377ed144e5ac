"""The deletion of a file that was sent. What became of its rows stays."""

from uuid import UUID

from starlette.responses import Response

from services.gateway.pages.kit.forms import FormErrors, Posted
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.visitor import CurrentVisitor
from services.gateway.pages.portal.imports.shown import IMPORTS, Imported, find_import, require_filer

router = page_router()
PATH = f"{IMPORTS}/{{import_id:uuid}}/delete"


@router.get(PATH)
async def ask(import_id: UUID, visitor: CurrentVisitor) -> Response:
    """Ask whether the file is to be deleted."""
    return _page(await find_import(visitor, import_id))


@router.post(PATH)
async def delete(import_id: UUID, visitor: CurrentVisitor, form: Posted) -> Response:
    """Delete the file with its rows; drafts and applications stay."""
    answer = await require_filer(visitor).delete(f"/v1/imports/{import_id}", form)
    if errors := answer.form_errors(visitor.lang):
        return _page(await find_import(visitor, import_id), errors)
    return redirect_to(IMPORTS, done="deleted")


def _page(imported: Imported, errors: FormErrors | None = None) -> Response:
    visitor = imported.visitor
    return render_page(
        visitor.request, "portal/imports/delete", visitor.lang, visitor=visitor, errors=errors, imported=imported
    )
