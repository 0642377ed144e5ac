"""Figures for chiefs, operators and auditors: received and decided by month, times by group and step, queues, CSV."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query, Request
from starlette.responses import Response

from services.gateway.pages.kit.charts import Pair, bar, pairs_chart
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.names import office_name, procedure_name, status_name
from services.gateway.pages.kit.visitor import OfficerVisitor, Visitor
from services.gateway.texts import PAGES
from shared.auth import Role
from shared.clock import legal_date
from shared.errors import Forbidden
from shared.http import Lang
from shared.reference.offices import OFFICES
from shared.reference.procedures import PROCEDURES

router = page_router()
FIGURES = "/desk/figures"
READERS = (Role.CHIEF_EXAMINER, Role.OPERATOR, Role.AUDITOR)
_GROUPS = ("procedure", "status_of_residence", "office")
_NAMES = {"procedure": procedure_name, "status_of_residence": status_name, "office": office_name}
_MONTHS = (1, 3, 12, 36)
Choice = Annotated[str, Query(max_length=40)]


@router.get(FIGURES)
async def show_figures(
    request: Request,
    visitor: OfficerVisitor,
    months: Choice = "12",
    by: Choice = "procedure",
    office: Choice = "",
    procedure: Choice = "",
) -> Response:
    """Show the figures; what cannot be chosen counts as not chosen."""
    _require_reader(visitor)
    today = legal_date(visitor.gateway.clock.now())
    chosen = _chosen(today, months, by, office, procedure)
    service = visitor.service("review")
    kept = {name: chosen[name] for name in ("first", "last", "office", "procedure") if chosen[name]}
    by_month = (await service.fetch(f"/v1/figures?{urlencode(kept)}")).body
    groups = (await service.fetch(f"/v1/figures?{urlencode(kept | {'by': chosen['by']})}")).body["items"]
    steps = (await service.fetch(f"/v1/figures/steps?{urlencode(kept)}")).body["items"]
    narrowed = {name: chosen[name] for name in ("office", "procedure") if chosen[name]}
    queues = (await service.fetch(f"/v1/figures/queues?{urlencode(narrowed)}")).body
    lang = visitor.lang
    return render_page(
        request,
        "desk/figures/figures",
        lang,
        visitor=visitor,
        chosen=chosen,
        counted_at=by_month["counted_at"],
        months=by_month["items"],
        chart=_chart(by_month["items"], lang),
        groups=_with_bars(groups, chosen["by"], lang),
        steps=steps,
        queues=[_queue(one, lang) for one in queues["items"]],
        csv=f"{FIGURES}/csv?{urlencode(kept | {'by': chosen['by']})}",
        month_choices=[(str(number), PAGES[lang]["figures"]["months_of"].format(number=number)) for number in _MONTHS],
        groups_of=[(name, PAGES[lang]["figures"][f"by_{name}"]) for name in _GROUPS],
        offices=[(row.code, office_name(row.code, lang)) for row in OFFICES.on(today)],
        procedures=[(row.code, procedure_name(row.code, lang)) for row in PROCEDURES.on(today)],
    )


@router.get(f"{FIGURES}/csv")
async def download_figures(request: Request, visitor: OfficerVisitor) -> Response:
    """The figures by group as CSV; what the service refuses leads back to the page."""
    _require_reader(visitor)
    found = await visitor.service("review").file(f"/v1/figures/csv?{request.url.query}", "invalid", "wrong-period")
    if found is None:
        return redirect_to(FIGURES)
    kept = {"Content-Disposition": found.headers["Content-Disposition"]}
    return Response(found.content, media_type="text/csv", headers=kept)


def _require_reader(visitor: Visitor) -> None:
    if not visitor.actor.has(*READERS):
        raise Forbidden()


def _chosen(today: date, months: str, by: str, office: str, procedure: str) -> Mapping[str, str]:
    number = int(months) if months in map(str, _MONTHS) else 12
    this = today.year * 12 + today.month - 1
    first = date((this - number + 1) // 12, (this - number + 1) % 12 + 1, 1)
    return {
        "months": str(number),
        "first": first.isoformat(),
        "last": today.isoformat(),
        "by": by if by in _GROUPS else _GROUPS[0],
        "office": office if any(row.code == office for row in OFFICES.on(today)) else "",
        "procedure": procedure if any(row.code == procedure for row in PROCEDURES.on(today)) else "",
    }


def _chart(items: Sequence[Mapping[str, Any]], lang: Lang) -> Any:
    """Received and closed by month, the last twelve of them."""
    shown = items[-12:]
    pairs = [Pair(str(int(one["month"][5:7])), one["received"], _closed(one)) for one in shown]
    said = ", ".join(f"{one['month'][:7]}: {one['received']} / {_closed(one)}" for one in shown)
    return pairs_chart(f"{PAGES[lang]['figures']['chart']}: {said}", pairs) if shown else None


def _closed(one: Mapping[str, Any]) -> int:
    return sum(int(one[name]) for name in ("granted", "refused", "not_accepted", "withdrawn", "terminated"))


def _with_bars(items: Sequence[Mapping[str, Any]], by: str, lang: Lang) -> list[dict[str, Any]]:
    """Each group with its name and a bar for its median."""
    longest = max((one["total"]["median"] for one in items if one["total"]), default=0)
    return [
        {
            **one,
            "name": _NAMES[by](one[by], lang),
            "closed": _closed(one),
            "bar": bar(one["total"]["median"], longest) if one["total"] else "",
        }
        for one in items
    ]


def _queue(one: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    return {
        **one,
        "name": f"{office_name(one['office'], lang)} {procedure_name(one['procedure'], lang)}",
        "old": sum(one["ages"][-2:]),
    }
