"""`/stays`: the stays that end soon, by month, and the beginning of the renewals of many with one press."""

import asyncio
import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge.upstream import ServiceDown
from services.gateway.pages.kit.formats import month as month_name
from services.gateway.pages.kit.forms import FormErrors, LongForm, Message, ids_among, is_cursor
from services.gateway.pages.kit.frame import Done, page_router, redirect_to, render_page
from services.gateway.pages.kit.names import procedure_name, status_name
from services.gateway.pages.kit.visitor import CurrentVisitor, LongFormVisitor, Visitor
from services.gateway.pages.kit.words import say
from services.gateway.pages.portal.filing.shown import APPLICATIONS
from services.gateway.pages.portal.imports.shown import IMPORTS, require_filer
from services.gateway.texts import PAGES
from shared.errors import Forbidden
from shared.http import Lang

router = page_router()
PATH = "/stays"
_ON_A_PAGE = 50
_MONTH = re.compile(r"20[0-9]{2}-(?:0[1-9]|1[0-2])")
RENEWALS = ("none", "under_way")


@dataclass(frozen=True, slots=True)
class Asked:
    """The stays that an address asks for: of one month (YYYY-MM) or of the next twelve, renewed or not."""

    month: str = ""
    renewal: str = ""
    cursor: str = ""

    @classmethod
    def of(cls, request: Request) -> "Asked":
        query = request.query_params
        month, renewal, cursor = (query.get(name, "") for name in ("month", "renewal", "cursor"))
        return cls(
            month if _MONTH.fullmatch(month) else "",
            renewal if renewal in RENEWALS else "",
            cursor if is_cursor(cursor) else "",
        )

    def address(self, **changes: str) -> str:
        """The address of the same stays with `changes`, from the first page unless they name another."""
        asked = replace(self, **{"cursor": "", **changes})
        pairs = (("month", asked.month), ("renewal", asked.renewal), ("cursor", asked.cursor))
        given = {name: value for name, value in pairs if value}
        return f"{PATH}?{urlencode(given)}" if given else PATH

    def query(self, today: date) -> str:
        """The same, for the application service."""
        pairs = {"limit": str(_ON_A_PAGE), "renewal": self.renewal, "cursor": self.cursor} | self.days(today)
        return urlencode({name: value for name, value in pairs.items() if value})

    def days(self, today: date) -> dict[str, str]:
        """The first and the last day of the month, of this one from today on; empty for the next twelve months."""
        if not self.month:
            return {}
        first = date.fromisoformat(f"{self.month}-01")
        last = first.replace(day=monthrange(first.year, first.month)[1])
        return {"stay_from": max(first, min(today, last)).isoformat(), "stay_to": last.isoformat()}


@dataclass(frozen=True, slots=True)
class Line:
    """A stay in words. `renewal_href` is the application that renews it, "" where none is under way."""

    id: str
    name: str
    href: str
    procedure: str
    status_of_residence: str
    ends_on: str
    days_left: int
    renewal_href: str
    renewal_status: str


@router.get(PATH)
async def show_stays(request: Request, visitor: CurrentVisitor, done: Done = None) -> Response:
    """Show the stays that end, the first first, and which of them are being renewed."""
    return await _page(visitor, Asked.of(request), done=done)


@router.post(PATH)
async def begin_renewals(request: Request, visitor: LongFormVisitor, form: LongForm) -> Response:
    """Begin a renewal for each of the people who were chosen. Pressing twice begins one: the page brings the key of its
    request, and what is under way is begun no second time."""
    asked = Asked.of(request)
    if form["do"] == "import":
        return await _begin_import(visitor, asked, str(form.key))
    sent = form.every("on_page" if form["do"] == "all" else "application_id")
    chosen = ids_among(sent)[:_ON_A_PAGE]
    if not chosen:
        return await _page(visitor, asked, FormErrors.on(PAGES[visitor.lang]["stays"]["choose_one"], "stays"))
    answer = await visitor.service("application").call(
        "POST",
        "/v1/stays/renewals",
        {"application_ids": chosen},
        headers={"Idempotency-Key": str(form.key)},
    )
    if not answer.ok:
        return await _page(visitor, asked, answer.form_errors(visitor.lang))
    if refused := [one for one in answer.body["items"] if one["outcome"] == "refused"]:
        return await _page(visitor, asked, _refusals(refused, form, visitor.lang))
    return redirect_to(PATH, **_named(asked), done="begun")


