"""Texts of a public site about itself: privacy, accessibility, help, contact; the operator's own, or samples."""

from importlib.resources import files

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge.context import CurrentGateway, Gateway
from services.gateway.pages.kit.frame import PageLanguage, page_router, render_page
from shared.clock import legal_date
from shared.http import Lang
from shared.reference.dated_texts import DatedTexts, read_texts
from shared.translations import language_of

KINDS = ("privacy", "accessibility", "help", "contact")

router = page_router()


def site_texts(directory: str = "") -> DatedTexts:
    """The texts in `directory`, or the samples. Raises `ValueError`, which names the file and what it lacks."""
    return DatedTexts(read_texts(directory, files("services.gateway").joinpath("site_texts"), KINDS))


@router.get("/privacy")
async def privacy(request: Request, gateway: CurrentGateway, lang: PageLanguage) -> Response:
    """Privacy policy (プライバシーポリシー)."""
    return _text(request, gateway, lang, "privacy")


@router.get("/accessibility")
async def accessibility(request: Request, gateway: CurrentGateway, lang: PageLanguage) -> Response:
    """Accessibility statement (ウェブアクセシビリティ方針)."""
    return _text(request, gateway, lang, "accessibility")


@router.get("/help")
async def help_page(request: Request, gateway: CurrentGateway, lang: PageLanguage) -> Response:
    """Frequent questions, and the pages that answer them."""
    return _text(request, gateway, lang, "help")


@router.get("/contact")
async def contact(request: Request, gateway: CurrentGateway, lang: PageLanguage) -> Response:
    """The contact page: who runs the site, and how they are reached."""
    return _text(request, gateway, lang, "contact")


def _text(request: Request, gateway: Gateway, lang: Lang, kind: str) -> Response:
    text = gateway.site_texts.current(kind, legal_date(gateway.clock.now()))
    shown = language_of(text.texts, lang)
    return render_page(request, "public/site_texts/text", lang, text=text, shown=shown)
