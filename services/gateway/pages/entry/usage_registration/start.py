"""The start of a usage registration: a draft, and the link to it once more."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, urlencode

from fastapi import Query, Request
from starlette.responses import Response

from services.gateway.edge import cookies
from services.gateway.edge.context import Desk, TheDesk
from services.gateway.edge.sign_in import admitted
from services.gateway.pages.entry.usage_registration.writer import DRAFTS
from services.gateway.pages.kit.client import Answer, ServiceClient, Session
from services.gateway.pages.kit.forms import Form, Posted, Trouble
from services.gateway.pages.kit.frame import Done, PageLanguage, Sent, page, page_router, see
from services.gateway.pages.kit.missing_fields import missing
from services.gateway.pages.kit.visitor import Visitor, visitor_of
from shared.errors import Unauthenticated
from shared.http import Lang

router = page_router()
_SENT_TO = "sent_to"
ChosenRole = Annotated[
    Literal["org_staff", "supervising_org_staff", "public_interest_staff", "rso_staff"] | None, Query()
]


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
    return await _page(request, lang, visitor, role, sent=_to(request, desk) if sent else None, done=done)


@router.post("/usage-registration")
async def begun(request: Request, desk: TheDesk, lang: PageLanguage, form: Posted, role: ChosenRole = None) -> Response:
    """Have the link mailed, or go on at once."""
    admitted(request, desk)
    visitor = await _perhaps(request, desk, lang, form["csrf_token"])
    body = {"language": lang} | ({"role": role} if role else {})
    if visitor is not None:
        answer = await visitor.registration.call("POST", DRAFTS, body)
        if answer.ok:
            return see(f"/usage-registration/draft/{answer.body['id']}")
        return await _page(request, lang, visitor, role, form, answer.trouble(lang))
    trouble = missing(lang, *form.empty("email"))
    if trouble is None:
        answer = await ServiceClient("registration", Session(request, desk, lang)).call(
            "POST", DRAFTS, body | form.given("email")
        )
        trouble = answer.trouble(lang, {"/email": "email"})
        if answer.ok:
            return _sent("/usage-registration", desk, form["email"], answer)
    return await _page(request, lang, None, role, form, trouble)


@router.get("/usage-registration/link")
async def link_form(request: Request, desk: TheDesk, lang: PageLanguage, sent: Sent = False) -> Response:
    """Asks for the mail address of a draft."""
    return page(request, "entry/usage_registration/link", lang, form=Form(), sent=sent, **_to(request, desk))


@router.post("/usage-registration/link")
async def link_asked(request: Request, desk: TheDesk, lang: PageLanguage, form: Posted) -> Response:
    """Have the links mailed again; the page says the same whether there is a draft or not."""
    admitted(request, desk)
    trouble = missing(lang, *form.empty("email"))
    if trouble is None:
        answer = await ServiceClient("registration", Session(request, desk, lang)).call(
            "POST", f"{DRAFTS}/link", form.given("email")
        )
        trouble = answer.trouble(lang, {"/email": "email"})
        if answer.ok:
            return _sent("/usage-registration/link", desk, form["email"], answer)
    return page(request, "entry/usage_registration/link", lang, trouble=trouble, form=form, sent=False)


def _sent(path: str, desk: Desk, email: str, answer: Answer) -> Response:
    """The page that says so, with the address in a cookie: addresses of pages are written down in many places."""
    response = see(path, sent="true")
    value = urlencode({"email": email, "days": answer.body["link_days"]})
    cookies.put(response, desk.settings, _SENT_TO, value, max_age=600)
    return response


def _to(request: Request, desk: Desk) -> dict[str, Any]:
    """To whom the link went, for how many days it works, and whose name is on the mail."""
    kept = dict(parse_qsl(cookies.held(request, desk.settings, _SENT_TO)))
    return {
        "to": kept if {"email", "days"} <= kept.keys() else None,
        "sender": desk.settings.mail_from,
        "sender_name": desk.settings.mail_from_name,
    }


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
    sent: Mapping[str, Any] | None = None,
    done: str | None = None,
) -> Response:
    drafts = (await visitor.registration.fetch(DRAFTS)).body if visitor else []
    return page(
        request,
        "entry/usage_registration/start",
        lang,
        visitor=visitor,
        trouble=trouble,
        role=role,
        form=form or Form(),
        drafts=drafts,
        sent=sent is not None,
        done=done if done in ("gone", "kept") else None,
        **(sent or {}),
    )
