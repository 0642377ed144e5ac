"""`/desk/translations`: the state of each language, and what of it no native speaker has looked at.

A translation that nobody has looked at is shown all the same; operators see how many there are, and where.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge.upstream import ServiceDown
from services.gateway.pages.kit.frame import page_router, render_page
from services.gateway.pages.kit.visitor import OfficerVisitor
from services.gateway.texts import OFFERED
from shared.auth import Record
from shared.catalogues import progress
from shared.errors import Forbidden
from shared.languages import LANGUAGES, TRANSLATED, Lang

router = page_router()
PATH = "/desk/translations"
# The catalogues that the gateway has, by what they are of.
_OWN = (("pages", "services.gateway"), ("texts", "shared"))


@dataclass(frozen=True, slots=True)
class Line:
    """One catalogue of a language; `part` is a text of the page: pages, texts, mails."""

    part: str
    name: str
    messages: int
    translated: int
    reviewed: int


@router.get(PATH)
async def show_translations(request: Request, visitor: OfficerVisitor) -> Response:
    """Show every catalogue of every language. Where the service of mails does not answer, the page says so."""
    if not visitor.reads(Record.NOTIFICATION):
        raise Forbidden()
    mails = None
    with suppress(ServiceDown):
        mails = (await visitor.service("notification").fetch("/v1/notifications/translations")).body
    own = await asyncio.to_thread(_own_lines)
    return render_page(
        request,
        "desk/translations/translations",
        visitor.lang,
        visitor=visitor,
        languages_of=[
            (LANGUAGES[lang], lang in OFFERED, [*own[lang], *_lines_of_mails(mails, lang)]) for lang in TRANSLATED
        ],
        mails_known=mails is not None,
    )


@cache
def _own_lines() -> Mapping[Lang, Sequence[Line]]:
    """Read once: the catalogues come with the program."""
    return {
        lang: [
            Line(part, one.domain, one.messages, one.translated, one.reviewed)
            for part, package in _OWN
            for one in progress(files(package).joinpath("locale"), lang)
        ]
        for lang in TRANSLATED
    }


def _lines_of_mails(mails: Sequence[Mapping[str, Any]] | None, lang: Lang) -> list[Line]:
    return [
        Line("mails", one["domain"], one["messages"], one["translated"], one["reviewed"])
        for one in mails or ()
        if one["language"] == lang
    ]
