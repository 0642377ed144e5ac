"""`/applications`: the applications of the person or organisation that the visitor acts for."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge.upstream import ServiceDown
from services.gateway.pages.kit.forms import Form, FormErrors
from services.gateway.pages.kit.frame import Done, page_router, redirect_to, render_page
from services.gateway.pages.kit.names import (
    office_codes,
    office_name,
    procedure_codes,
    procedure_name,
    status_codes,
    status_name,
)
from services.gateway.pages.kit.visitor import CurrentVisitor, Visitor
from services.gateway.pages.portal.applications.asked import DAYS, GROUPS, LEFT, MOST, PENDING, SORTS, Asked
from services.gateway.pages.portal.applications.lines import lines_of
from services.gateway.pages.portal.filing.shown import APPLICATIONS, is_over
from services.gateway.texts import PAGES
from shared.errors import Forbidden
from shared.http import Lang

router = page_router()
_DONE = ("deleted", "search_saved", "search_deleted")


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A saved search that an address asks for."""

    id: str
    name: str
    href: str
    shared: bool


@router.get(APPLICATIONS)
async def show_applications(request: Request, visitor: CurrentVisitor, done: Done = None) -> Response:
    """Show the list: a tab for each stage, search, filter and order, a page at a time."""
    return await list_page(visitor, Asked.of(request.query_params), done=done)


async def list_page(
    visitor: Visitor, asked: Asked, errors: FormErrors | None = None, typed: Form | None = None, done: str | None = None
) -> Response:
    """The page of the list. A condition that the service refuses is shown with its mistake, and left out."""
    if not visitor.is_person:
        raise Forbidden()
    service, lang = visitor.service("application"), visitor.lang
    answer, saved, colleagues = await asyncio.gather(
        service.call("GET", f"/v1/applications?{asked.query}"), _saved(visitor), list_colleagues(visitor)
    )
    if answer.status == 422 and asked.cursor:
        # An address of another order, or one that was written by hand.
        return redirect_to(asked.address())
    if answer.status == 422 and asked.is_narrowed:
        errors = answer.form_errors(lang, {f"/{day}": day for day in DAYS})
        answer = await service.call("GET", f"/v1/applications?{asked.cleared.query}")
    if answer.status == 403:
        raise Forbidden()
    if not answer.ok:
        raise ServiceDown()
    page, counts = answer.body, answer.body["counts"]
    lines = lines_of(page["items"], lang)
    found = {status: counts.get(status, 0) for status in GROUPS.get(asked.group, counts)}
    return render_page(
        visitor.request,
        "portal/applications/applications",
        lang,
        visitor=visitor,
        errors=errors,
        typed=typed or Form(),
        asked=asked,
        lines=lines,
        actions=_actions(found, colleagues) if visitor.roles else [],
        similar=page["similar"],
        tabs=_tabs(asked, counts, lang),
        total=sum(counts.values()),
        found=sum(found.values()),
        most=MOST,
        procedures=[(code, procedure_name(code, lang)) for code in procedure_codes()],
        statuses=[(code, status_name(code, lang)) for code in status_codes()],
        offices=[(code, office_name(code, lang)) for code in office_codes()],
        colleagues=[*colleagues, (LEFT, PAGES[lang]["applications"]["in_charge_left"])] if colleagues else [],
        days=DAYS,
        sorts=SORTS,
        saved=saved,
        first=asked.address() if asked.cursor else "",
        following=asked.address(cursor=page["next"]) if page["next"] else "",
        done=done if done in _DONE else None,
        may_file=bool(visitor.roles) and not visitor.actor.lapsed,
    )


async def _saved(visitor: Visitor) -> list[SavedSearch]:
    """The saved searches that the page can show."""
    answer = await visitor.service("application").call("GET", "/v1/filters")
    return [
        SavedSearch(str(one["id"]), one["name"], asked.address(), one["shared"])
        for one in (answer.body["items"] if answer.ok else ())
        if (asked := Asked.saved(one["query"]))
    ]


async def list_colleagues(visitor: Visitor) -> list[tuple[str, str]]:
    """The accounts of the visitor's organisation; none for people who act for none, or where it is not known."""
    organisation_id = visitor.actor.organisation_id
    if organisation_id is None:
        return []
    answer = await visitor.registration.call("GET", f"/v1/organisations/{organisation_id}/colleagues")
    return [(row["account_id"], row["name"]) for row in answer.body] if answer.ok else []


def _actions(found: Mapping[str, int], colleagues: Sequence[tuple[str, str]]) -> list[str]:
    """The actions for several applications of a list, by the number of those in each status."""
    drafts, filed = found.get("draft", 0), any(found.get(status, 0) for status in PENDING)
    going_on = any(count for status, count in found.items() if not is_over({"status": status}))
    possible = {
        "hand-over": going_on and len(colleagues) > 1,
        "documents": drafts,
        "deletion": drafts,
        "withdrawal": filed,
    }
    return [action for action, is_possible in possible.items() if is_possible]


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
