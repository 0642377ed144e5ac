"""`/desk/registrations` and `/desk/reports`: the queues of the approval desk, the longest waiting first."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge.upstream import ServiceDown
from services.gateway.pages.desk.registrations.kinds import KINDS, TONES, Kind, require_reader, status_text
from services.gateway.pages.kit.forms import is_cursor
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.visitor import OfficerVisitor
from services.gateway.texts import PAGES
from shared.auth import APPLICANT_ROLES
from shared.clock import legal_date
from shared.http import Lang
from shared.text.characters import readable

router = page_router()
ON_A_PAGE = 50
EVERY_STATUS = "all"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The list that an address asks for; what cannot be asked is left out. Without a status: what waits here."""

    status: str = ""
    role: str = ""
    receipt_number: str = ""
    cursor: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Wanted":
        given = {field.name: readable(query.get(field.name, "")).strip() for field in fields(cls)}
        possible = {
            "status": given["status"] in (*TONES, EVERY_STATUS),
            "role": given["role"] in APPLICANT_ROLES,
            "receipt_number": len(given["receipt_number"]) <= 40,
            "cursor": is_cursor(given["cursor"]),
        }
        return cls(**{name: value for name, value in given.items() if value and possible[name]})

    @property
    def query(self) -> str:
        """The same for registration. A number is looked for in every status."""
        asked: dict[str, Any] = {name: value for name, value in asdict(self).items() if value and name != "status"}
        if self.status in TONES:
            asked["status"] = self.status
        elif not self.status and not self.receipt_number:
            asked["status"] = "submitted"
        return urlencode(asked | {"limit": ON_A_PAGE})

    @property
    def is_narrowed(self) -> bool:
        return replace(self, cursor="", status="") != Wanted()

    def address(self, path: str, **changes: str) -> str:
        """The address of the same list with `changes`, from its first page unless they name another."""
        asked = {name: value for name, value in asdict(replace(self, **{"cursor": "", **changes})).items() if value}
        return f"{path}?{urlencode(asked)}" if asked else path


async def _queue(kind: Kind, request: Request, visitor: OfficerVisitor) -> Response:
    require_reader(visitor, kind)
    wanted, lang = Wanted.of(request.query_params), visitor.lang
    answer, counts = await asyncio.gather(
        visitor.registration.call("GET", f"{kind.route}?{wanted.query}"),
        visitor.registration.fetch(f"{kind.route}/counts"),
    )
    if answer.status == 422 and wanted.cursor:
        # An address that was written by hand.
        return redirect_to(wanted.address(kind.path))
    if not answer.ok:
        raise ServiceDown()
    return render_page(
        request,
        "desk/registrations/queue",
        lang,
        scripts=("queue.js",),
        visitor=visitor,
        kind=kind,
        wanted=wanted,
        lines=[_line(kind, one, visitor) for one in answer.body["items"]],
        tabs=_tabs(kind, wanted, counts.body, lang),
        roles=[(role, PAGES[lang]["roles"][role]) for role in sorted({one["role"] for one in counts.body})],
        following=wanted.address(kind.path, cursor=answer.body["next"]) if answer.body["next"] else "",
        first=wanted.address(kind.path) if wanted.cursor else "",
    )


def _line(kind: Kind, one: Mapping[str, Any], visitor: OfficerVisitor) -> dict[str, Any]:
    waits = (visitor.today - legal_date(datetime.fromisoformat(one["submitted_at"]))).days
    return {
        "number": one["receipt_number"],
        "href": f"{kind.path}/{one['id']}",
        "status": status_text(one["status"], visitor.lang),
        "tone": TONES[one["status"]],
        "role": PAGES[visitor.lang]["roles"][one["role"]],
        "organisation": one["organisation_name"],
        "category": one["category"],
        "submitted_at": one["submitted_at"],
        "days": waits if one["status"] == "submitted" else None,
        "until": one.get("term_ends") or one.get("valid_until"),
    }


def _tabs(kind: Kind, wanted: Wanted, counts: Sequence[Mapping[str, Any]], lang: Lang) -> list[dict[str, Any]]:
    shown = wanted.status or ("" if wanted.receipt_number else "submitted")
    found = {
        status: sum(one["records"] for one in counts if one["status"] == status and wanted.role in ("", one["role"]))
        for status in TONES
    }
    rows = [
        {
            "text": status_text(status, lang),
            "count": found[status],
            "href": wanted.address(kind.path, status=status, receipt_number=""),
            "current": shown == status,
        }
        for status in TONES
    ]
    every = {"text": PAGES[lang]["registrations"]["every_status"], "count": sum(found.values())}
    return [
        *rows,
        every | {"href": wanted.address(kind.path, status=EVERY_STATUS), "current": shown in ("", EVERY_STATUS)},
    ]


def _add(kind: Kind) -> None:
    async def show_queue(request: Request, visitor: OfficerVisitor) -> Response:
        """Show the queue."""
        return await _queue(kind, request, visitor)

    router.add_api_route(kind.path, show_queue, methods=["GET"])


for _kind in KINDS:
    _add(_kind)
