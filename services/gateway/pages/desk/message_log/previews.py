"""`/desk/messages/templates`: every message that can be sent, with sample data, as text, as a mail, and on a telephone.

The mail stands in a frame of its own, without scripts and cut off from the page (`sandbox`).
"""

import re
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from services.gateway.pages.desk.message_log.search import PATH, require_reader
from services.gateway.pages.kit.frame import POLICY, page_router, render_page
from services.gateway.pages.kit.visitor import OfficerVisitor, Visitor
from services.gateway.pages.kit.words import say
from services.gateway.texts import PAGES
from shared.errors import NotFound
from shared.http import Lang
from shared.languages import LANGUAGES

router = page_router()
TEMPLATES = f"{PATH}/templates"
_NAME = re.compile(r"[a-z_]{1,80}")
# A mail has its styles with its elements, and nothing that is fetched or run.
MAIL_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'self'; sandbox",
    "X-Frame-Options": "SAMEORIGIN",
}
FRAMED = {"Content-Security-Policy": f"{POLICY}; frame-src 'self'"}


@router.get(TEMPLATES)
async def show_templates(request: Request, visitor: OfficerVisitor) -> Response:
    """Show the table of messages: event, audience, template, channels."""
    require_reader(visitor)
    found = (await visitor.service("notification").fetch("/v1/notifications/templates")).body
    texts = PAGES[visitor.lang]["message_log"]
    return render_page(
        request,
        "desk/message_log/templates",
        visitor.lang,
        visitor=visitor,
        lines=[
            {
                "name": line["name"],
                "title": say(line["title"], visitor.lang),
                "href": f"{TEMPLATES}/{line['name']}",
                "event": line["event"],
                "audience": [texts[f"audience_{part}"] for part in line["audience"]],
                "may_wait": line["may_wait"],
            }
            for line in found
        ],
    )


@router.get(f"{TEMPLATES}/{{name}}")
async def show_template(request: Request, visitor: OfficerVisitor, name: str) -> Response:
    """Show one message in a language as its recipients see it."""
    lang = language_wanted(visitor)
    preview = await _preview(visitor, name, lang)
    states = await _translations(visitor)
    return render_page(
        request,
        "desk/message_log/template",
        visitor.lang,
        headers=FRAMED,
        visitor=visitor,
        template=name,
        subject=preview["subject"],
        text=preview["text"],
        mail=f"{TEMPLATES}/{name}/mail?first={lang}",
        state=states.get(lang),
        tabs=[
            {"text": one.name, "href": f"{TEMPLATES}/{name}?first={code}", "current": code == lang}
            for code, one in LANGUAGES.items()
            if one.official or code in states
        ],
    )


@router.get(f"{TEMPLATES}/{{name}}/mail")
async def show_mail(request: Request, visitor: OfficerVisitor, name: str) -> Response:
    """The mail's HTML, for a frame of the page."""
    preview = await _preview(visitor, name, language_wanted(visitor))
    return HTMLResponse(preview["html"], headers=MAIL_HEADERS)


def language_wanted(visitor: Visitor) -> Lang:
    """The language that comes first in the mail."""
    asked = visitor.request.query_params.get("first")
    return next((lang for lang in LANGUAGES if asked == lang), visitor.lang)


async def _translations(visitor: Visitor) -> dict[str, dict[str, Any]]:
    """The state of the mails in each language into which all of them are translated."""
    found = (await visitor.service("notification").fetch("/v1/notifications/translations")).body
    return {one["language"]: one for one in found if one["translated"] == one["messages"]}


async def _preview(visitor: Visitor, name: str, lang: Lang) -> dict[str, Any]:
    require_reader(visitor)
    if not _NAME.fullmatch(name):
        raise NotFound()
    path = f"/v1/notifications/templates/{name}/preview?language={lang}"
    found: dict[str, Any] = (await visitor.service("notification").fetch(path)).body
    return found
