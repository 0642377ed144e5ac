"""The language of a page: that of the address, else the one that was chosen before, else the browser's."""

from typing import Annotated

from fastapi import Depends, Query, Request

from services.gateway.texts import OFFERED, shown_in
from shared.languages import Lang, known, negotiate


def choose_language(path: str, chosen: str, accepted: str | None) -> Lang:
    """The language of a page: the chosen one, else the best for the browser, as far as the page has it."""
    return shown_in(known(chosen) if chosen in OFFERED else negotiate(accepted, OFFERED), path)


def language_of(request: Request) -> Lang:
    """The language of a request for a page; `kit.errors` has put it into the header, for services as well."""
    return known(request.headers.get("accept-language"))


async def _chosen(request: Request, lang: Annotated[Lang | None, Query()] = None) -> Lang:
    """`lang` is checked here, and was read before."""
    return language_of(request)


PageLanguage = Annotated[Lang, Depends(_chosen)]
