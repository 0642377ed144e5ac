"""Rendering of pages: their frame, their language, and the rules for browsers."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket

from services.gateway.edge.admission import admitted
from services.gateway.edge.caller import ActsBy
from services.gateway.edge.context import current_gateway
from services.gateway.pages.kit import static
from services.gateway.pages.kit.announcements import HIDE, announcements_for
from services.gateway.pages.kit.formats import FILTERS
from services.gateway.pages.kit.forms import FormErrors
from services.gateway.pages.kit.language import PageLanguage as PageLanguage
from services.gateway.pages.kit.menu import menu_of
from services.gateway.pages.kit.names import case_state_name, progress_name
from services.gateway.pages.kit.visitor import cookie_to_drop, found_reader, look_up_reader
from services.gateway.pages.kit.words import official_words, say
from services.gateway.texts import OFFERED, PAGES, languages_at
from shared.auth import public
from shared.ids import new_id
from shared.languages import LANGUAGES, Lang, official

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# For pages with a script of ours, which may ask this site, the store of files where browsers reach it, and no other.
SCRIPT_POLICY = f"{POLICY}; script-src 'self'; connect-src 'self'"


class _Compiled(BytecodeCache):
    """Compiled templates, in memory: those of all languages are the same code."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[(bucket.key, bucket.checksum)] = bucket.code


_COMPILED = _Compiled()


@cache
def environment_of(lang: Lang) -> Environment:
    """The templates in one language: macros say their words too."""
    environment = Environment(
        loader=PackageLoader("services.gateway"),
        bytecode_cache=_COMPILED,
        # Templates are part of the program: nobody looks at their files for changes at each page.
        auto_reload=False,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "paired": official,
        **FILTERS,
        "say": say,
        "official_words": official_words,
        "case_state_name": case_state_name,
        "progress_name": progress_name,
    }
    environment.globals |= {
        "t": PAGES[lang],
        "lang": lang,
        "language": LANGUAGES[lang],
        # Where people choose the language of their messages.
        "offered": [(one, LANGUAGES[one].name) for one in OFFERED],
        "static": static.address,
        "new_key": lambda: str(new_id()),
    }
    return environment


class _Pages(APIRouter):
    def add_api_route(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        # What answers GET answers HEAD (RFC 9110 section 9.3.2): scanners of mail ask so whether a link is good.
        if options.get("methods") == ["GET"]:
            options["methods"] = ["GET", "HEAD"]
        super().add_api_route(path, endpoint, **options)


def page_router() -> APIRouter:
    """A router of pages: public, within limits, and not part of the API."""
    return _Pages(include_in_schema=False, dependencies=[public, admitted(ActsBy.SESSION), Depends(look_up_reader)])


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
    scripts: Sequence[str] = (),
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> HTMLResponse:
    """Template `name` as an answer; its status is that of `errors`, which stand on top of the page, or `status`.
    `scripts` are files of `static/` that the page is better with, and complete without."""
    known: dict[str, Any] = {
        "visitor": None,
        "errors": errors,
        "scripts": scripts,
        # Of an address that was typed: the one that may be meant (`kit/address.html`).
        "meant": "",
        "mail_domain": current_gateway(request).settings.mail_from.rpartition("@")[2],
    }
    files_url = current_gateway(request).settings.files_url
    known |= {"languages": [LANGUAGES[one] for one in languages_at(request.url.path)], "here": request.url.path}
    known["asked"] = urlencode([pair for pair in request.query_params.multi_items() if pair[0] != "lang"])
    # Whose head the page has. `visitor` is set by pages whose forms are the visitor's.
    reader = values.get("visitor") or found_reader(request)
    known |= {
        "reader": reader,
        "menu": menu_of(reader, request),
        "announcements": announcements_for(request, current_gateway(request), reader.actor if reader else None, lang),
        "hide_announcement": HIDE,
        "operator": current_gateway(request).operators[official(lang)],
        # Where scripts begin to send a file in parts: for people who are signed in, and to a store that they reach.
        "parts_path": "/api/v1/uploads" if reader and files_url and scripts else "",
    }
    template = environment_of(lang).get_template(f"{name}.html")
    html = template.render({**known, **values})
    if errors and errors.labels:
        # Mistakes stand on top and are called by the labels of their fields, which are further below.
        html = template.render({**known, **values})
    status = status or (errors.status if errors else 200)
    response = HTMLResponse(
        html, status, headers={**page_headers(lang, scripted=bool(scripts), store=files_url), **(headers or {})}
    )
    if dropped := cookie_to_drop(request):
        response.headers.append("Set-Cookie", dropped)
    return response


def render_part(name: str, lang: Lang, **values: Any) -> str:
    """Template `name` as a part of a page, which does not depend on the reader."""
    return environment_of(lang).get_template(f"{name}.html").render(values)


def page_headers(lang: Lang, *, scripted: bool = False, store: str = "") -> dict[str, str]:
    """Headers of every page; `no-store` comes from the application itself. `store` is one more address for scripts."""
    return {
        "Content-Security-Policy": f"{SCRIPT_POLICY} {store}".rstrip() if scripted else POLICY,
        "Content-Language": lang,
        "Vary": "Accept-Language, Cookie",
        # With "no-referrer" a browser would send a form with `Origin: null`, like a stranger's.
        "Referrer-Policy": "same-origin",
    }


def redirect_to(path: str, /, **query: str | None) -> RedirectResponse:
    """Redirect to another page of ours (303)."""
    asked = urlencode({key: value for key, value in query.items() if value is not None})
    return RedirectResponse(f"{path}?{asked}" if asked else path, 303)
