"""The page of components: everything that pages are made of, in every state. For local use and tests; elsewhere 404."""

from types import SimpleNamespace
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from services.gateway.edge.context import CurrentGateway
from services.gateway.edge.operator import Operator
from services.gateway.pages.kit.announcements import ShownAnnouncement
from services.gateway.pages.kit.forms import CopyOffer, FormErrors, Message
from services.gateway.pages.kit.frame import PageLanguage, page_router, render_page
from services.gateway.pages.kit.menu import Entry
from services.gateway.pages.kit.static import address
from services.gateway.pages.kit.viewer import ShownFile
from services.gateway.texts import PAGES
from shared.errors import NotFound
from shared.languages import Lang

PATH = "/components"
# What one of the samples is: the same on every day, so that pictures of the page can be compared.
_AT = "2026-11-20T03:00:00+00:00"
_WRONG = (
    "wrong_text",
    "wrong_lines",
    "wrong_date",
    "wrong_list",
    "wrong_choices",
    "wrong_ticks",
    "wrong_tick",
    "WRONG",
)

router = page_router()


@router.get(PATH)
async def components(request: Request, gateway: CurrentGateway, lang: PageLanguage) -> HTMLResponse:
    """Every component in every state."""
    if not gateway.settings.components_page:
        raise NotFound()
    texts = PAGES[lang]["components"]
    return render_page(
        request,
        "kit/components",
        lang,
        scripts=("passkeys.js", "print.js", "upload.js"),
        offered=FormErrors(422, (), CopyOffer("offered", "copy", 1_240_000, 1_310_000, consent=True)),
        samples=FormErrors(422, tuple(Message(texts["wrong"], name) for name in _WRONG)),
        labels=dict.fromkeys(_WRONG, texts["label"]),
        person=_person(texts),
        bar=[Entry("/", "home", "page"), Entry("/help", "applications"), Entry("/contact", "new_application", "true")],
        events=_events(texts),
        tasks=_tasks(texts),
        answers=_answers(texts),
        stored={"file_name": "paper.pdf", "size": 1234567, "created_at": _AT},
        viewed=_viewed(texts),
        erased=_erased(),
        announced=_announced(texts, lang),
        unset=Operator("", "", "", ""),
        full=Operator(texts["operator"], "03-1234-5678", texts["hours"], "https://example.jp/"),
    )


def _person(texts: dict[str, str]) -> SimpleNamespace:
    """Somebody signed in, as far as menus and forms ask."""
    return SimpleNamespace(
        csrf_token="",
        owner="owner",
        is_person=True,
        must_enrol=False,
        roles=["org_staff"],
        granted=SimpleNamespace(name=texts["person"], organisation=texts["organisation"]),
    )


def _announced(texts: dict[str, str], lang: Lang) -> list[ShownAnnouncement]:
    """Announcements of operators: in the language of the page, and in another one."""
    known = {"id": "01a20911-fd7b-71e3-a6cc-c19c41d77a09", "title": texts["heading"], "body": texts["text"]}
    kinds: tuple[tuple[str, Lang], ...] = (("maintenance", lang), ("law", "es"))
    return [ShownAnnouncement(kind=kind, lang=of, **known) for kind, of in kinds]


def _erased() -> dict[str, Any]:
    """A proof with one file that went and one that stays."""
    files = [
        {"outcome": outcome, "sha256": digit * 64, "original_sha256": digit * 64, "purged_at": _AT, "message": message}
        for outcome, digit, message in (("erased", "a", None), ("kept", "b", "…"))
    ]
    known = {"id": "01a20911-fd7b-71e3-a6cc-c196b4396416", "erased_at": _AT, "complete": False, "files": files}
    return known | {"request_number": "123", "received_on": "2026-11-20"}


def _viewed(texts: dict[str, str]) -> ShownFile:
    """A file of one page in which something was found."""
    box = {"left": 20.0, "top": 30.0, "width": 40.0, "height": 20.0}
    match = {"page": 1, "before": "", "found": texts["value"], "after": "", "boxes": [box]}
    found = {"total": 1, "matches": [match], "pages_without_text": [], "complete": True}
    pages = [{"number": 1, "image": address("mark.svg")}]
    return ShownFile("file", "paper.pdf", "pdf", pages, words=texts["value"], found=found)


def _events(texts: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {"text": texts["event_received"], "at": _AT, "by": texts["person"]},
        {"text": texts["event_requested"], "at": _AT, "detail": texts["hint"]},
        {"text": texts["event_decided"], "coming": True},
    ]


def _tasks(texts: dict[str, str]) -> list[dict[str, Any]]:
    states = ("not_begun", "begun", "problems", "done", "optional", "waiting")
    rows: list[dict[str, Any]] = [{"name": texts["task"], "href": "#tasks", "state": state} for state in states]
    rows[1]["hint"] = texts["hint"]
    rows[2]["count"] = 3
    return rows


def _answers(texts: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {"label": texts["label"], "value": texts["person"], "href": "#answers", "typed": True},
        {"label": texts["label"], "value": "", "href": "#answers"},
        {"label": texts["label"], "value": texts["value"], "href": "#answers", "wrong": texts["wrong"]},
    ]
