"""Corrections of a filed application: how it can be corrected now, and what was corrected, side by side."""

from uuid import UUID

from starlette.responses import Response

from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.visitor import CurrentVisitor
from services.gateway.pages.portal.case.filed import PATH, find_filed
from services.gateway.pages.portal.filing.draft import open_draft
from services.gateway.pages.portal.filing.shown import APPLICATIONS

router = page_router()
TONES = {"corrected": "good", "waiting": "active", "declined": "bad", "lapsed": ""}


@router.get(f"{PATH}/correction")
async def show_corrections(application_id: UUID, visitor: CurrentVisitor) -> Response:
    """Show how the application can be corrected, and every correction before and after."""
    filed = await find_filed(visitor, application_id)
    if filed is None:
        return redirect_to(f"{APPLICATIONS}/{application_id}")
    found = await filed.read("corrections")
    waiting = any(one["state"] == "waiting" for one in found["items"])
    possible = found["possible"] != "not" and not waiting
    draft = await open_draft(visitor, filed.view) if possible else None
    return render_page(
        visitor.request,
        "portal/case/correction",
        filed.lang,
        visitor=visitor,
        filed=filed,
        found=found,
        waiting=waiting,
        topics=[(one.code, one.title[filed.lang]) for one in draft.topics()] if draft else [],
        history=list(reversed(found["items"])),
        tones=TONES,
    )
