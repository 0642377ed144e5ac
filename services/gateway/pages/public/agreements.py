"""The terms of use (利用規約) and the pledge (誓約書), in the version that holds or in one that was agreed to."""

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from services.gateway.edge.context import TheDesk
from services.gateway.pages.kit.frame import PageLanguage, page, page_router
from shared.clock import legal_date
from shared.errors import NotFound
from shared.reference.agreements import KINDS, Kind

router = page_router()
Version = Annotated[str | None, Query(max_length=10)]


@router.get("/terms")
async def terms(request: Request, desk: TheDesk, lang: PageLanguage, version: Version = None) -> Response:
    """The terms of use."""
    return _text(request, desk, lang, "terms", version)


@router.get("/pledge")
async def pledge(request: Request, desk: TheDesk, lang: PageLanguage, version: Version = None) -> Response:
    """The pledge."""
    return _text(request, desk, lang, "pledge", version)


def _text(request: Request, desk: TheDesk, lang: PageLanguage, kind: Kind, version: str | None) -> Response:
    current = desk.agreements.current(kind, legal_date(desk.clock.now()))
    agreement = desk.agreements.of(kind, version) if version else current
    if agreement is None:
        raise NotFound()
    return page(
        request,
        "public/agreements/agreement",
        lang,
        agreement=agreement,
        current=current,
        others=[one for one in desk.agreements.versions[kind] if one is not agreement],
        paths={name: f"/{name}" for name in KINDS},
    )
