"""Where everybody begins: who registers how; a draft of a usage registration; its link once more."""

from typing import Annotated, Literal

from fastapi import Query, Request
from starlette.responses import Response

from services.gateway.desk import Desk, TheDesk
from services.gateway.pages.asking import ask
from services.gateway.pages.forms import Form, Posted, Trouble
from services.gateway.pages.frame import Done, PageLanguage, Sent, page, page_router, see
from services.gateway.pages.visitors import Visitor, visitor_of
from services.gateway.pages.writers import DRAFTS
from services.gateway.signing_in import admitted
from services.gateway.texts import PAGES
from shared.clock import legal_date
from shared.errors import Unauthenticated
from shared.http import Lang
from shared.reference.user_classes import USER_CLASSES

router = page_router()
ChosenRole = Annotated[
    Literal["org_staff", "supervising_org_staff", "public_interest_staff", "rso_staff"] | None, Query()
]


@router.get("/register")
async def choose(request: Request, desk: TheDesk, lang: PageLanguage) -> Response:
    """The eight user classes, and the way for each."""
    classes = USER_CLASSES.on(legal_date(desk.clock.now()))
    return page(
        request,
        "register",
        lang,
        staff=[row for row in classes if row.registers_by == "organisation"],
        persons=[row for row in classes if row.registers_by == "identity"],
    )


@router.get("/usage-registration")
async def begin_form(
    request: Request,
    desk: TheDesk,
    lang: PageLanguage,
    role: ChosenRole = None,
    sent: Sent = False,
    done: Done = None,
) -> Response:
    """Asks for the mail address; whoever has signed in sees their drafts, and begins another."""
    visitor = await _perhaps(request, desk, lang, "")
    return await _page(request, lang, visitor, role, sent=sent, done=done)


@router.post("/usage-registration")
async def begun(request: Request, desk: TheDesk, lang: PageLanguage, form: Posted, role: ChosenRole = None) -> Response:
    """Have the link mailed, or go on at once."""
    admitted(request, desk)
    visitor = await _perhaps(request, desk, lang, form["csrf_token"])
    body = {"language": lang} | ({"role": role} if role else {})
    if visitor is not None:
        answer = await visitor.ask("POST", DRAFTS, body)
        if answer.ok:
            return see(f"/usage-registration/draft/{answer.body['id']}")
        return await _page(request, lang, visitor, role, form, answer.trouble(lang))
    trouble = Trouble.at(PAGES[lang]["required"], *form.empty("email"))
    if trouble is None:
        answer = await ask(request, desk, lang, "POST", DRAFTS, body | form.given("email"))
        trouble = answer.trouble(lang, {"/email": "email"})
    if trouble is None:
        return see("/usage-registration", sent="true")
    return await _page(request, lang, None, role, form, trouble)


@router.get("/usage-registration/link")
async def link_form(request: Request, lang: PageLanguage, sent: Sent = False) -> Response:
    """Asks for the mail address of a draft."""
    return page(request, "draft_link", lang, form=Form(), sent=sent)


@router.post("/usage-registration/link")
async def link_asked(request: Request, desk: TheDesk, lang: PageLanguage, form: Posted) -> Response:
    """Have the links mailed again; the page says the same whether there is a draft or not."""
    admitted(request, desk)
    trouble = Trouble.at(PAGES[lang]["required"], *form.empty("email"))
    if trouble is None:
        answer = await ask(request, desk, lang, "POST", f"{DRAFTS}/link", form.given("email"))
        trouble = answer.trouble(lang, {"/email": "email"})
    if trouble is None:
        return see("/usage-registration/link", sent="true")
    return page(request, "draft_link", lang, trouble=trouble, form=form, sent=False)


async def _perhaps(request: Request, desk: Desk, lang: Lang, csrf_token: str) -> Visitor | None:
    """Who has signed in as a person; anybody else begins with a mail address."""
    if desk.secret(request) is None:
        return None
    try:
        visitor = await visitor_of(request, desk, lang, csrf_token)
    except Unauthenticated:
        return None
    return visitor if visitor.is_person else None


async def _page(
    request: Request,
    lang: Lang,
    visitor: Visitor | None,
    role: str | None,
    form: Form | None = None,
    trouble: Trouble | None = None,
    *,
    sent: bool = False,
    done: str | None = None,
) -> Response:
    drafts = (await visitor.fetch(DRAFTS)).body if visitor else []
    return page(
        request,
        "draft_begin",
        lang,
        visitor=visitor,
        trouble=trouble,
        role=role,
        form=form or Form(),
        drafts=drafts,
        sent=sent,
        done=done if done == "gone" else None,
    )
