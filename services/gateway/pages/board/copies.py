"""`/desk/board/{service}/snapshots` and `/rebuilds`: copies of a service's facts made again, stopped and switched."""

from typing import Any
from uuid import UUID

from starlette.responses import Response

from services.gateway.edge.exposure import SERVICES
from services.gateway.pages.board.system.asking import state_of
from services.gateway.pages.board.system.overview import BOARD
from services.gateway.pages.board.system.projections import stored_rows
from services.gateway.pages.kit.forms import Form, FormErrors, Posted, missing_fields
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.visitor import OperatorVisitor, Visitor
from services.gateway.texts import PAGES
from shared.errors import NotFound
from shared.rebuilding.kept import kept_of

router = page_router()
_ORDER = f"{BOARD}/{{service}}/snapshots"
_STOP = f"{_ORDER}/{{record_id:uuid}}/stop"
_SWITCH = f"{BOARD}/{{service}}/rebuilds/{{record_id:uuid}}/switch"
_FIELDS = {"/kind": "kind", "/reason": "why"}


@router.get(_ORDER)
async def show_form(visitor: OperatorVisitor, service: str) -> Response:
    """Ask which facts are sent again, and why."""
    return _order_page(visitor, service, Form())


@router.post(_ORDER)
async def order_snapshot(visitor: OperatorVisitor, service: str, form: Posted) -> Response:
    """Order a snapshot; pressed twice, it is ordered once."""
    _kinds(service, visitor.lang)
    if errors := missing_fields(visitor.lang, *form.empty("kind", "why")):
        return _order_page(visitor, service, form, errors)
    body = {"kind": form["kind"], "reason": form["why"]}
    answer = await _call(visitor, service, "snapshots", form, body)
    if errors := answer.form_errors(visitor.lang, _FIELDS):
        return _order_page(visitor, service, form, errors)
    return redirect_to(f"{BOARD}/{service}", done="ordered")


@router.get(_STOP)
async def show_stop(visitor: OperatorVisitor, service: str, record_id: UUID) -> Response:
    """Ask for the reason to stop a snapshot."""
    return await _step_page(visitor, service, record_id, "stop", Form())


@router.post(_STOP)
async def stop_snapshot(visitor: OperatorVisitor, service: str, record_id: UUID, form: Posted) -> Response:
    """Stop a snapshot."""
    return await _step(visitor, service, record_id, "stop", form)


@router.get(_SWITCH)
async def show_switch(visitor: OperatorVisitor, service: str, record_id: UUID) -> Response:
    """Ask for the reason to switch a rebuild in which much differs."""
    return await _step_page(visitor, service, record_id, "switch", Form())


@router.post(_SWITCH)
async def switch_rebuild(visitor: OperatorVisitor, service: str, record_id: UUID, form: Posted) -> Response:
    """Switch a rebuild in which much differs."""
    return await _step(visitor, service, record_id, "switch", form)


# Of each step: the records that it is about, their name, and the state in which it can be taken.
_STEPS = {"stop": ("snapshots", "kind", "running"), "switch": ("rebuilds", "projection", "held")}
_DONE = {"stop": "stopped", "switch": "switched"}


async def _step(visitor: Visitor, service: str, record_id: UUID, step: str, form: Form) -> Response:
    if errors := missing_fields(visitor.lang, *form.empty("why")):
        return await _step_page(visitor, service, record_id, step, form, errors)
    answer = await _call(visitor, service, f"{_STEPS[step][0]}/{record_id}/{step}", form, {"reason": form["why"]})
    if errors := answer.form_errors(visitor.lang, _FIELDS):
        return await _step_page(visitor, service, record_id, step, form, errors)
    return redirect_to(f"{BOARD}/{service}", done=_DONE[step])


async def _call(visitor: Visitor, service: str, path: str, form: Form, body: dict[str, str]) -> Any:
    if service not in SERVICES:
        raise NotFound()
    key = {"Idempotency-Key": str(form.key_of(body))}
    return await visitor.service(service).call("POST", f"/v1/{service}/operations/{path}", body, headers=key)


def _kinds(service: str, lang: str) -> list[tuple[str, str, str]]:
    """The facts of a service that others keep, each with its name and those who keep it."""
    texts = PAGES[lang]
    found = [
        (
            each.kind,
            texts["copies"][f"kind_{each.kind}"],
            texts["copies"]["kept_by"].format(
                services=texts["copies"]["and"].join(texts["system"][f"service_{keeper}"] for keeper, _ in each.by)
            ),
        )
        for each in kept_of(service)
    ]
    if not found:
        raise NotFound()
    return found


def _order_page(visitor: Visitor, service: str, form: Form, errors: FormErrors | None = None) -> Response:
    texts = PAGES[visitor.lang]["copies"]
    return render_page(
        visitor.request,
        "board/copies/order",
        visitor.lang,
        visitor=visitor,
        errors=errors,
        service=service,
        kinds=_kinds(service, visitor.lang),
        kind=form["kind"],
        why=form["why"],
        labels={"kind": texts["kind"], "why": texts["why"]},
    )


async def _step_page(
    visitor: Visitor, service: str, record_id: UUID, step: str, form: Form, errors: FormErrors | None = None
) -> Response:
    if service not in SERVICES:
        raise NotFound()
    records, name, state = _STEPS[step]
    rows = stored_rows(await state_of(visitor, service), records)
    row = next((each for each in rows if each.get("id") == str(record_id) and each["state"] == state), None)
    if row is None:
        raise NotFound()
    return render_page(
        visitor.request,
        "board/copies/step",
        visitor.lang,
        visitor=visitor,
        errors=errors,
        service=service,
        step=step,
        row=row,
        what=row[name],
        why=form["why"],
    )
