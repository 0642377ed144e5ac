"""Rendering of pages: their frame, their language, and the rules for browsers."""

import re
from calendar import month_name
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from services.gateway.edge.context import current_gateway, within_limits
from services.gateway.pages.kit import static
from services.gateway.pages.kit.forms import FormErrors
from services.gateway.pages.kit.language import PageLanguage as PageLanguage
from services.gateway.pages.kit.visitor import cookie_to_drop, found_reader, look_up_reader
from services.gateway.texts import PAGES
from shared.auth import public
from shared.clock import JST
from shared.http import Lang, say

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# The passkey pages' one script, which asks `/session/passkey/options`.
SCRIPT_POLICY = f"{POLICY}; script-src 'self'; connect-src 'self'"


def day(value: date | str, lang: Lang) -> str:
    """A day, written out."""
    on = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{on.year}年{on.month}月{on.day}日" if lang == "ja" else f"{on.day} {month_name[on.month]} {on.year}"


def moment(value: datetime | str, lang: Lang) -> str:
    """A point in time, to the minute, as it is in Japan."""
    local = (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(JST)
    return f"{day(local.date(), lang)} {local:%H:%M}" + ("" if lang == "ja" else " (Japan)")


def size(value: int) -> str:
    """The size of a file, in the unit that people know."""
    return f"{value / 1024 / 1024:.1f} MB" if value >= 1024 * 1024 else f"{-(-value // 1024)} KB"


def as_typed(value: str, lang: Lang) -> str:
    """Words of a person. Japanese ones on an English page say so to a screen reader (WCAG 3.1.2); lines stay lines."""
    lines = Markup("<br>").join(value.splitlines())
    return Markup('<span lang="ja">{}</span>').format(lines) if lang != "ja" and _JAPANESE.search(value) else lines


def _environment(lang: Lang) -> Environment:
    """The templates in one language: macros say their words too."""
    environment = Environment(
        loader=PackageLoader("services.gateway"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"moment": moment, "day": day, "say": say, "size": size, "as_typed": as_typed}
    environment.globals |= {"t": PAGES[lang], "lang": lang, "static": static.address}
    return environment


_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_ENVIRONMENTS: dict[Lang, Environment] = {lang: _environment(lang) for lang in ("ja", "en")}


class _Pages(APIRouter):
    def add_api_route(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        # What answers GET answers HEAD (RFC 9110 section 9.3.2): scanners of mail ask so whether a link is good.
        if options.get("methods") == ["GET"]:
            options["methods"] = ["GET", "HEAD"]
        super().add_api_route(path, endpoint, **options)


def page_router() -> APIRouter:
    """A router of pages: public, within limits, and not part of the API."""
    return _Pages(include_in_schema=False, dependencies=[public, Depends(within_limits), Depends(look_up_reader)])


# What was done before a redirect: a name that the page has a sentence for, and nothing else.
Done = Annotated[str | None, Query(max_length=40)]
Sent = Annotated[bool, Query()]


def render_page(
    request: Request,
    name: str,
    lang: Lang,
    status: int | None = None,
    *,
    errors: FormErrors | None = None,
    script: bool = False,
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> HTMLResponse:
    """Template `name` as an answer; its status is that of `errors`, which stand on top of the page, or `status`.
    `script` is for pages that take a passkey."""
    other: Lang = "en" if lang == "ja" else "ja"
    asked = [(key, value) for key, value in request.query_params.multi_items() if key != "lang"]
    known: dict[str, Any] = {
        "other": other,
        "visitor": None,
        "errors": errors,
        "script": script,
    }
    known |= {"switch": f"?{urlencode([*asked, ('lang', other)])}", "here": request.url.path}
    # Whose head the page has. `visitor` is set by pages whose forms are the visitor's.
    known |= {
        "reader": values.get("visitor") or found_reader(request),
        "operator": current_gateway(request).operators[lang],
    }
    html = _ENVIRONMENTS[lang].get_template(f"{name}.html").render({**known, **values})
    status = status or (errors.status if errors else 200)
    response = HTMLResponse(html, status, headers={**page_headers(lang, script=script), **(headers or {})})
    if dropped := cookie_to_drop(request):
        response.headers.append("Set-Cookie", dropped)
    return response


def render_part(name: str, lang: Lang, **values: Any) -> str:
    """Template `name` as a part of a page, which does not depend on the reader."""
    return _ENVIRONMENTS[lang].get_template(f"{name}.html").render(values)


def page_headers(lang: Lang, *, script: bool = False) -> dict[str, str]:
    """Headers of every page; `no-store` comes from the application itself."""
    return {
        "Content-Security-Policy": SCRIPT_POLICY if script else POLICY,
        "Content-Language": lang,
        "Vary": "Accept-Language, Cookie",
        # With "no-referrer" a browser would send a form with `Origin: null`, like a stranger's.
        "Referrer-Policy": "same-origin",
    }


def redirect_to(path: str, **query: str | None) -> RedirectResponse:
    """Redirect to another page of ours (303)."""
    asked = urlencode({key: value for key, value in query.items() if value is not None})
    return RedirectResponse(f"{path}?{asked}" if asked else path, 303)
