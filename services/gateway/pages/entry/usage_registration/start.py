"""The start of a usage registration: a draft, and the link to it once more."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, urlencode

from fastapi import Query, Request
from starlette.responses import Response

from services.gateway.edge import cookies
from services.gateway.edge.context import CurrentGateway, Gateway
from services.gateway.edge.sign_in import check_sign_in_attempt
from services.gateway.pages.entry.usage_registration.writer import DRAFTS
from services.gateway.pages.kit.client import Answer, ServiceClient, Session
from services.gateway.pages.kit.forms import Form, FormErrors, Posted, missing_fields
from services.gateway.pages.kit.frame import Done, PageLanguage, Sent, page_router, redirect_to, render_page
from services.gateway.pages.kit.mail_address import meant_by
from services.gateway.pages.kit.visitor import Visitor, require_visitor
from shared.errors import Unauthenticated
from shared.http import Lang

router = page_router()
_SENT_TO = "sent_to"
ChosenRole = Annotated[
    Literal["org_staff", "supervising_org_staff", "public_interest_staff", "rso_staff"] | None, Query()
]


@router.get("/usage-registration")
async def show_start(
    request: Request,
    gateway: CurrentGateway,
    lang: PageLanguage,
    role: ChosenRole = None,
    sent: Sent = False,
    done: Done = None,
) -> Response:
    """Ask for the email address; a signed-in person sees their drafts, and starts another."""
    visitor = await _optional_visitor(request, gateway, lang, "")
    return await _page(request, lang, visitor, role, sent=_sent_to(request, gateway) if sent else None, done=done)


@router.post("/usage-registration")
async def start(
    request: Request, gateway: CurrentGateway, lang: PageLanguage, form: Posted, role: ChosenRole = None
) -> Response:
    """Send the link by email; a signed-in person continues at once."""
    await check_sign_in_attempt(request, gateway)
    visitor = await _optional_visitor(request, gateway, lang, form["csrf_token"])
    body = {"language": lang} | ({"role": role} if role else {})
    if visitor is not None:
        answer = await visitor.registration.call("POST", DRAFTS, body)
        if answer.ok:
            return redirect_to(f"/usage-registration/draft/{answer.body['id']}")
        return await _page(request, lang, visitor, role, form, answer.form_errors(lang))
    errors = missing_fields(lang, *form.empty("email"))
    if errors is None and (meant := meant_by(form)):
        return await _page(request, lang, None, role, form, meant=meant)
    if errors is None:
        answer = await ServiceClient("registration", Session(request, gateway, lang)).call(
            "POST", DRAFTS, body | form.given("email")
        )
        errors = answer.form_errors(lang, {"/email": "email"})
        if answer.ok:
            return _to_sent_page("/usage-registration", gateway, form["email"], answer)
    return await _page(request, lang, None, role, form, errors)


@router.get("/usage-registration/link")
async def show_link(request: Request, gateway: CurrentGateway, lang: PageLanguage, sent: Sent = False) -> Response:
    """Ask for the email address of a draft."""
    return render_page(
        request, "entry/usage_registration/link", lang, form=Form(), sent=sent, **_sent_to(request, gateway)
    )


@router.post("/usage-registration/link")
async def resend_link(request: Request, gateway: CurrentGateway, lang: PageLanguage, form: Posted) -> Response:
    """Send the links again; the page says the same whether there is a draft or not."""
    await check_sign_in_attempt(request, gateway)
    errors = missing_fields(lang, *form.empty("email"))
    meant = meant_by(form)
    if errors is None and not meant:
        answer = await ServiceClient("registration", Session(request, gateway, lang)).call(
            "POST", f"{DRAFTS}/link", form.given("email")
        )
        errors = answer.form_errors(lang, {"/email": "email"})
        if answer.ok:
            return _to_sent_page("/usage-registration/link", gateway, form["email"], answer)
    return render_page(
        request, "entry/usage_registration/link", lang, errors=errors, form=form, sent=False, meant=meant
    )


def _to_sent_page(path: str, gateway: Gateway, email: str, answer: Answer) -> Response:
    """The page that says so, with the address in a cookie: addresses of pages are written down in many places."""
    response = redirect_to(path, sent="true")
    value = urlencode({"email": email, "days": answer.body["link_days"]})
    cookies.put(response, gateway.settings, _SENT_TO, value, max_age=600)
    return response


def _sent_to(request: Request, gateway: Gateway) -> dict[str, Any]:
    """The address that the link was sent to, the days it works, and the sender's name."""
    kept = dict(parse_qsl(cookies.read(request, gateway.settings, _SENT_TO)))
    return {
        "to": kept if {"email", "days"} <= kept.keys() else None,
        "sender": gateway.settings.mail_from,
        "sender_name": gateway.settings.mail_from_name,
    }


async def _optional_visitor(request: Request, gateway: Gateway, lang: Lang, csrf_token: str) -> Visitor | None:
    """The person who is signed in; everyone else starts with an email address."""
    if gateway.secret(request) is None:
        return None
    try:
        visitor = await require_visitor(request, gateway, lang, csrf_token)
    except Unauthenticated:
        return None
    return visitor if visitor.is_person else None


async def _page(
    request: Request,
    lang: Lang,
    visitor: Visitor | None,
    role: str | None,
    form: Form | None = None,
    errors: FormErrors | None = None,
    *,
    sent: Mapping[str, Any] | None = None,
    done: str | None = None,
    meant: str = "",
) -> Response:
    drafts = (await visitor.registration.fetch(DRAFTS)).body if visitor else []
    return render_page(
        request,
        "entry/usage_registration/start",
        lang,
        visitor=visitor,
        errors=errors,
        role=role,
        form=form or Form(),
        drafts=drafts,
        meant=meant,
        sent=sent is not None,
        done=done if done in ("gone", "kept") else None,
        **(sent or {}),
    )
