"""The pages around the identity provider: rendered like the gateway's other ones, with texts of their own."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, Query
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from services.gateway.identity_texts import IDENTITY
from services.gateway.pages import POLICY
from services.gateway.texts import PAGES
from shared.http import Lang, Language

_ENVIRONMENT = Environment(
    loader=PackageLoader("services.gateway"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def _chosen(language: Language, lang: Annotated[Lang | None, Query()] = None) -> Lang:
    return lang or language


PageLanguage = Annotated[Lang, Depends(_chosen)]


def page(
    name: str, lang: str, status: int = 200, headers: Mapping[str, str] | None = None, **values: Any
) -> HTMLResponse:
    """A page in the reader's language, under the same policy as all others."""
    other = "en" if lang == "ja" else "ja"
    texts = PAGES[lang] | IDENTITY[lang]
    html = _ENVIRONMENT.get_template(f"{name}.html").render(t=texts, lang=lang, other=other, **values)
    own = {"Content-Security-Policy": POLICY, "Content-Language": lang, "Vary": "Accept-Language"}
    return HTMLResponse(html, status, headers=own | dict(headers or {}))
