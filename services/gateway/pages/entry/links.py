"""Pages that links in emails open: setting a password, confirming an email address."""

from dataclasses import dataclass

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge.context import CurrentGateway, Gateway
from services.gateway.edge.sign_in import check_sign_in_attempt
from services.gateway.pages.kit.client import ServiceClient, Session
from services.gateway.pages.kit.forms import FormErrors, Posted, missing_fields
from services.gateway.pages.kit.frame import PageLanguage, page_router, redirect_to, render_page
from services.gateway.pages.kit.shown_once import keep_note, read_note
from shared.http import Lang

# Shows what is typed as a password.
_SCRIPTS = ("passkeys.js",)

router = page_router()
_NOTE = "link"


@dataclass(frozen=True, slots=True)
class _Confirmed:
    """A link whose page has one button: the page, the service and its route, and what is noted once it is pressed."""

    page: str
    template: str
    service: str
    route: str
    note: str


_EMAIL = _Confirmed("/email", "entry/links/email", "registration", "/v1/email-links", "changed")
_ADDRESS = _Confirmed("/mail-address", "entry/links/address", "notification", "/v1/address-links", "confirmed")


@router.get("/password/{token}")
async def show_password(token: str, request: Request, gateway: CurrentGateway, lang: PageLanguage) -> Response:
    """Ask for a password; once it is set, show the login id."""
    if login_id := read_note(request, gateway, _NOTE, token):
        return render_page(
            request, "entry/links/password", lang, scripts=_SCRIPTS, login_id=login_id, done=True, over=None
        )
    over = await _link_errors(request, gateway, lang, f"/v1/password-links/{_segment(token)}")
    return render_page(
        request,
        "entry/links/password",
        lang,
        scripts=_SCRIPTS,
        errors=over,
        login_id=None,
        done=False,
        over=over,
    )


@router.post("/password/{token}")
async def set_password(
    token: str, request: Request, gateway: CurrentGateway, lang: PageLanguage, form: Posted
) -> Response:
    """Set the password, and show the login id."""
    await check_sign_in_attempt(request, gateway)
    errors, over = missing_fields(lang, *form.empty("password")), None
    if errors is None:
        path = f"/v1/password-links/{_segment(token)}"
        answer = await ServiceClient("registration", Session(request, gateway, lang)).call(
            "POST", path, {"password": form["password"]}
        )
        if answer.ok:
            return _to_done(gateway, f"/password/{token}", token, answer.body["login_id"])
        errors = answer.form_errors(lang, {"/password": "password"})
        over = errors if answer.status == 404 else None
    return render_page(
        request,
        "entry/links/password",
        lang,
        scripts=_SCRIPTS,
        errors=errors,
        login_id=None,
        done=False,
        over=over,
    )


@router.get("/email/{token}")
async def show_email(token: str, request: Request, gateway: CurrentGateway, lang: PageLanguage) -> Response:
    """Ask for confirmation of a new address."""
    return await _ask(_EMAIL, token, request, gateway, lang)


@router.post("/email/{token}")
async def confirm_email(token: str, request: Request, gateway: CurrentGateway, lang: PageLanguage) -> Response:
    """Confirm the new address."""
    return await _confirm(_EMAIL, token, request, gateway, lang)


@router.get("/mail-address/{token}")
async def show_address(token: str, request: Request, gateway: CurrentGateway, lang: PageLanguage) -> Response:
    """Ask for confirmation that a test mail was read."""
    return await _ask(_ADDRESS, token, request, gateway, lang)


@router.post("/mail-address/{token}")
async def confirm_address(token: str, request: Request, gateway: CurrentGateway, lang: PageLanguage) -> Response:
    """Have mail sent to the address again."""
    return await _confirm(_ADDRESS, token, request, gateway, lang)


@router.get("/register/confirm/{token}")
async def show_confirmation(token: str, request: Request, gateway: CurrentGateway, lang: PageLanguage) -> Response:
    """Ask a person who signs in with the identity provider, and needs no password, to confirm the address."""
    login_id = read_note(request, gateway, _NOTE, token)
    token = _segment(token)
    over = None if login_id else await _link_errors(request, gateway, lang, f"/v1/password-links/{token}")
    values = {"token": token, "login_id": login_id, "done": bool(login_id), "over": over}
    return render_page(request, "entry/links/confirmation", lang, errors=over, **values)


@router.post("/register/confirm/{token}")
async def confirm(token: str, request: Request, gateway: CurrentGateway, lang: PageLanguage) -> Response:
    """Confirm the email address, and show the login id."""
    await check_sign_in_attempt(request, gateway)
    token = _segment(token)
    answer = await ServiceClient("registration", Session(request, gateway, lang)).call(
        "POST", f"/v1/password-links/{token}/confirm"
    )
    if answer.ok:
        return _to_done(gateway, f"/register/confirm/{token}", token, answer.body["login_id"])
    errors = answer.form_errors(lang)
    return render_page(
        request, "entry/links/confirmation", lang, errors=errors, token=token, login_id=None, done=False, over=errors
    )


async def _ask(kind: _Confirmed, token: str, request: Request, gateway: Gateway, lang: Lang) -> Response:
    """The page with the button: opening a link changes nothing, because mail programs open links too."""
    done = bool(read_note(request, gateway, _NOTE, token))
    path = f"{kind.route}/{_segment(token)}"
    over = None if done else await _link_errors(request, gateway, lang, path, kind.service)
    return render_page(request, kind.template, lang, errors=over, done=done, over=over)


async def _confirm(kind: _Confirmed, token: str, request: Request, gateway: Gateway, lang: Lang) -> Response:
    await check_sign_in_attempt(request, gateway)
    answer = await ServiceClient(kind.service, Session(request, gateway, lang)).call(
        "POST", f"{kind.route}/{_segment(token)}"
    )
    if answer.ok:
        return _to_done(gateway, f"{kind.page}/{token}", token, kind.note)
    errors = answer.form_errors(lang)
    return render_page(request, kind.template, lang, errors=errors, done=False, over=errors)


async def _link_errors(
    request: Request, gateway: Gateway, lang: Lang, path: str, service: str = "registration"
) -> FormErrors | None:
    """The reason why the link cannot be used, before anything is filled in; None where it can."""
    return (await ServiceClient(service, Session(request, gateway, lang)).call("GET", path)).form_errors(lang)


def _to_done(gateway: Gateway, path: str, token: str, note: str) -> Response:
    """Redirect to the page that says so, which can be reloaded: the link itself is used up."""
    response = redirect_to(path)
    keep_note(response, gateway, _NOTE, token, note)
    return response


def _segment(token: str) -> str:
    """A token is one path segment of URL-safe characters; anything else names no link."""
    return token if token.replace("-", "").replace("_", "").isalnum() and token.isascii() else "invalid"
