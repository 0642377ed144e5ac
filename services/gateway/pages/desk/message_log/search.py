"""`/desk/messages`: which messages went out and how each ended. Each look is journalled.

Nothing is asked before a condition is given: opening the page is no look.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge.upstream import ServiceDown
from services.gateway.pages.kit.forms import FormErrors, is_cursor
from services.gateway.pages.kit.frame import page_router, render_page
from services.gateway.pages.kit.visitor import OfficerVisitor, Visitor
from services.gateway.pages.kit.words import say
from services.gateway.texts import PAGES
from shared.auth import Record
from shared.errors import Forbidden
from shared.http import Lang
from shared.text.characters import readable

router = page_router()
PATH = "/desk/messages"
STATES = ("created", "held", "sending", "temporary-failure", "sent", "failed", "summarised", "inbox")
_TONES = {"failed": "attention", "temporary-failure": "attention", "sent": "active", "summarised": "active"}
_ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """The search that an address asks for, as it was typed."""

    number: str = ""
    address: str = ""
    account_id: str = ""
    application_id: str = ""
    cause: str = ""
    state: str = ""
    all: str = ""
    cursor: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Wanted":
        given = {field.name: readable(query.get(field.name, "")).strip()[:400] for field in fields(cls)}
        if given["state"] not in STATES:
            given["state"] = ""
        given["all"] = "1" if given["all"] == "1" else ""
        if not is_cursor(given["cursor"]):
            given["cursor"] = ""
        return cls(**given)

    @property
    def is_asked(self) -> bool:
        return replace(self, cursor="") != Wanted()

    @property
    def conditions(self) -> dict[str, str]:
        """The conditions as the service takes them."""
        return {name: value for name, value in asdict(replace(self, all="", cursor="")).items() if value}

    def link(self, **changes: str) -> str:
        """The address of the same search with `changes`, from its first page unless they name another."""
        asked = {name: value for name, value in asdict(replace(self, **{"cursor": "", **changes})).items() if value}
        return f"{PATH}?{urlencode(asked)}" if asked else PATH


def require_reader(visitor: Visitor) -> None:
    """Raise `Forbidden` for who sees no messages."""
    if not visitor.reads(Record.NOTIFICATION):
        raise Forbidden()


def shown(item: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    """A message as pages of the log show it."""
    texts = PAGES[lang]["message_log"]
    return {
        **item,
        "href": f"{PATH}/{UUID(item['id'])}",
        "state_text": texts[f"state_{item['state'].replace('-', '_')}"],
        "tone": _TONES.get(item["state"], "neutral"),
        "title_text": say(item["title"], lang),
        "party_text": texts[f"party_{item['party']}"],
    }


@router.get(PATH)
async def show_messages(request: Request, visitor: OfficerVisitor) -> Response:
    """Show the form, and what was found where something is asked for."""
    require_reader(visitor)
    wanted = Wanted.of(request.query_params)
    if not wanted.is_asked:
        return _page(visitor, wanted, relays=await _relays(visitor))
    asked = wanted.conditions | {"limit": str(_ON_A_PAGE)} | ({"cursor": wanted.cursor} if wanted.cursor else {})
    answer = await visitor.service("notification").call("GET", f"/v1/notifications?{urlencode(asked)}")
    if errors := answer.form_errors(visitor.lang, {f"/{field.name}": field.name for field in fields(Wanted)}):
        return _page(visitor, wanted, errors=errors)
    return _page(visitor, wanted, found=answer.body)


async def _relays(visitor: Visitor) -> list[dict[str, Any]] | None:
    """The mail relays in words; None where the service does not answer."""
    try:
        found = (await visitor.service("notification").fetch("/v1/notifications/relays")).body
    except ServiceDown:
        return None
    texts = PAGES[visitor.lang]["message_log"]
    return [
        {
            **one,
            "title": texts[f"relay_{one['name']}"],
            "text": texts[f"relay_{one['state']}"],
            "tone": "active" if one["state"] == "used" else "attention",
        }
        for one in found
    ]


def _page(
    visitor: Visitor,
    wanted: Wanted,
    *,
    found: Mapping[str, Any] | None = None,
    errors: FormErrors | None = None,
    relays: Sequence[Mapping[str, Any]] | None = None,
) -> Response:
    texts = PAGES[visitor.lang]["message_log"]
    following = found["next"] if found else None
    return render_page(
        visitor.request,
        "desk/message_log/search",
        visitor.lang,
        visitor=visitor,
        errors=errors,
        wanted=wanted,
        states=[(state, texts[f"state_{state.replace('-', '_')}"]) for state in STATES],
        lines=[shown(item, visitor.lang) for item in found["items"]] if found else [],
        is_searched=found is not None,
        relays=relays,
        everything=Wanted(all="1").link(),
        failed=Wanted(state="failed").link(),
        first=wanted.link() if wanted.cursor else "",
        following=wanted.link(cursor=following) if following else "",
    )
