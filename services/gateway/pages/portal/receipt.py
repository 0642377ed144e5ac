"""The receipt of a filed application, and its proof as a PDF."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.kit.frame import Done, page_router, redirect_to, render_page
from services.gateway.pages.kit.names import procedure_name, status_name
from services.gateway.pages.kit.visitor import CurrentVisitor
from services.gateway.pages.kit.words import say
from services.gateway.pages.portal.filing.colleagues import find_colleagues
from services.gateway.pages.portal.filing.fees import fee_name
from shared.clock import legal_date
from shared.errors import Forbidden
from shared.http import Lang
from shared.reference.codes import Procedure

router = page_router()
# Shown once after being led here: the proof was asked for too late.
OVER = "proof-over"


@router.get("/applications/{application_id:uuid}/receipt")
async def show_receipt(request: Request, application_id: UUID, visitor: CurrentVisitor, done: Done = None) -> Response:
    """Show the receipt: its number, what happens next, the fee of the day, the declarations that were made."""
    if not visitor.is_person:
        raise Forbidden()
    service = visitor.service("application")
    answer = await service.call("GET", f"/v1/applications/{application_id}/receipt")
    if answer.code == "not-filed":
        return redirect_to(f"/applications/{application_id}")
    receipt = answer.body
    view = (await service.fetch(f"/v1/applications/{application_id}")).body
    colleagues = await find_colleagues(visitor, view["role"])
    return render_page(
        request,
        "portal/receipt/receipt",
        visitor.lang,
        visitor=visitor,
        receipt=receipt,
        view=view,
        procedures=[procedure_name(code, visitor.lang) for code in (view["procedure"], *view["combined_with"])],
        in_charge=colleagues.name(view["owner"]) if colleagues.names else "",
        status_name=status_name(view["status_of_residence"], visitor.lang),
        special_period_end=_day_of(receipt["special_period_end"]),
        fees=list(_fees(receipt["fee"] or (), visitor.lang)),
        verify=any(row["verify"] for row in receipt["fee"] or ()),
        is_certificate=view["procedure"] == Procedure.COE,
        done=done if done == OVER else None,
        scripts=("print.js",),
    )


@router.get("/applications/{application_id:uuid}/proof")
async def show_proof(application_id: UUID, visitor: CurrentVisitor) -> Response:
    """The proof that the application is pending, as a PDF. After the procedure the receipt says why there is none."""
    if not visitor.is_person:
        raise Forbidden()
    found = await visitor.service("application").file(
        f"/v1/applications/{application_id}/proof", "not-pending", "not-filed"
    )
    if found is None:
        return redirect_to(f"/applications/{application_id}/receipt", done=OVER)
    kept = {"Content-Disposition": found.headers["Content-Disposition"], "Content-Language": "ja, en"}
    return Response(found.content, media_type="application/pdf", headers=kept)


def _day_of(moment: str | None) -> date | None:
    """The day in Japan."""
    return legal_date(datetime.fromisoformat(moment)) if moment else None


def _fees(rows: Sequence[Mapping[str, Any]], lang: Lang) -> Iterator[tuple[str, int]]:
    """Each amount with what it is for."""
    for row in rows:
        period = say(row["period"], lang) if row["period"] else ""
        yield fee_name(row["procedure"], row["option"], period, lang), row["yen"]
