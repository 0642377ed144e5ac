"""Legal holds on the files of a record, and their erasure on request: for the officers who decide on the record."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from starlette.responses import Response

from services.gateway.pages.desk.case_file.case import optional
from services.gateway.pages.desk.queue import named_officer, officer_names
from services.gateway.pages.kit.client import Answer, ServiceClient
from services.gateway.pages.kit.forms import Form, FormErrors, Message, Posted
from services.gateway.pages.kit.frame import Done, page_router, redirect_to, render_page
from services.gateway.pages.kit.visitor import OfficerVisitor, Visitor
from services.gateway.texts import PAGES
from shared.auth import Role
from shared.errors import Forbidden

router = page_router()
PATH = "/desk/retention/{record_id:uuid}"
DECIDING = (Role.CHIEF_EXAMINER, Role.USER_APPROVAL)
_DONE = ("held", "lifted")


@dataclass(frozen=True, slots=True)
class _Act:
    """One thing that the page does: what the form lacks, what the document service is asked, and where it says no."""

    needed: tuple[str, ...]
    route: str
    body: Mapping[str, Any]
    places: Mapping[str, str]
    done: str

    @classmethod
    def of(cls, record_id: UUID, form: Form) -> "_Act":
        if form["do"] == "lift":
            hold_id = form.id("hold_id")
            field = f"lift-{hold_id}"
            body = {"reason": form[field]}
            return cls((field,), f"/v1/holds/{hold_id}/lift", body, {"/reason": field}, "lifted")
        body = {"record_id": str(record_id)}
        if form["do"] == "erase":
            names = ("request_number", "received_on")
            body |= {name: form[name] for name in names}
            return cls((*names, "confirmed"), "/v1/erasures", body, {f"/{name}": name for name in names}, "")
        return cls(("reason",), "/v1/holds", body | {"reason": form["reason"]}, {"/reason": "reason"}, "held")

    async def ask(self, service: ServiceClient, form: Form) -> Answer:
        """Once for one content, however often the button is pressed."""
        key = str(form.key_of(self.route, self.body))
        return await service.call("POST", self.route, self.body, headers={"Idempotency-Key": key})


@router.get(PATH)
async def show_retention(record_id: UUID, visitor: OfficerVisitor, done: Done = None) -> Response:
    """Show the holds on a record's files and the erasures of them."""
    return await _page(visitor, record_id, Form(), done=done)


@router.post(PATH)
async def change_retention(record_id: UUID, visitor: OfficerVisitor, form: Posted) -> Response:
    """Set a hold, lift one, or erase by a request that was granted."""
    service, act = _service(visitor), _Act.of(record_id, form)
    if empty := form.empty(*act.needed):
        texts = PAGES[visitor.lang]["retention"]
        errors = FormErrors(422, tuple(Message(texts[f"need_{name.partition('-')[0]}"], name) for name in empty))
        return await _page(visitor, record_id, form, errors)
    answer = await act.ask(service, form)
    if refused := answer.form_errors(visitor.lang, act.places):
        return await _page(visitor, record_id, form, refused)
    address = _address(record_id)
    if act.done:
        return redirect_to(address, done=act.done)
    return redirect_to(f"{address}/erasures/{answer.body['id']}")


@router.get(f"{PATH}/erasures/{{erasure_id:uuid}}")
async def show_proof(record_id: UUID, erasure_id: UUID, visitor: OfficerVisitor) -> Response:
    """Show the proof of an erasure: what went, when, and what stays and why."""
    proof = (await _service(visitor).fetch(f"/v1/erasures/{erasure_id}")).body
    return render_page(
        visitor.request,
        "desk/retention/proof",
        visitor.lang,
        visitor=visitor,
        proof=proof,
        address=_address(record_id),
        scripts=("print.js",),
    )


def _address(record_id: UUID) -> str:
    return f"/desk/retention/{record_id}"


def _service(visitor: Visitor) -> ServiceClient:
    if not visitor.actor.has(*DECIDING):
        raise Forbidden()
    return visitor.service("document")


async def _page(
    visitor: Visitor, record_id: UUID, form: Form, errors: FormErrors | None = None, done: str | None = None
) -> Response:
    service = _service(visitor)
    holds = (await service.fetch(f"/v1/holds?record_id={record_id}")).body["items"]
    erasures = (await service.fetch(f"/v1/erasures?record_id={record_id}")).body["items"]
    case = None
    if visitor.sees_cases:
        case = await optional(visitor, "review", f"/v1/cases/by-application/{record_id}")
    names = await officer_names(visitor)
    return render_page(
        visitor.request,
        "desk/retention/retention",
        visitor.lang,
        visitor=visitor,
        errors=errors,
        address=_address(record_id),
        record_id=record_id,
        case=case,
        holds=[
            one
            | {
                "by": named_officer(one["set_by"], names, visitor),
                "lift": named_officer(one["lifted_by"], names, visitor),
            }
            for one in holds
        ],
        holding=any(one["lifted_at"] is None for one in holds),
        erasures=erasures,
        form=form,
        done=done if done in _DONE else None,
    )
