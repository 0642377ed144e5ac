"""The certificate of a granted application: download, acknowledge, send it on, and see who opened it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from starlette.responses import Response

from services.gateway.pages.kit.forms import Form, FormErrors, Posted
from services.gateway.pages.kit.frame import Done, page_router, redirect_to, render_page
from services.gateway.pages.kit.mail_address import meant_by
from services.gateway.pages.kit.visitor import CurrentVisitor
from services.gateway.pages.portal.case.filed import PATH, Filed, find_filed
from services.gateway.pages.portal.filing.shown import APPLICATIONS

router = page_router()
_FIELDS = {"/email": "email", "/language": "language"}
_DONE = frozenset({"received", "sent", "stopped"})


@router.get(f"{PATH}/certificate")
async def show_certificate(application_id: UUID, visitor: CurrentVisitor, done: Done = None) -> Response:
    """Show the certificate; before it is issued, how it will be received."""
    filed = await find_filed(visitor, application_id)
    if filed is None:
        return redirect_to(f"{APPLICATIONS}/{application_id}")
    return await _page(filed, done=done if done in _DONE else None)


@router.post(f"{PATH}/certificate")
async def change_certificate(application_id: UUID, visitor: CurrentVisitor, form: Posted) -> Response:
    """Acknowledge the certificate, send it to an address, or stop a link."""
    filed = await find_filed(visitor, application_id)
    if filed is None:
        return redirect_to(f"{APPLICATIONS}/{application_id}")
    if form["do"] == "send" and (meant := meant_by(form)):
        return await _page(filed, form, meant=meant)
    done, name, body = _asked(form)
    answer = await filed.change(f"certificate/{name}", body, form)
    if errors := answer.form_errors(filed.lang, _FIELDS):
        return await _page(filed, form, errors)
    return redirect_to(f"{filed.path}/certificate", done=done)


@router.get(f"{PATH}/certificate/file")
async def download_certificate(application_id: UUID, visitor: CurrentVisitor) -> Response:
    """The certificate as a PDF; where there is none, its page says so."""
    filed = await find_filed(visitor, application_id)
    if filed is None:
        return redirect_to(f"{APPLICATIONS}/{application_id}")
    path = f"/v1/applications/{application_id}/certificate/file"
    found = await visitor.service("application").file(path, "no-certificate", "certificate-not-in-force")
    if found is None:
        return redirect_to(f"{APPLICATIONS}/{application_id}/certificate")
    kept = {"Content-Disposition": found.headers["Content-Disposition"], "Content-Language": "ja, en"}
    return Response(found.content, media_type="application/pdf", headers=kept)


def _asked(form: Form) -> tuple[str, str, Mapping[str, Any]]:
    """The request of the pressed button: the note shown afterwards, the route below the certificate's, and the body."""
    if form["do"] == "stop":
        return "stopped", f"links/{form.id('link')}/stop", {}
    if form["do"] == "send":
        return "sent", "links", {"email": form["email"], "language": form["language"]}
    return "received", "receipt", {}


async def _page(
    filed: Filed,
    form: Form | None = None,
    errors: FormErrors | None = None,
    done: str | None = None,
    meant: str = "",
) -> Response:
    answer = await filed.service.call("GET", f"/v1/applications/{filed.id}/certificate")
    if answer.code == "no-certificate":
        return redirect_to(f"{filed.path}/after-grant")
    return render_page(
        filed.visitor.request,
        "portal/case/certificate",
        filed.lang,
        visitor=filed.visitor,
        filed=filed,
        errors=errors,
        meant=meant,
        found=answer.body,
        form=form or Form({"language": "en"}),
        done=done,
    )
