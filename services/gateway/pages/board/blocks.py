"""`/desk/board/blocks`: networks, accounts and clients that are kept out, and what the rules on places refuse."""

from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge.places.places import Places
from services.gateway.pages.kit.forms import Form, FormErrors, Posted, missing_fields
from services.gateway.pages.kit.frame import Done, page_router, redirect_to, render_page
from services.gateway.pages.kit.visitor import OperatorVisitor, Visitor
from services.gateway.texts import PAGES
from shared.errors import NotFound

router = page_router()
PATH = "/desk/board/blocks"
_BLOCKS = "/v1/registration/operations/blocks"
_KINDS = ("network", "account", "client")
_HOURS = ("1", "24", "168", "720")
_FIELDS = {"/kind": "kind", "/subject": "subject", "/hours": "hours", "/reason": "why", "": "subject"}


@router.get(PATH)
async def show_blocks(request: Request, visitor: OperatorVisitor, done: Done = None) -> Response:
    """Show what is blocked, and the form for one more; `kind` and `subject` fill it in for who comes from a list."""
    asked = request.query_params
    form = Form({name: asked.get(name, "")[:100] for name in ("kind", "subject")})
    return await _page(request, visitor, form, done=done if done in ("set", "lifted") else None)


@router.post(PATH)
async def set_block(request: Request, visitor: OperatorVisitor, form: Posted) -> Response:
    """Set a block; pressed twice, it is set once."""
    needed = ("kind", "subject", "hours", "why")
    if errors := missing_fields(visitor.lang, *form.empty(*needed)):
        return await _page(request, visitor, form, errors)
    hours = int(form["hours"]) if form["hours"] in _HOURS else 0
    body = {"kind": form["kind"], "subject": form["subject"], "hours": hours, "reason": form["why"]}
    key = {"Idempotency-Key": str(form.key_of(body))}
    answer = await visitor.registration.call("POST", _BLOCKS, body, headers=key)
    if errors := answer.form_errors(visitor.lang, _FIELDS):
        return await _page(request, visitor, form, errors)
    return redirect_to(PATH, done="set")


@router.get(f"{PATH}/{{block_id:uuid}}/lift")
async def show_lift(request: Request, visitor: OperatorVisitor, block_id: UUID) -> Response:
    """Ask for the reason to lift a block."""
    return await _lift_page(request, visitor, block_id, Form())


@router.post(f"{PATH}/{{block_id:uuid}}/lift")
async def lift_block(request: Request, visitor: OperatorVisitor, block_id: UUID, form: Posted) -> Response:
    """Lift a block."""
    if errors := missing_fields(visitor.lang, *form.empty("why")):
        return await _lift_page(request, visitor, block_id, form, errors)
    body = {"reason": form["why"]}
    key = {"Idempotency-Key": str(form.key_of(body))}
    answer = await visitor.registration.call("POST", f"{_BLOCKS}/{block_id}/lift", body, headers=key)
    if errors := answer.form_errors(visitor.lang, _FIELDS):
        return await _lift_page(request, visitor, block_id, form, errors)
    return redirect_to(PATH, done="lifted")


async def _page(
    request: Request, visitor: Visitor, form: Form, errors: FormErrors | None = None, done: str | None = None
) -> Response:
    texts = PAGES[visitor.lang]["blocks"]
    return render_page(
        request,
        "board/blocks/blocks",
        visitor.lang,
        visitor=visitor,
        errors=errors,
        form=form,
        blocks=await _blocks(visitor),
        kinds=[(kind, texts[f"kind_{kind}"], texts[f"hint_{kind}"]) for kind in _KINDS],
        hours=[(hours, texts[f"hours_{hours}"]) for hours in _HOURS],
        labels={name: texts[name] for name in ("kind", "subject", "hours", "why")},
        places=_shown_places(visitor.gateway.places),
        done=done,
    )


async def _lift_page(
    request: Request, visitor: Visitor, block_id: UUID, form: Form, errors: FormErrors | None = None
) -> Response:
    block = next((each for each in await _blocks(visitor) if each["id"] == str(block_id) and each["in_force"]), None)
    if block is None:
        raise NotFound()
    return render_page(
        request, "board/blocks/lift", visitor.lang, visitor=visitor, errors=errors, block=block, why=form["why"]
    )


async def _blocks(visitor: Visitor) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await visitor.registration.fetch(_BLOCKS)).body["items"]
    return found


def _shown_places(places: Places) -> dict[str, Any] | None:
    """The rules on places of this gateway, and what they refused since it started; None without rules."""
    if places.rules is None:
        return None
    return {
        "countries": sorted(places.rules.countries or ()),
        "built_at": places.built_at and places.built_at.isoformat(),
        "is_outdated": places.is_outdated,
        "relays": places.relays,
        "failed": places.failed,
        "refused": [
            {"reason": reason.value.replace("-", "_"), "country": country, "count": count}
            for (reason, country), count in places.refused.most_common(50)
        ],
    }
