"""The steps of an administrator on an officer's account, each on a page of its own."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from services.gateway.pages.desk.officers.choices import offices, roles, ticked
from services.gateway.pages.desk.officers.overview import PAGE, ShownOfficer, possible, read_officer
from services.gateway.pages.desk.steps.page import Records, StepPage, router_of
from services.gateway.pages.kit.forms import Form
from services.gateway.pages.kit.frame import render_page
from services.gateway.pages.kit.mail_address import meant_by
from services.gateway.texts import PAGES


async def _roles(officer: ShownOfficer) -> Mapping[str, Any]:
    return {"roles": roles(officer.visitor.lang)}


def _held(officer: ShownOfficer, context: Mapping[str, Any]) -> Form:
    """The roles that are held, ticked."""
    return Form.of({"roles": [*officer.view["roles"]], "revision": [str(officer.view["revision"])]})


async def _offices(officer: ShownOfficer) -> Mapping[str, Any]:
    return {"offices": offices(officer.visitor.lang)}


def _here(officer: ShownOfficer, context: Mapping[str, Any]) -> Mapping[str, str]:
    return {"office": officer.view["office"], "revision": str(officer.view["revision"])}


def _numbered(officer: ShownOfficer, context: Mapping[str, Any]) -> Mapping[str, str]:
    return {"staff_number": officer.view["staff_number"] or "", "revision": str(officer.view["revision"])}


async def _to_stop(officer: ShownOfficer) -> Mapping[str, Any]:
    return await _reasons(officer, "suspend")


async def _to_close(officer: ShownOfficer) -> Mapping[str, Any]:
    return await _reasons(officer, "close")


async def _reasons(officer: ShownOfficer, name: str) -> Mapping[str, Any]:
    found = (await officer.visitor.registration.fetch("/v1/accounts/reasons")).body[name]
    return {"reasons": [(one["code"], one[officer.visitor.lang]) for one in found]}


def _reason(form: Form) -> Mapping[str, Any]:
    return {"reason_code": form["reason_code"]}


_REASON: dict[str, Any] = {"body": _reason, "fields": ("reason_code",), "needed": ("reason_code",), "fresh": True}
STEPS = (
    StepPage("invitation", "invitation", lambda form: None, fresh=True),
    StepPage(
        "roles",
        "roles",
        lambda form: {"roles": ticked(form)},
        fields=("roles",),
        needed=("roles",),
        values=_held,
        context=_roles,
        method="PUT",
        fresh=True,
    ),
    StepPage(
        "office",
        "office",
        lambda form: {"office": form["office"]},
        fields=("office",),
        needed=("office",),
        values=_here,
        context=_offices,
        method="PUT",
        fresh=True,
    ),
    StepPage(
        "staff-number",
        "staff-number",
        lambda form: {"staff_number": form["staff_number"].strip() or None},
        fields=("staff_number",),
        values=_numbered,
        method="PUT",
        fresh=True,
    ),
    StepPage(
        "email",
        "email",
        lambda form: {"email": form["email"]},
        fields=("email",),
        needed=("email",),
        places=lambda form: {"officer-known": "email", "own-account": "email"},
        question=meant_by,
        fresh=True,
    ),
    StepPage("second-factor-reset", "second-factor-reset", lambda form: None, fresh=True),
    StepPage("suspension", "suspend", context=_to_stop, **_REASON),
    StepPage("restoration", "lift", lambda form: None, fresh=True),
    StepPage("closing", "close", context=_to_close, **_REASON),
)


def _page(officer: ShownOfficer, step: str, values: Mapping[str, Any]) -> Response:
    texts = PAGES[officer.visitor.lang]["officers"]
    return render_page(
        officer.visitor.request,
        f"desk/officers/{step}",
        officer.visitor.lang,
        visitor=officer.visitor,
        officer=officer,
        view=officer.view,
        texts=texts,
        chosen=ticked(values["form"]),
        **values,
    )


router = router_of(STEPS, Records(PAGE, "registration", "/v1/officers", read_officer, possible, _page))
