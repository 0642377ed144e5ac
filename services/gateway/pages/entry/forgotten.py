"""Lost details: the password, the login id. The page says the same whether the account exists or not."""

from typing import Any

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge.context import CurrentGateway, Gateway
from services.gateway.edge.sign_in import check_sign_in_attempt
from services.gateway.pages.kit.client import ServiceClient, Session
from services.gateway.pages.kit.forms import Form, FormErrors, Posted, missing_fields
from services.gateway.pages.kit.frame import PageLanguage, Sent, page_router, redirect_to, render_page
from services.gateway.pages.kit.mail_address import meant_by
from shared.http import Lang

router = page_router()


@router.get("/forgot-password")
async def show_forgot_password(request: Request, lang: PageLanguage, sent: Sent = False) -> Response:
    """Ask for the login id, or for the receipt number where there is none yet."""
    return render_page(request, "entry/forgotten/password", lang, form=Form(), sent=sent)


@router.post("/forgot-password")
async def send_password_link(request: Request, gateway: CurrentGateway, lang: PageLanguage, form: Posted) -> Response:
    """Send a link by email."""
    given = form.given("login_id", "receipt_number")
    errors = None if given else missing_fields(lang, "login_id")
    errors = await _send(request, gateway, lang, "/v1/password-resets", given, errors)
    if errors is None:
        return redirect_to("/forgot-password", sent="true")
    return render_page(request, "entry/forgotten/password", lang, errors=errors, form=form, sent=False)


@router.get("/forgot-login-id")
async def show_forgot_login_id(request: Request, lang: PageLanguage, sent: Sent = False) -> Response:
    """Ask for the email address."""
    return render_page(request, "entry/forgotten/login_id", lang, form=Form(), sent=sent)


@router.post("/forgot-login-id")
async def send_login_id(request: Request, gateway: CurrentGateway, lang: PageLanguage, form: Posted) -> Response:
    """Send the login id by email."""
    errors = missing_fields(lang, *form.empty("email"))
    meant = meant_by(form)
    if not meant:
        errors = await _send(request, gateway, lang, "/v1/login-id-reminders", form.given("email"), errors)
        if errors is None:
            return redirect_to("/forgot-login-id", sent="true")
    return render_page(request, "entry/forgotten/login_id", lang, errors=errors, form=form, sent=False, meant=meant)


async def _send(
    request: Request, gateway: Gateway, lang: Lang, path: str, body: dict[str, Any], errors: FormErrors | None
) -> FormErrors | None:
    await check_sign_in_attempt(request, gateway)
    if errors is not None:
        return errors
    fields = {"": "login_id", **{f"/{name}": name for name in body}}
    return (await ServiceClient("registration", Session(request, gateway, lang)).call("POST", path, body)).form_errors(
        lang, fields
    )
