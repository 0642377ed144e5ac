"""Lost details: the password, the login id. The page says the same whether the account exists or not."""

from typing import Any

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge.context import Desk, TheDesk
from services.gateway.edge.sign_in import admitted
from services.gateway.pages.kit.client import ServiceClient, Session
from services.gateway.pages.kit.forms import Form, Posted, Trouble
from services.gateway.pages.kit.frame import PageLanguage, Sent, page, page_router, see
from services.gateway.pages.kit.missing_fields import missing
from shared.http import Lang

router = page_router()


@router.get("/forgot-password")
async def forgot_password_form(request: Request, lang: PageLanguage, sent: Sent = False) -> Response:
    """Asks for the login id, or for the receipt number where there is none yet."""
    return page(request, "entry/forgotten/password", lang, form=Form(), sent=sent)


@router.post("/forgot-password")
async def forgot_password(request: Request, desk: TheDesk, lang: PageLanguage, form: Posted) -> Response:
    """Have a link mailed."""
    given = form.given("login_id", "receipt_number")
    trouble = None if given else missing(lang, "login_id")
    trouble = await _sent(request, desk, lang, "/v1/password-resets", given, trouble)
    if trouble is None:
        return see("/forgot-password", sent="true")
    return page(request, "entry/forgotten/password", lang, trouble=trouble, form=form, sent=False)


@router.get("/forgot-login-id")
async def forgot_login_id_form(request: Request, lang: PageLanguage, sent: Sent = False) -> Response:
    """Asks for the mail address."""
    return page(request, "entry/forgotten/login_id", lang, form=Form(), sent=sent)


@router.post("/forgot-login-id")
async def forgot_login_id(request: Request, desk: TheDesk, lang: PageLanguage, form: Posted) -> Response:
    """Have the login id mailed."""
    trouble = missing(lang, *form.empty("email"))
    trouble = await _sent(request, desk, lang, "/v1/login-id-reminders", form.given("email"), trouble)
    if trouble is None:
        return see("/forgot-login-id", sent="true")
    return page(request, "entry/forgotten/login_id", lang, trouble=trouble, form=form, sent=False)


async def _sent(
    request: Request, desk: Desk, lang: Lang, path: str, body: dict[str, Any], trouble: Trouble | None
) -> Trouble | None:
    admitted(request, desk)
    if trouble is not None:
        return trouble
    fields = {"": "login_id", **{f"/{name}": name for name in body}}
    return (await ServiceClient("registration", Session(request, desk, lang)).call("POST", path, body)).trouble(
        lang, fields
    )
