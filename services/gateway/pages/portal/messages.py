"""`/messages`: the messages of this service to a person, those not yet read marked, each on a page of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from markupsafe import Markup
from starlette.responses import Response

from services.gateway.edge.upstream import ServiceDown
from services.gateway.pages.kit.forms import FormErrors, Posted, is_cursor, is_id
from services.gateway.pages.kit.frame import Done, page_router, redirect_to, render_page
from services.gateway.pages.kit.visitor import CurrentVisitor, Visitor
from services.gateway.pages.kit.words import say
from services.gateway.pages.portal.filing.shown import APPLICATIONS
from services.gateway.texts import PAGES
from shared.errors import Forbidden
from shared.http import Lang

router = page_router()
PATH = "/messages"
_ON_A_PAGE = 25


@dataclass(frozen=True, slots=True)
class Asked:
    """The messages that an address asks for: those of colleagues too, those not yet read alone, or those about one
    application."""

    everyone: bool = False
    unread: bool = False
    application: str = ""
    cursor: str = ""

    @classmethod
    def of(cls, request: Request) -> "Asked":
        query = request.query_params
        cursor, application = query.get("cursor", ""), query.get("application", "")
        return cls(
            query.get("everyone") == "1",
            query.get("unread") == "1",
            application if is_id(application) else "",
            cursor if is_cursor(cursor) else "",
        )

    def address(self, **changes: Any) -> str:
        """The address of the same messages with `changes`, from the newest unless they name another."""
        asked = replace(self, **{"cursor": "", **changes})
        query = urlencode(asked.named | ({"cursor": asked.cursor} if asked.cursor else {}))
        return f"{PATH}?{query}" if query else PATH

    @property
    def named(self) -> dict[str, str]:
        """The query of the address without the place in the list."""
        chosen = {name: "1" for name, wanted in (("everyone", self.everyone), ("unread", self.unread)) if wanted}
        return chosen | ({"application": self.application} if self.application else {})

    @property
    def query(self) -> str:
        """The same, for the notification service."""
        pairs = {"everyone": str(self.everyone).lower(), "unread": str(self.unread).lower(), "limit": str(_ON_A_PAGE)}
        pairs |= {"application_id": self.application} if self.application else {}
        return urlencode(pairs | ({"cursor": self.cursor} if self.cursor else {}))


@dataclass(frozen=True, slots=True)
class Line:
    """One message of a list; `unread` only of one that was sent to the reader."""

    href: str
    subject: str
    at: str
    unread: bool
    own: bool


def line_of(item: Mapping[str, Any], lang: Lang) -> Line:
    """A message as a list shows it. Without its content it is named by what is left: that it was a message."""
    subject = say(item["subject"], lang) if item["subject"] else PAGES[lang]["messages"]["no_subject"]
    unread = item["own"] and item["read_at"] is None
    return Line(f"{PATH}/{UUID(item['id'])}", subject, item["created_at"], unread, item["own"])


@router.get(PATH)
async def show_messages(request: Request, visitor: CurrentVisitor, done: Done = None) -> Response:
    """Show the messages, the newest first."""
    return await _page(visitor, Asked.of(request), done=done)


@router.post(PATH)
async def mark_all_read(request: Request, visitor: CurrentVisitor, form: Posted) -> Response:
    """Mark all messages to the reader as read, until the newest one that the page had shown."""
    asked = Asked.of(request)
    answer = await _inbox(visitor).call("POST", "/v1/inbox/read", {"until": form["until"]})
    if not answer.ok:
        return await _page(visitor, asked, answer.form_errors(visitor.lang))
    return redirect_to(PATH, **asked.named, done="read")


@router.get(f"{PATH}/{{message_id:uuid}}")
async def show_message(request: Request, visitor: CurrentVisitor, message_id: UUID) -> Response:
    """Show one message; with that it is read."""
    service = _inbox(visitor)
    message = (await service.fetch(f"/v1/inbox/{message_id}")).body
    if message["own"] and message["read_at"] is None:
        await service.call("POST", f"/v1/inbox/{message_id}/read")
    lang = visitor.lang
    return render_page(
        request,
        "portal/messages/message",
        lang,
        visitor=visitor,
        message=line_of(message, lang),
        # Made from templates of the notification service, with every value escaped.
        content=Markup(say(message["html"], lang)) if message["html"] else "",  # noqa: S704
        withheld=message["withheld"],
        mail_failed=message["mailed"] == "failed",
        application=f"{APPLICATIONS}/{UUID(message['application_id'])}" if message["application_id"] else "",
    )


def _inbox(visitor: Visitor) -> Any:
    if not visitor.is_person:
        raise Forbidden()
    return visitor.service("notification")


async def _page(visitor: Visitor, asked: Asked, errors: FormErrors | None = None, done: str | None = None) -> Response:
    found = await _inbox(visitor).call("GET", f"/v1/inbox?{asked.query}")
    if found.status == 422 and asked.cursor:
        return redirect_to(asked.address())
    if found.status == 403:
        raise Forbidden()
    if not found.ok:
        raise ServiceDown()
    lines = [line_of(item, visitor.lang) for item in found.body["items"]]
    texts, following = PAGES[visitor.lang]["messages"], found.body["next"]
    tabs = [("mine", asked.address(everyone=False), not asked.everyone)]
    if visitor.actor.organisation_id is not None:
        tabs.append(("everyone", asked.address(everyone=True), asked.everyone))
    return render_page(
        visitor.request,
        "portal/messages/messages",
        visitor.lang,
        visitor=visitor,
        errors=errors,
        asked=asked,
        lines=lines,
        tabs=[{"text": texts[name], "href": href, "current": current} for name, href, current in tabs],
        until=found.body["items"][0]["id"] if any(line.unread for line in lines) else "",
        first=asked.address() if asked.cursor else "",
        following=asked.address(cursor=following) if following else "",
        done=done if done == "read" else None,
    )
