"""The terms of use (利用規約) and the pledge (誓約書), in the version that holds or in one that was agreed to."""

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from services.gateway.edge.context import CurrentGateway
from services.gateway.pages.kit.frame import PageLanguage, page_router, render_page
from shared.clock import legal_date
from shared.errors import NotFound
from shared.reference.agreements import KINDS, Kind

router = page_router()
Version = Annotated[str | None, Query(max_length=10)]


@router.get("/terms")
async def terms(request: Request, gateway: CurrentGateway, lang: PageLanguage, version: Version = None) -> Response:
    """The terms of use."""
    return _text(request, gateway, lang, "terms", version)


@router.get("/pledge")
async def pledge(request: Request, gateway: CurrentGateway, lang: PageLanguage, version: Version = None) -> Response:
    """The pledge."""
    return _text(request, gateway, lang, "pledge", version)


def _text(request: Request, gateway: CurrentGateway, lang: PageLanguage, kind: Kind, version: str | None) -> Response:
    current = gateway.agreements.current(kind, legal_date(gateway.clock.now()))
    agreement = gateway.agreements.of(kind, version) if version else current
    if agreement is None:
        raise NotFound()
    return render_page(
        request,
        "public/agreements/agreement",
        lang,
        agreement=agreement,
        current=current,
        others=[one for one in gateway.agreements.versions[kind] if one is not agreement],
        paths={name: f"/{name}" for name in KINDS},
    )
