"""The steps on a person's account: stop it, restore it, end it."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from services.gateway.pages.desk.accounts.overview import PATH, ShownAccount, possible, read_account
from services.gateway.pages.desk.steps.page import Records, StepPage, router_of
from services.gateway.pages.kit.frame import render_page
from services.gateway.texts import PAGES


async def _reasons(account: ShownAccount, name: str) -> Mapping[str, Any]:
    found = (await account.visitor.registration.fetch("/v1/accounts/reasons")).body[name]
    return {"reasons": [(one["code"], one[account.visitor.lang]) for one in found]}


async def _to_stop(account: ShownAccount) -> Mapping[str, Any]:
    return await _reasons(account, "suspend")


async def _to_close(account: ShownAccount) -> Mapping[str, Any]:
    return await _reasons(account, "close")


STEPS = (
    StepPage(
        "suspension",
        "suspend",
        lambda form: {"reason_code": form["reason_code"]},
        fields=("reason_code",),
        needed=("reason_code",),
        context=_to_stop,
        fresh=True,
    ),
    StepPage("restoration", "lift", lambda form: None, fresh=True),
    StepPage(
        "closing",
        "close",
        lambda form: {"reason_code": form["reason_code"]},
        fields=("reason_code",),
        needed=("reason_code",),
        context=_to_close,
        fresh=True,
    ),
)


def _page(account: ShownAccount, step: str, values: Mapping[str, Any]) -> Response:
    texts = PAGES[account.visitor.lang]["accounts"]
    return render_page(
        account.visitor.request,
        f"desk/accounts/{step}",
        account.visitor.lang,
        visitor=account.visitor,
        account=account,
        view=account.view,
        texts=texts,
        **values,
    )


router = router_of(STEPS, Records(PATH, "registration", "/v1/accounts", read_account, possible, _page))
