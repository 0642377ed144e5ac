"""`/desk`: what waits for the officer, by role. Signing in leads officers here."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge.upstream import ServiceDown
from services.gateway.pages.desk.examiners import EXAMINERS
from services.gateway.pages.desk.figures import READERS as FIGURES_READERS
from services.gateway.pages.desk.queue import CASES, Wanted, up_to
from services.gateway.pages.desk.registrations.kinds import KINDS
from services.gateway.pages.kit.formats import number
from services.gateway.pages.kit.frame import page_router, render_page
from services.gateway.pages.kit.return_to import OFFICE
from services.gateway.pages.kit.visitor import OfficerVisitor, Visitor
from services.gateway.texts import PAGES
from shared.auth import Record, Role

router = page_router()
# The waits that each role ends, the own ones first.
_EXAMINING = ("not_started", "unassigned", "examination", "documents")
_WAITS: Mapping[Role, Sequence[str]] = {
    Role.CHIEF_EXAMINER: ("decision", "effect", *_EXAMINING),
    Role.EXAMINER: _EXAMINING,
    Role.CARD_OFFICE: (
        "fee",
        "card_materials",
        "certificate",
        "card_production",
        "mailing",
        "counter_visit",
        "delivery",
    ),
}


# What is looked up or changed, and does not wait.
_RECORDS = (
    ("/desk/officers", "officers", Record.OFFICER),
    ("/desk/messages", "message_log", Record.NOTIFICATION),
    ("/desk/translations", "translations", Record.NOTIFICATION),
    ("/desk/journal", "journal", Record.JOURNAL),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of waiting: the number of cases, of late ones ("" for none) and of one's own, and the list of them."""

    wait: str
    cases: str
    late: str
    mine: str
    has_mine: bool
    href: str
    href_mine: str


@router.get(OFFICE)
async def show_waiting(request: Request, visitor: OfficerVisitor) -> Response:
    """Show what waits for the visitor's roles. Where the service does not answer, the page says so."""
    lines = None
    concerns: list[dict[str, Any]] = []
    most = 0
    notices: list[dict[str, Any]] = []
    shows_cases = visitor.sees_cases and _has_office(visitor)
    if shows_cases:
        with suppress(ServiceDown):
            counts = (await visitor.service("review").fetch("/v1/cases/counts")).body
            lines, concerns = await _lines(visitor, counts["waits"], counts["most"]), counts["concerns"]
            most = counts["most"]
            notices = await _notices(visitor)
    return render_page(
        request,
        "desk/waiting/waiting",
        visitor.lang,
        visitor=visitor,
        lines=lines,
        unread=await _unread(visitor),
        is_known=lines is not None or not shows_cases,
        notices=notices,
        concerns=[
            (one["concern"], up_to(one["cases"], most, visitor.lang), Wanted(concern=one["concern"]).address())
            for one in concerns
            if one["cases"]
        ],
        examiners=EXAMINERS if visitor.actor.has(Role.EXAMINER, Role.CHIEF_EXAMINER) else "",
        shows_mine=visitor.actor.has(Role.EXAMINER),
        shows_applications=visitor.actor.has(Role.RECEPTION),
        shows_card_desk=visitor.actor.has(Role.CARD_OFFICE),
        shows_payments=visitor.actor.has(Role.CARD_OFFICE, Role.AUDITOR),
        no_office=visitor.sees_cases and not _has_office(visitor),
        registrations=await _registrations(visitor),
        links=[(path, text) for path, text, record in _RECORDS if visitor.reads(record)],
        cases=CASES,
        shows_undelivered=shows_cases and not visitor.actor.has(Role.AUDITOR),
        shows_figures=visitor.actor.has(*FIGURES_READERS),
        decides=visitor.actor.has(Role.CHIEF_EXAMINER),
    )


async def _unread(visitor: Visitor) -> str:
    """The number of messages about the visitor's cases that were not read; "" for none, and where it is not known."""
    if visitor.has_cases:
        with suppress(ServiceDown):
            found = (await visitor.service("notification").fetch("/v1/inbox/unread")).body
            if found["count"]:
                return number(found["count"], visitor.lang) + ("+" if found["more"] else "")
    return ""


async def _registrations(visitor: Visitor) -> list[dict[str, Any]]:
    """Lines on the records that wait for approval, of each kind that the visitor reads; none where registration cannot
    say."""
    lines = []
    for kind in KINDS:
        if visitor.reads(kind.record):
            with suppress(ServiceDown):
                counts = (await visitor.registration.fetch(f"{kind.route}/counts")).body
                waiting = [one for one in counts if one["status"] == "submitted"]
                lines.append(
                    {
                        "text": PAGES[visitor.lang]["registrations"][f"{kind.name}s"],
                        "href": kind.path,
                        "records": sum(one["records"] for one in waiting),
                        "oldest": min((one["oldest"] for one in waiting), default=None),
                    }
                )
    return lines


def _has_office(visitor: Visitor) -> bool:
    return visitor.actor.office is not None or visitor.actor.has(Role.AUDITOR)


async def _notices(visitor: Visitor) -> list[dict[str, Any]]:
    """The deadlines that were reported in the last days: of the office for chief examiners, of their own cases for
    examiners."""
    if not visitor.actor.has(Role.EXAMINER, Role.CHIEF_EXAMINER):
        return []
    mine = "" if visitor.actor.has(Role.CHIEF_EXAMINER) else "?mine=true"
    found = (await visitor.service("review").fetch(f"/v1/cases/notices{mine}")).body["items"]
    return [one | {"href": f"{CASES}/{one['case_id']}"} for one in found]


async def _lines(visitor: Visitor, found: list[dict[str, Any]], most: int) -> list[Line]:
    service = visitor.service("review")
    mine: list[dict[str, Any]] = []
    if visitor.actor.has(Role.EXAMINER):
        mine = (await service.fetch("/v1/cases/counts?mine=true")).body["waits"]
    own = {one["wait"]: one["cases"] for one in mine}
    shown = [wait for role, waits in _WAITS.items() if visitor.actor.has(role) for wait in waits]
    if visitor.actor.has(Role.AUDITOR):
        shown = [one["wait"] for one in found]
    by_wait = {one["wait"]: one for one in found}
    return [
        Line(
            wait,
            up_to(by_wait[wait]["cases"], most, visitor.lang),
            up_to(by_wait[wait]["late"], most, visitor.lang) if by_wait[wait]["late"] else "",
            up_to(own.get(wait, 0), most, visitor.lang),
            bool(own.get(wait)),
            Wanted(wait=wait).address(),
            Wanted(wait=wait, mine="true").address(),
        )
        for wait in dict.fromkeys(shown)
    ]