async def _begin_import(visitor: Visitor, asked: Asked, key: str) -> Response:
    """Begin the renewals of everybody whose stay ends then as one import, and lead to it. Those that cannot be renewed
    are named first."""
    answer = await require_filer(visitor).call(
        "POST", f"/v1/imports/renewals?{urlencode(asked.days(visitor.today))}", headers={"Idempotency-Key": key}
    )
    if not answer.ok:
        return await _page(visitor, asked, answer.form_errors(visitor.lang))
    begun = f"{IMPORTS}/{answer.body['id']}"
    if not answer.body["refused"]:
        return redirect_to(begun)
    texts, lang = PAGES[visitor.lang]["stays"], visitor.lang
    messages = [
        Message(
            texts["refused"].format(
                name=one["applicant_name"] or texts["unnamed"],
                reasons=" ".join(say(problem["message"], lang) for problem in one["problems"]),
            ),
            f"stay-{one['application_id']}",
        )
        for one in answer.body["refused"][:_ON_A_PAGE]
    ]
    return await _page(visitor, asked, FormErrors(422, tuple(messages)), begun=begun)


def _refusals(items: Sequence[Mapping[str, Any]], form: LongForm, lang: Lang) -> FormErrors:
    """The reasons why single renewals were not begun, each with the name that the page had for the person."""
    texts = PAGES[lang]["stays"]
    messages = []
    for item in items:
        reasons = " ".join(say(one["message"], lang) for one in item["problems"])
        name = form[f"name-{item['application_id']}"][:200] or texts["unnamed"]
        messages.append(Message(texts["refused"].format(name=name, reasons=reasons), f"stay-{item['application_id']}"))
    return FormErrors(422, tuple(messages))


def _named(asked: Asked) -> dict[str, str]:
    return {name: value for name, value in (("month", asked.month), ("renewal", asked.renewal)) if value}


async def _page(
    visitor: Visitor, asked: Asked, errors: FormErrors | None = None, done: str | None = None, begun: str = ""
) -> Response:
    """The page of the calendar; `begun` is the import that was begun of those that could be renewed."""
    if not visitor.is_person:
        raise Forbidden()
    service = visitor.service("application")
    today = visitor.today
    found, counted = await asyncio.gather(
        service.call("GET", f"/v1/stays?{asked.query(today)}"), service.call("GET", "/v1/stays/counts?by=month")
    )
    if found.status == 422 and asked.cursor:
        return redirect_to(asked.address())
    if found.status == 403:
        raise Forbidden()
    if not found.ok or not counted.ok:
        raise ServiceDown()
    months, following = counted.body["items"], found.body["next"]
    may_file = bool(visitor.roles) and not visitor.actor.lapsed
    chosen = [one for one in months if not asked.month or one["on"].startswith(asked.month)]
    return render_page(
        visitor.request,
        "portal/stays/stays",
        visitor.lang,
        visitor=visitor,
        errors=errors,
        asked=asked,
        lines=[_line(item, visitor.lang) for item in found.body["items"]],
        months=_months(asked, months, visitor.lang),
        total=sum(one["stays"] for one in months),
        under_way=sum(one["under_way"] for one in months),
        renewals=RENEWALS,
        first=asked.address() if asked.cursor else "",
        following=asked.address(cursor=following) if following else "",
        may_file=may_file,
        for_import=sum(one["stays"] - one["under_way"] for one in chosen) if may_file and visitor.files_many else 0,
        begun=begun,
        done=done if done == "begun" else None,
    )


def _line(item: Mapping[str, Any], lang: Lang) -> Line:
    application, renewal = item["application"], item["renewal"]
    return Line(
        id=str(UUID(application["id"])),
        name=application["applicant_name"] or "",
        href=f"{APPLICATIONS}/{application['id']}",
        procedure=procedure_name(application["procedure"], lang),
        status_of_residence=status_name(application["status_of_residence"], lang),
        ends_on=item["ends_on"],
        days_left=item["days_left"],
        renewal_href=f"{APPLICATIONS}/{renewal['id']}" if renewal else "",
        renewal_status=renewal["status"] if renewal else "",
    )


def _months(asked: Asked, months: Sequence[Mapping[str, Any]], lang: Lang) -> list[Mapping[str, Any]]:
    """A tab for the next twelve months together, and one for each in which a stay ends."""
    every = {
        "text": PAGES[lang]["stays"]["all_months"],
        "href": asked.address(month=""),
        "current": not asked.month,
        "count": sum(one["stays"] for one in months),
    }
    single = [
        {
            "text": month_name(one["on"][:7], lang),
            "href": asked.address(month=one["on"][:7]),
            "current": asked.month == one["on"][:7],
            "count": one["stays"],
        }
        for one in months
    ]
    return [every, *single]
