"""`/desk/board/{service}/charts`: numbers of a service over time, as lines, with the same in words and tables."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge.exposure import SERVICES
from services.gateway.edge.upstream import ServiceDown
from services.gateway.pages.board.system.overview import BOARD, OF_GATEWAY, number_name
from services.gateway.pages.kit.charts import Spot, line_chart
from services.gateway.pages.kit.formats import moment, number
from services.gateway.pages.kit.frame import page_router, render_page
from services.gateway.pages.kit.visitor import OperatorVisitor
from services.gateway.texts import PAGES
from shared.clock import JST
from shared.errors import NotFound
from shared.languages import Lang

router = page_router()
HOURS = (3, 24, 48)
# What has no name here, of a service that is newer, comes last.
_ORDER = (
    "requests",
    "errors",
    "slow",
    "lag",
    "unread-oldest",
    "outbox",
    "outbox-oldest",
    "letters",
    "timers-late",
    "unsealed",
    "connections",
)
_ROWS = 12  # of the table beside a line


@router.get(f"{BOARD}/{{service}}/charts")
async def show_charts(request: Request, visitor: OperatorVisitor, service: str, hours: str = "3") -> Response:
    """Show the last hours of one service, or of the gateway; where nobody answers, the page says so."""
    is_gateway = service == "gateway"
    if service not in SERVICES and not is_gateway:
        raise NotFound()
    span = int(hours) if hours in map(str, HOURS) else HOURS[0]
    source = "registration" if is_gateway else service
    found: Any = await _samples(visitor, source, span)
    texts = PAGES[visitor.lang]
    series = [
        one | {"name": one["name"].removeprefix(OF_GATEWAY)}
        for one in (found["series"] if found else ())
        if one["name"].startswith(OF_GATEWAY) == is_gateway
    ]
    return render_page(
        request,
        "board/charts/charts",
        visitor.lang,
        visitor=visitor,
        of=texts["system"][f"service_{service}"],
        service=f"{BOARD}/{service}",
        here=f"{BOARD}/{service}/charts",
        hours=span,
        choices=HOURS,
        away=texts["system"][f"service_{source}"] if found is None else "",
        series=[_shown(one, found, visitor.lang) for one in _sorted(series)],
    )


async def _samples(visitor: OperatorVisitor, service: str, hours: int) -> Any | None:
    try:
        return (await visitor.service(service).fetch(f"/v1/{service}/operations/samples?hours={hours}")).body
    except ServiceDown:
        return None


def _sorted(series: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    places = {name: at for at, name in enumerate(_ORDER)}
    return sorted(series, key=lambda one: (places.get(one["name"], len(places)), one["name"]))


def _shown(one: Mapping[str, Any], found: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    """A series with its picture, its words and its table."""
    until, step = datetime.fromisoformat(found["at"]), timedelta(seconds=found["step_seconds"])
    since = until - timedelta(hours=found["hours"])
    points = [(datetime.fromisoformat(point["at"]), float(point["value"])) for point in one["points"]]
    texts, name = PAGES[lang]["charts"], number_name(one["name"], lang)
    highest_at, highest = max(points, key=lambda point: point[1])
    words = texts["words"].format(
        last=number(points[-1][1], lang),
        lowest=number(min(value for _, value in points), lang),
        highest=number(highest, lang),
        moment=moment(highest_at, lang),
    )
    runs = [
        [Spot(min(max((at - since) / (until - since), 0), 1), value) for at, value in run]
        for run in runs_of(points, step)
    ]
    # In numbers: two dates in words do not find room below the line on a telephone.
    ends = (f"{since.astimezone(JST):%m-%d %H:%M}", f"{until.astimezone(JST):%m-%d %H:%M}")
    return {
        "code": one["name"].replace(":", "-"),
        "name": name,
        "words": words,
        "chart": line_chart(f"{name}: {words}", runs, ends, number(highest, lang)),
        "rows": rows_of(points, since, until),
    }


def runs_of(points: Sequence[tuple[datetime, float]], step: timedelta) -> list[list[tuple[datetime, float]]]:
    """The points, parted where some are missing: a service that was not there has no line."""
    runs: list[list[tuple[datetime, float]]] = []
    for point in points:
        if not runs or point[0] - runs[-1][-1][0] > 2 * step:
            runs.append([])
        runs[-1].append(point)
    return runs


def rows_of(
    points: Sequence[tuple[datetime, float]], since: datetime, until: datetime
) -> list[tuple[datetime, float | None]]:
    """The greatest value in each twelfth of the time, with its beginning; None where nothing is known."""
    length = (until - since) / _ROWS
    rows: list[tuple[datetime, float | None]] = []
    for at in range(_ROWS):
        begin = since + at * length
        values = [value for moment_of, value in points if begin <= moment_of < begin + length]
        rows.append((begin, max(values, default=None)))
    return rows
