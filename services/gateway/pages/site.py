"""The start page, the list of the interface, and what pages are made with."""

from importlib.resources import files
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from services.gateway.desk import TheDesk
from services.gateway.pages.frame import PageLanguage, page, page_router

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
async def openapi(request: Request, desk: TheDesk) -> dict[str, Any]:
    """The interface of all services in one document."""
    return await desk.contracts.merged(request.app.openapi(), desk.settings.cookie_name)


@router.get("/docs")
async def docs(request: Request, desk: TheDesk, lang: PageLanguage) -> HTMLResponse:
    """The same, for people."""
    document = await desk.contracts.merged(request.app.openapi(), desk.settings.cookie_name)
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            tag = (operation.get("tags") or ["other"])[0]
            groups.setdefault(tag, []).append({"method": method.upper(), "path": path, "operation": operation})
    return page(request, "docs", lang, groups=groups, missing=document.get("x-unavailable", []))
