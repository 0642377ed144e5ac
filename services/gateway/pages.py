"""The gateway's own pages: start, setting a password, the list of the interface. No scripts, nothing from elsewhere."""

from collections.abc import Mapping
from hashlib import sha256
from importlib.resources import files
from typing import Annotated, Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from services.gateway.desk import TheDesk, client_address, outgoing_headers, within_limits
from services.gateway.texts import PAGES
from shared.auth import public
from shared.http import Lang, Language

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_ENVIRONMENT = Environment(
    loader=PackageLoader("services.gateway"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
_STYLE = files("services.gateway").joinpath("static/zairyu.css").read_bytes()

router = APIRouter(include_in_schema=False, dependencies=[public, Depends(within_limits)])


def _chosen(language: Language, lang: Annotated[Lang | None, Query()] = None) -> Lang:
    return lang or language


PageLanguage = Annotated[Lang, Depends(_chosen)]


def page(
    name: str, lang: Lang, status: int = 200, *, headers: Mapping[str, str] | None = None, **values: Any
) -> HTMLResponse:
    """Template `name` as an answer."""
    other = "en" if lang == "ja" else "ja"
    html = _ENVIRONMENT.get_template(f"{name}.html").render(t=PAGES[lang], lang=lang, other=other, **values)
    always = {"Content-Security-Policy": POLICY, "Content-Language": lang, "Vary": "Accept-Language"}
    return HTMLResponse(html, status, headers=always | dict(headers or {}))


@router.get("/")
async def start(lang: PageLanguage) -> HTMLResponse:
    """What this is, and where to go."""
    return page("start", lang)


@router.get("/static/zairyu.css")
async def style() -> Response:
    """The only style sheet."""
    return Response(_STYLE, media_type="text/css", headers={"Cache-Control": "public, max-age=3600"})


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
    return page("docs", lang, groups=groups, missing=document.get("x-unavailable", []))


@router.get("/password/{token}")
async def password_form(token: str, lang: PageLanguage) -> HTMLResponse:
    """Where the link of a mail leads: choose a password."""
    return page("password", lang, problem=None, login_id=None, done=False)


@router.post("/password/{token}")
async def password_chosen(token: str, request: Request, desk: TheDesk, lang: PageLanguage) -> HTMLResponse:
    """Set the password through registration, and say how it went."""
    desk.csrf.require_own_page(request)
    desk.sign_ins.admit(client_address(request))
    fields = parse_qs((await request.body()).decode("utf-8", "replace"), max_num_fields=10)
    # The key is kept by registration: it says nothing of the link.
    key = sha256(f"password-page:{token}".encode()).hexdigest()
    headers = outgoing_headers(request) | {"Accept-Language": lang, "Idempotency-Key": key}
    answer = await desk.upstreams.call(
        "registration",
        "POST",
        f"/v1/password-links/{_segment(token)}",
        json={"password": fields.get("password", [""])[0]},
        headers=headers,
    )
    body = answer.json() if "json" in answer.headers.get("content-type", "") else {}
    if answer.is_success:
        return page("password", lang, problem=None, login_id=body.get("login_id"), done=True)
    messages = [error["message"] for error in body.get("errors", [])] or [body.get("detail") or body.get("title")]
    return page("password", lang, answer.status_code, problem=messages, login_id=None, done=False)


def _segment(token: str) -> str:
    """A token is one path segment of URL-safe characters; anything else names no link."""
    return token if token.replace("-", "").replace("_", "").isalnum() and token.isascii() else "invalid"
