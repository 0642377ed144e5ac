"""`/imports/{id}`: how far a file is, what of it has to be corrected, and the filing of what is complete."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from services.gateway.edge.upstream import ServiceDown
from services.gateway.pages.kit.forms import FormErrors, Posted, is_cursor
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.uploads import upload_address
from services.gateway.pages.kit.visitor import CurrentVisitor
from services.gateway.pages.portal.filing.declaring import declarations_of, declared, undeclared
from services.gateway.pages.portal.imports.next_steps import is_stalled, next_steps
from services.gateway.pages.portal.imports.rows import Row, rows_of
from services.gateway.pages.portal.imports.shown import IMPORTS, ROW_STATES, Imported, find_import, require_filer
from services.gateway.texts import PAGES
from shared.reference.declarations import declared_version

router = page_router()
PATH = f"{IMPORTS}/{{import_id:uuid}}"
_ON_A_PAGE = 50
_LONGEST_POINTER = 300


@router.get(PATH)
async def show_import(
    import_id: UUID,
    visitor: CurrentVisitor,
    state: Annotated[str, Query(max_length=20)] = "",
    cursor: Annotated[str, Query(max_length=400)] = "",
) -> Response:
    """Show its progress while it is worked on, and then its rows by what they need."""
    return await import_page(await find_import(visitor, import_id), state, cursor if is_cursor(cursor) else "")


@router.post(PATH)
async def file_rows(import_id: UUID, visitor: CurrentVisitor, form: Posted) -> Response:
    """File every row that is ready. Pressing twice files once: the page brings the key of its request."""
    service = require_filer(visitor)
    if errors := undeclared(visitor, form):
        return await import_page(await find_import(visitor, import_id), errors=errors)
    answer = await service.call(
        "POST",
        f"/v1/imports/{import_id}/submit",
        {"declarations": declared(visitor, form)},
        headers={"Idempotency-Key": str(form.key)},
    )
    if answer.ok or answer.code == "import-in-progress":
        return redirect_to(f"{IMPORTS}/{import_id}")
    return await import_page(await find_import(visitor, import_id), errors=answer.form_errors(visitor.lang))


@router.post(f"{PATH}/check")
async def check_again(import_id: UUID, visitor: CurrentVisitor) -> Response:
    """Check every row that is not filed again, as its draft is now."""
    answer = await require_filer(visitor).call("POST", f"/v1/imports/{import_id}/check")
    if answer.ok or answer.code in ("import-in-progress", "import-refused"):
        return redirect_to(f"{IMPORTS}/{import_id}")
    return await import_page(await find_import(visitor, import_id), errors=answer.form_errors(visitor.lang))


@router.post(f"{PATH}/confirm")
async def confirm(import_id: UUID, visitor: CurrentVisitor, form: Posted) -> Response:
    """Confirm the draft of a row as it is, where a cell could not be read."""
    body = {"application_id": str(form.id("application_id")), "pointer": form["pointer"][:_LONGEST_POINTER]}
    answer = await require_filer(visitor).call("POST", f"/v1/imports/{import_id}/confirm", body)
    if answer.ok or answer.code in ("import-in-progress", "already-filed"):
        return redirect_to(f"{IMPORTS}/{import_id}")
    return await import_page(await find_import(visitor, import_id), errors=answer.form_errors(visitor.lang))


async def import_page(
    imported: Imported, state: str = "", cursor: str = "", errors: FormErrors | None = None
) -> Response:
    """The page of an import, by its state."""
    visitor = imported.visitor
    if imported.is_in_progress:
        return render_page(
            visitor.request,
            "portal/imports/progress",
            visitor.lang,
            visitor=visitor,
            errors=errors,
            scripts=("imports.js",),
            imported=imported,
            stalled=is_stalled(imported),
        )
    if imported.state == "refused":
        return render_page(visitor.request, "portal/imports/refused", visitor.lang, visitor=visitor, imported=imported)
    counts = {name: count for name, count in imported.counts.items() if count}
    shown = state if state in counts else next(iter(counts), ROW_STATES[0])
    found = await _rows(imported, shown, cursor)
    if found is None:
        return redirect_to(imported.path)
    rows, following = found
    may_file = not visitor.actor.lapsed
    address = f"{imported.path}?{urlencode({'state': shown})}"
    return render_page(
        visitor.request,
        "portal/imports/overview",
        visitor.lang,
        visitor=visitor,
        errors=errors,
        scripts=("upload.js",),
        upload_path=upload_address(visitor, f"/upload{imported.path}/files"),
        imported=imported,
        shown=shown,
        tabs=_tabs(imported, counts, shown),
        rows=rows,
        first=address if cursor else "",
        following=f"{address}&{urlencode({'cursor': following})}" if following else "",
        declarations=declarations_of(visitor.today, visitor.lang),
        version=declared_version(visitor.today),
        may_file=may_file,
        steps=next_steps(imported, may_file=may_file),
        edited=any(row.is_edited for row in rows),
        with_notices=any(row.notices for row in rows),
    )


async def _rows(imported: Imported, state: str, cursor: str) -> tuple[list[Row], str | None] | None:
    """A page of the rows in that state; None for a page that there cannot be."""
    asked = [("state", state), ("limit", str(_ON_A_PAGE)), *([("cursor", cursor)] if cursor else [])]
    service = imported.visitor.service("application")
    answer = await service.call("GET", f"/v1/imports/{imported.view['id']}/rows?{urlencode(asked)}")
    if answer.status == 422:
        return None
    if not answer.ok:
        raise ServiceDown()
    return await rows_of(imported.visitor, answer.body["items"], imported.view["id"]), answer.body["next"]


def _tabs(imported: Imported, counts: Mapping[str, int], shown: str) -> list[Mapping[str, Any]]:
    texts = PAGES[imported.visitor.lang]["imports"]
    return [
        {
            "text": texts[f"rows_{state}"],
            "href": f"{imported.path}?{urlencode({'state': state})}",
            "current": state == shown,
            "count": count,
        }
        for state, count in counts.items()
    ]
