"""`/desk/broadcasts`: the broadcasts by state, newest first."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.kit.forms import is_cursor
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.names import office_name, procedure_name
from services.gateway.pages.kit.visitor import OfficerVisitor, Visitor
from services.gateway.pages.kit.words import say
from services.gateway.texts import PAGES
from shared.auth import Record
from shared.errors import Forbidden
from shared.http import Lang
from shared.languages import official
from shared.reference.user_classes import USER_CLASSES

router = page_router()
PATH = "/desk/broadcasts"
STATES = ("draft", "proposed", "scheduled", "sending", "sent", "stopped")
TONES = {"proposed": "attention", "scheduled": "active", "sending": "active", "stopped": "neutral"}
_ON_A_PAGE = 25


def require_operator(visitor: Visitor) -> None:
    """Raise `Forbidden` for who writes no broadcasts."""
    if not visitor.reads(Record.BROADCAST):
        raise Forbidden()


def group_in_words(group: str, codes: Sequence[str], visitor: Visitor) -> list[str]:
    """The group of a broadcast, and what narrows it."""
    return [PAGES[visitor.lang]["broadcasts"][f"group_{group}"], *(code_name(group, code, visitor) for code in codes)]


def code_name(group: str, code: str, visitor: Visitor) -> str:
    """The name of a user class, an office or a procedure."""
    if group == "office":
        return office_name(code, visitor.lang)
    if group == "procedure":
        return procedure_name(code, visitor.lang)
    row = USER_CLASSES.find(visitor.today, code)
    return say(row.name, visitor.lang) if row else code


def title_of(broadcast: Mapping[str, Any], lang: Lang) -> str:
    """The title for a reader of `lang`."""
    texts = broadcast["texts"]
    return str((texts.get(lang) or texts[official(lang)])["title"])


@router.get(PATH)
async def show_broadcasts(request: Request, visitor: OfficerVisitor) -> Response:
    """Show the broadcasts, those in one state where the address names it."""
    require_operator(visitor)
    state, cursor = request.query_params.get("state", ""), request.query_params.get("cursor", "")
    narrowed = {"state": state} if state in STATES else {}
    asked = narrowed | {"limit": str(_ON_A_PAGE)} | ({"cursor": cursor} if is_cursor(cursor) else {})
    answer = await visitor.service("notification").call("GET", f"/v1/broadcasts?{urlencode(asked)}")
    if answer.status == 422 and "cursor" in asked:
        return redirect_to(PATH)
    if not answer.ok:
        raise Forbidden()
    texts, lang = PAGES[visitor.lang]["broadcasts"], visitor.lang
    following = answer.body["next"]
    return render_page(
        request,
        "desk/broadcasts/listing",
        lang,
        visitor=visitor,
        tabs=[
            {
                "text": texts[f"state_{one}"] if one else texts["all"],
                "href": f"{PATH}?state={one}" if one else PATH,
                "current": one == narrowed.get("state", ""),
            }
            for one in ("", *STATES)
        ],
        lines=[
            {
                "href": f"{PATH}/{UUID(one['id'])}",
                "title": title_of(one, lang),
                "kind": texts[f"kind_{one['kind']}"],
                "group": group_in_words(one["group"], one["codes"], visitor),
                "state": texts[f"state_{one['state']}"],
                "tone": TONES.get(one["state"], "neutral"),
                "at": one["send_at"] or one["started_at"] or one["created_at"],
            }
            for one in answer.body["items"]
        ],
        first=f"{PATH}?{urlencode(narrowed)}" if "cursor" in asked else "",
        following=f"{PATH}?{urlencode(narrowed | {'cursor': following})}" if following else "",
    )
