"""The start page, the list of the interface, and what pages are made with."""

from importlib.resources import files

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from services.gateway.desk import TheDesk
from services.gateway.pages.frame import PageLanguage, page, page_headers, page_router

_STATIC = files("services.gateway").joinpath("static")
_STYLE = _STATIC.joinpath("zairyu.css").read_bytes()
_SCRIPT = _STATIC.joinpath("passkeys.js").read_bytes()
_FOR_AN_HOUR = {"Cache-Control": "public, max-age=3600"}

router = page_router()


@router.get("/")
async def start(request: Request, lang: PageLanguage) -> HTMLResponse:
    """What this is, and where to go."""
    return page(request, "start", lang)


@router.get("/static/zairyu.css")
async def style() -> Response:
    """The only style sheet."""
    return Response(_STYLE, media_type="text/css", headers=_FOR_AN_HOUR)


@router.get("/static/passkeys.js")
async def script() -> Response:
    """The only script, for the pages that take a passkey."""
    return Response(_SCRIPT, media_type="text/javascript", headers=_FOR_AN_HOUR)


@router.get("/openapi.json")
async def openapi(request: Request, desk: TheDesk) -> Response:
    """The interface of all services in one document."""
    contract = await desk.contracts.current()
    headers = {"ETag": contract.etag, "Cache-Control": "public, max-age=60"}
    if contract.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(contract.body, media_type="application/json", headers=headers)


@router.get("/docs")
async def docs(request: Request, desk: TheDesk, lang: PageLanguage) -> Response:
    """The same, for people. Made once for each language: it takes longer than any other page."""
    contract = await desk.contracts.current()
    made = desk.contracts.pages.get(lang)
    if made is None or made[0] != contract.etag:
        plain = Request({**request.scope, "query_string": b""})
        shown = page(plain, "docs", lang, groups=contract.groups, missing=contract.missing)
        made = desk.contracts.pages[lang] = (contract.etag, bytes(shown.body))
    return HTMLResponse(made[1], headers=page_headers(lang))
