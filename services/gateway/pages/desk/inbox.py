"""`/desk/inbox`: what happened to the cases that an officer has, and notices to officers, the newest first; those not
yet read are marked."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from markupsafe import Markup
from starlette.responses import Response

from services.gateway.edge.upstream import ServiceDown
from services.gateway.pages.desk.queue import CASES
from services.gateway.pages.kit.forms import FormErrors, Posted, is_cursor
from services.gateway.pages.kit.frame import Done, page_router, redirect_to, render_page
from services.gateway.pages.kit.visitor import OfficerVisitor, Visitor
from services.gateway.pages.kit.words import say
from services.gateway.texts import PAGES
from shared.http import Lang

router = page_router()
PATH = "/desk/inbox"
_ON_A_PAGE = 25


@router.get(PATH)
async def show_inbox(request: Request, visitor: OfficerVisitor, done: Done = None) -> Response:
    """Show the messages; `unread=1` leaves only those not yet read."""
    return await _page(visitor, done=done)


@router.post(PATH)
async def mark_all_read(visitor: OfficerVisitor, form: Posted) -> Response:
    """Mark all messages as read, until the newest one that the page had shown."""
    answer = await visitor.service("notification").call("POST", "/v1/inbox/read", {"until": form["until"]})
    if errors := answer.form_errors(visitor.lang):
        return await _page(visitor, errors)
    return redirect_to(PATH, done="read")


@router.get(f"{PATH}/{{message_id:uuid}}")
async def open_message(request: Request, visitor: OfficerVisitor, message_id: UUID) -> Response:
    """Mark a message as read, and lead to the case that it is about; one that is about no case is shown."""
    service = visitor.service("notification")
    message = (await service.fetch(f"/v1/inbox/{message_id}")).body
    await service.call("POST", f"/v1/inbox/{message_id}/read")
    if message["case_id"]:
        return redirect_to(f"{CASES}/{UUID(message['case_id'])}")
    lang = visitor.lang
    return render_page(
        request,
        "desk/inbox/message",
        lang,
        visitor=visitor,
        subject=_subject(message, lang),
        at=message["created_at"],
        # Made from templates of the notification service, with every value escaped.
        content=Markup(say(message["html"], lang)) if message["html"] else "",  # noqa: S704
    )


def _subject(message: Mapping[str, Any], lang: Lang) -> str:
    return say(message["subject"], lang) if message["subject"] else PAGES[lang]["inbox"]["no_subject"]


async def _page(visitor: Visitor, errors: FormErrors | None = None, done: str | None = None) -> Response:
    query, lang = visitor.request.query_params, visitor.lang
    unread = query.get("unread") == "1"
    cursor = query.get("cursor", "")
    asked = {"limit": str(_ON_A_PAGE), "unread": str(unread).lower()}
    if is_cursor(cursor):
        asked["cursor"] = cursor
    found = await visitor.service("notification").call("GET", f"/v1/inbox?{urlencode(asked)}")
    if found.status == 422 and "cursor" in asked:
        return redirect_to(PATH)
    if not found.ok:
        raise ServiceDown()
    items: list[dict[str, Any]] = found.body["items"]
    newer = {"unread": "1"} if unread else {}
    return render_page(
        visitor.request,
        "desk/inbox/inbox",
        lang,
        visitor=visitor,
        errors=errors,
        lines=[
            {
                "href": f"{PATH}/{UUID(item['id'])}",
                "subject": _subject(item, lang),
                "at": item["created_at"],
                "unread": item["read_at"] is None,
            }
            for item in items
        ],
        unread=unread,
        until=items[0]["id"] if any(item["read_at"] is None for item in items) else "",
        first=f"{PATH}?{urlencode(newer)}" if newer else PATH,
        is_first="cursor" not in asked,
        following=f"{PATH}?{urlencode(newer | {'cursor': found.body['next']})}" if found.body["next"] else "",
        done=done if done == "read" else None,
    )
