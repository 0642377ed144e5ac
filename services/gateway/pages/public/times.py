"""Times that decisions take now, by procedure and status of residence, for everybody."""

from typing import Any

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge.context import CurrentGateway
from services.gateway.pages.kit.charts import bar
from services.gateway.pages.kit.client import ServiceClient, Session
from services.gateway.pages.kit.frame import PageLanguage, page_router, render_page
from services.gateway.pages.kit.names import procedure_name, status_name
from shared.http import Lang

router = page_router()


@router.get("/times")
async def show_times(request: Request, gateway: CurrentGateway, lang: PageLanguage) -> Response:
    """Show the times of the last three full months. Groups of fewer than five cases say that there are too few."""
    found = (await ServiceClient("review", Session(request, gateway, lang)).fetch("/v1/figures/published")).body
    longest = max((one["times"]["median"] for one in found["items"] if one["times"]), default=0)
    rows = [_row(one, longest, lang) for one in found["items"]]
    procedures = list(dict.fromkeys(row["procedure"] for row in rows))
    return render_page(
        request,
        "public/times/times",
        lang,
        found=found,
        parts_of=[(name, [row for row in rows if row["procedure"] == name]) for name in procedures],
    )


def _row(one: dict[str, Any], longest: int, lang: Lang) -> dict[str, Any]:
    return {
        "procedure": procedure_name(one["procedure"], lang),
        "status": status_name(one["status_of_residence"], lang),
        "times": one["times"],
        "bar": bar(one["times"]["median"], longest) if one["times"] else "",
    }
