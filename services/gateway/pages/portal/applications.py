"""`/applications`: the applications of the person or organisation that the visitor acts for."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge.upstream import ServiceDown
from services.gateway.pages.kit.frame import Done, page_router, redirect_to, render_page
from services.gateway.pages.kit.visitor import CurrentVisitor
from services.gateway.pages.portal.filing.shown import APPLICATIONS, procedure_name, status_name
from services.gateway.texts import PAGES
from shared.errors import Forbidden
from shared.http import Lang
from shared.reference.procedures import PROCEDURES
from shared.text.characters import readable

router = page_router()
_ON_A_PAGE = 20
# The statuses of each tab: every status stands in one.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "drafts": ("draft",),
    "yours": ("docs_requested", "on_hold_interview", "decided_grant", "awaiting_fee"),
    "pending": ("received", "under_review", "docs_submitted", "card_production", "dispatched"),
    "over": ("delivered", "certificate_issued", "decided_refuse", "not_accepted", "withdrawn", "terminated"),
}
SORTS = ("newest", "oldest", "edited", "stay_end")
_CURSOR = re.compile(r"[A-Za-z0-9_-]{1,400}")
_LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One application of a list, in words."""

    href: str
    name: str
    procedure: str
    status_of_residence: str
    receipt_number: str
    status: str
    due_on: str
    stay_end: str
    fee_yen: int | None
    updated_at: str
    is_draft: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """The list that an address asks for; what cannot be asked is left out."""

    group: str = ""
    procedure: str = ""
    q: str = ""
    sort: str = SORTS[0]
    cursor: str = ""

    @classmethod
    def of(cls, request: Request) -> "Asked":
        query = request.query_params
        sort, cursor = query.get("sort", ""), query.get("cursor", "")
        return cls(
            group=query.get("group", "") if query.get("group") in GROUPS else "",
            procedure=query.get("procedure", "") if query.get("procedure") in _procedure_codes() else "",
            q=readable(query.get("q", "")).strip()[:_LONGEST_SEARCH],
            sort=sort if sort in SORTS else SORTS[0],
            cursor=cursor if _CURSOR.fullmatch(cursor) else "",
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the tab keeps applications out of the list."""
        return bool(self.procedure or self.q)

    def address(self, **changes: str) -> str:
        """The address of the same list with `changes`, from its first page unless they name another."""
        asked = replace(self, **{"cursor": "", **changes})
        given = {
            name: value
            for name, value in (
                ("group", asked.group),
                ("procedure", asked.procedure),
                ("q", asked.q),
                ("sort", "" if asked.sort == SORTS[0] else asked.sort),
                ("cursor", asked.cursor),
            )
            if value
        }
        return f"{APPLICATIONS}?{urlencode(given)}" if given else APPLICATIONS

    @property
    def query(self) -> str:
        """The same, for the application service."""
        pairs = [("status", status) for status in GROUPS.get(self.group, ())]
        pairs += [("limit", str(_ON_A_PAGE)), ("counts", "true"), ("sort", self.sort)]
        named = {"procedure": self.procedure, "q": self.q, "cursor": self.cursor}
        return urlencode([*pairs, *((name, value) for name, value in named.items() if value)])


@router.get(APPLICATIONS)
async def show_applications(request: Request, visitor: CurrentVisitor, done: Done = None) -> Response:
    """Show the list: a tab for each stage, search, filter and order, a page at a time."""
    if not visitor.is_person:
        raise Forbidden()
    asked = Asked.of(request)
    answer = await visitor.service("application").call("GET", f"/v1/applications?{asked.query}")
    if answer.status == 422 and asked.cursor:
        # An address of another order, or one that was written by hand.
        return redirect_to(asked.address())
    if answer.status == 403:
        raise Forbidden()
    if not answer.ok:
        raise ServiceDown()
    page, counts = answer.body, answer.body["counts"]
    return render_page(
        request,
        "portal/applications/applications",
        visitor.lang,
        visitor=visitor,
        asked=asked,
        lines=lines_of(page["items"], visitor.lang),
        tabs=_tabs(asked, counts, visitor.lang),
        total=sum(counts.values()),
        found=sum(counts.get(status, 0) for status in GROUPS.get(asked.group, counts)),
        procedures=[(code, procedure_name(code, visitor.lang)) for code in _procedure_codes()],
        sorts=SORTS,
        first=asked.address() if asked.cursor else "",
        following=asked.address(cursor=page["next"]) if page["next"] else "",
        done=done if done == "deleted" else None,
        may_file=bool(visitor.roles) and not visitor.actor.lapsed,
    )


def lines_of(items: Sequence[Mapping[str, Any]], lang: Lang, below: str = "") -> list[Line]:
    """Applications of the service's answer, in words. Each leads to its page, or to the page `below` that."""
    return [
        Line(
            href=f"{APPLICATIONS}/{item['id']}{below}",
            name=item["applicant_name"] or "",
            procedure=procedure_name(item["procedure"], lang),
            status_of_residence=status_name(item["status_of_residence"], lang),
            receipt_number=item["receipt_number"] or "",
            status=item["status"],
            due_on=item["due_on"] or "",
            stay_end=item["stay_until"] or item["stay_expiry"] or "",
            fee_yen=item["fee_yen"],
            updated_at=item["updated_at"],
            is_draft=item["status"] == "draft",
        )
        for item in items
    ]


def _procedure_codes() -> list[str]:
    return list(dict.fromkeys(row.code for row in PROCEDURES.rows))


def _tabs(asked: Asked, counts: Mapping[str, int], lang: Lang) -> list[Mapping[str, Any]]:
    texts = PAGES[lang]["applications"]
    groups = {"": tuple(counts), **GROUPS}
    return [
        {
            "text": texts[f"group_{group or 'all'}"],
            "href": asked.address(group=group),
            "current": group == asked.group,
            "count": sum(counts.get(status, 0) for status in statuses),
        }
        for group, statuses in groups.items()
    ]
