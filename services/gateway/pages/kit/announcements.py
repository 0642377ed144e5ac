"""Announcements on top of a page: those of its reader, and putting one aside for the rest of the session."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge import cookies
from services.gateway.edge.announcements import Announcement
from services.gateway.edge.context import CurrentGateway, Gateway
from services.gateway.pages.kit.forms import Posted, is_id
from services.gateway.pages.kit.return_to import return_path
from shared.auth import Actor
from shared.languages import Lang

HIDE = "/announcements/hide"
_COOKIE = "announcements"
# The newest of them: a cookie stays small.
_MOST_HIDDEN = 10


@dataclass(frozen=True, slots=True)
class ShownAnnouncement:
    """An announcement as a page shows it; `lang` is the language of its text."""

    id: str
    kind: str
    lang: Lang
    title: str
    body: str

    @classmethod
    def of(cls, one: Announcement, lang: Lang) -> "ShownAnnouncement":
        said = one.said(lang)
        return cls(one.id, one.kind, one.language_for(lang), said["title"], said["body"])


def announcements_for(
    request: Request, gateway: Gateway, actor: Actor | None, lang: Lang
) -> Sequence[ShownAnnouncement]:
    """The announcements of a reader that they have not put aside."""
    current = gateway.announcements.current(actor)
    hidden = _hidden(request, gateway) if current else []
    return [ShownAnnouncement.of(one, lang) for one in current if one.id not in hidden]


async def hide_announcement(request: Request, gateway: CurrentGateway, form: Posted) -> Response:
    """Put an announcement aside until the browser is closed, and go back to the page."""
    gateway.csrf.require_own_page(request)
    response = Response(status_code=303, headers={"Location": return_path(form["return_to"])})
    if is_id(form["id"]):
        hidden = [*(one for one in _hidden(request, gateway) if one != form["id"]), form["id"]]
        cookies.put(response, gateway.settings, _COOKIE, ".".join(hidden[-_MOST_HIDDEN:]), max_age=None)
    return response


def _hidden(request: Request, gateway: Gateway) -> list[str]:
    return [one for one in cookies.read(request, gateway.settings, _COOKIE).split(".") if is_id(one)]
