"""`/desk/journal`: who did what to which record, and when, in one service at a time. Each look is a line of its own.

Nothing is asked before a service is chosen: opening the page is no look.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge.exposure import SERVICES
from services.gateway.pages.kit.forms import FormErrors, Message, is_cursor
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.visitor import OfficerVisitor, Visitor
from services.gateway.pages.kit.words import say
from services.gateway.texts import PAGES
from shared.auth import Record
from shared.clock import JST
from shared.errors import Forbidden
from shared.text import BadValue, day
from shared.text.characters import readable

router = page_router()
PATH = "/desk/journal"
KINDS = ("officer", "person", "client", "system")
ON_A_PAGE = 50
_DAYS = ("since", "until")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The search that an address asks for, as it was typed."""

    service: str = ""
    actor_id: str = ""
    actor_kind: str = ""
    aggregate_id: str = ""
    action: str = ""
    since: str = ""
    until: str = ""
    cursor: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Wanted":
        given = {field.name: readable(query.get(field.name, "")).strip()[:400] for field in fields(cls)}
        if given["service"] not in SERVICES:
            given["service"] = ""
        if given["actor_kind"] not in KINDS:
            given["actor_kind"] = ""
        if not is_cursor(given["cursor"]):
            given["cursor"] = ""
        return cls(**given)

    @property
    def conditions(self) -> dict[str, str]:
        """The conditions as the service takes them. Raises `BadValue` for a day that is none."""
        names = ("actor_id", "actor_kind", "aggregate_id", "action")
        asked = {name: value for name in names if (value := getattr(self, name))}
        if self.since:
            asked["since"] = _begin(self.since)
        if self.until:
            # The day is included, and the service takes the moment at which it is over.
            asked["until"] = _begin(self.until, timedelta(days=1))
        return asked

    def address(self, path: str = PATH, **changes: str) -> str:
        """The address of the same search with `changes`, from its first page unless they name another."""
        asked = {name: value for name, value in asdict(replace(self, **{"cursor": "", **changes})).items() if value}
        return f"{path}?{urlencode(asked)}" if asked else path


def _begin(typed: str, later: timedelta = timedelta()) -> str:
    return (datetime.combine(day(typed), time(), JST) + later).isoformat()


@router.get(PATH)
async def show_journal(request: Request, visitor: OfficerVisitor) -> Response:
    """Show the form, and what was found where a service is named."""
    _require_auditor(visitor)
    wanted = Wanted.of(request.query_params)
    if not wanted.service:
        return _page(visitor, wanted)
    if wrong := list(_wrong_days(wanted, visitor)):
        return _page(visitor, wanted, errors=FormErrors(422, tuple(wrong)))
    asked = wanted.conditions | {"limit": str(ON_A_PAGE)} | ({"cursor": wanted.cursor} if wanted.cursor else {})
    path = f"/v1/{wanted.service}/operations/audit?{urlencode(asked)}"
    answer = await visitor.service(wanted.service).call("GET", path)
    if errors := answer.form_errors(visitor.lang, {f"/{field.name}": field.name for field in fields(Wanted)}):
        return _page(visitor, wanted, errors=errors)
    return _page(visitor, wanted, found=answer.body)


@router.get(f"{PATH}/export")
async def export(request: Request, visitor: OfficerVisitor) -> Response:
    """The same lines as CSV, all of them."""
    _require_auditor(visitor)
    wanted = Wanted.of(request.query_params)
    if not wanted.service or any(_wrong_days(wanted, visitor)):
        return redirect_to(wanted.address())
    path = f"/v1/{wanted.service}/operations/audit.csv?{urlencode(wanted.conditions)}"
    return await visitor.service(wanted.service).download(path, "invalid") or redirect_to(wanted.address())


@router.get(f"{PATH}/verification")
async def verify(request: Request, visitor: OfficerVisitor) -> Response:
    """Check rows, chains and seals of one service's journal now, and show what was found."""
    _require_auditor(visitor)
    wanted = Wanted.of(request.query_params)
    if not wanted.service:
        return redirect_to(PATH)
    answer = await visitor.service(wanted.service).call("GET", f"/v1/{wanted.service}/operations/audit/verification")
    if errors := answer.form_errors(visitor.lang):
        return _page(visitor, wanted, errors=errors)
    return render_page(
        request,
        "desk/journal/verification",
        visitor.lang,
        visitor=visitor,
        service=PAGES[visitor.lang]["journal"][f"service_{wanted.service}"],
        found=answer.body,
        earlier=Wanted(service=wanted.service, action="journal:verify").address(),
    )


def _require_auditor(visitor: Visitor) -> None:
    if not visitor.reads(Record.JOURNAL):
        raise Forbidden()


def _wrong_days(wanted: Wanted, visitor: Visitor) -> Iterator[Message]:
    for name in _DAYS:
        if typed := getattr(wanted, name):
            try:
                day(typed)
            except BadValue as bad:
                yield Message(say(bad.message, visitor.lang), name)


def _page(
    visitor: Visitor, wanted: Wanted, found: Mapping[str, Any] | None = None, errors: FormErrors | None = None
) -> Response:
    texts = PAGES[visitor.lang]["journal"]
    lines = [_line(one, wanted, texts) for one in found["items"]] if found else []
    following = wanted.address(cursor=found["next"]) if found and found["next"] else ""
    return render_page(
        visitor.request,
        "desk/journal/search",
        visitor.lang,
        visitor=visitor,
        errors=errors,
        wanted=wanted,
        services=[(name, texts[f"service_{name}"]) for name in SERVICES],
        kinds=[(kind, texts[f"kind_{kind}"]) for kind in KINDS],
        is_searched=found is not None,
        lines=lines,
        export=wanted.address(f"{PATH}/export"),
        verification=Wanted(service=wanted.service).address(f"{PATH}/verification"),
        following=following,
        first=wanted.address() if wanted.cursor else "",
    )


def _line(one: Mapping[str, Any], wanted: Wanted, texts: Mapping[str, str]) -> dict[str, Any]:
    actor, only = one["actor_id"], Wanted(service=wanted.service)
    changed = {table["table"] for table in one["changes"]}
    return {
        "position": one["position"],
        "at": one["at"],
        "action": one["action"],
        "actor": texts.get(f"kind_{one['actor_kind']}", one["actor_kind"]),
        "actor_id": actor or one["actor_name"] or "",
        "by_actor": only.address(actor_id=actor) if actor else "",
        "aggregate": one["aggregate"],
        "aggregate_id": one["aggregate_id"],
        "of_record": only.address(aggregate_id=one["aggregate_id"]),
        "detail": [(name, str(value)) for name, value in one["detail"].items()],
        "changed": sorted(changed),
    }
