"""`/home`: what needs the visitor now, and the last messages. Signing in leads here."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge.upstream import ServiceDown
from services.gateway.pages.kit.client import Answer
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.return_to import OFFICE
from services.gateway.pages.kit.undelivered import undelivered_address
from services.gateway.pages.kit.visitor import CurrentVisitor, Visitor
from services.gateway.pages.portal.applications.lines import Line, lines_of
from services.gateway.pages.portal.filing.shown import APPLICATIONS
from services.gateway.pages.portal.imports.shown import Imported
from services.gateway.pages.portal.messages import line_of

router = page_router()
_MESSAGES = 5
_LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class Need:
    """Applications that need the same: a heading, the page of all of them, and the first of them."""

    code: str
    count: int
    href: str
    lines: Sequence[Line]

    @property
    def more(self) -> bool:
        """Whether there are others than those that are shown."""
        return self.count > len(self.lines)


# What needs the visitor, most urgent first: where one of them leads to, and the list of all.
_NEEDS = {
    "requests": ("/requested-documents", f"{APPLICATIONS}?group=yours"),
    "stays": ("", f"{APPLICATIONS}?group=drafts&sort=stay_end"),
    "fees": ("/after-grant", f"{APPLICATIONS}?group=yours"),
    "results": ("", f"{APPLICATIONS}?sort=edited"),
    "drafts": ("", f"{APPLICATIONS}?group=drafts&sort=edited"),
}


@router.get("/home")
async def show_home(request: Request, visitor: CurrentVisitor) -> Response:
    """Show what needs the visitor now. A service that does not answer leaves its part out, and the page says so."""
    if not visitor.is_person:
        return redirect_to(OFFICE)
    needs, messages, unread, undelivered, sent = await asyncio.gather(
        _asked(visitor, "application", "/v1/applications/needs"),
        _asked(visitor, "notification", f"/v1/inbox?limit={_MESSAGES}"),
        _asked(visitor, "notification", "/v1/inbox/unread"),
        undelivered_address(visitor),
        _asked(visitor, "application", f"/v1/imports?limit={_LOOKED_AT}") if visitor.files_many else _nothing(),
    )
    found = _needs_of(needs.body, visitor) if needs and needs.ok else []
    files = [Imported(visitor, view) for view in sent.body["items"]] if sent and sent.ok else []
    return render_page(
        request,
        "portal/needs/needs",
        visitor.lang,
        visitor=visitor,
        needs=[need for need in found if need.count],
        imports=[one for one in files if one.waits],
        is_known=bool(needs and needs.ok),
        may_file=bool(visitor.roles) and not visitor.actor.lapsed,
        messages=[line_of(item, visitor.lang) for item in messages.body["items"]] if messages and messages.ok else [],
        unread=unread.body["count"] if unread and unread.ok else 0,
        undelivered=undelivered,
    )


async def _asked(visitor: Visitor, service: str, path: str) -> Answer | None:
    try:
        return await visitor.service(service).call("GET", path)
    except ServiceDown:
        return None


async def _nothing() -> None:
    return None


def _needs_of(body: Mapping[str, Any], visitor: Visitor) -> list[Need]:
    return [
        Need(code, body[code]["count"], href, lines_of(body[code]["items"], visitor.lang, below))
        for code, (below, href) in _NEEDS.items()
    ]
