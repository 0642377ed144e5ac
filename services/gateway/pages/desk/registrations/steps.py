"""The steps of the approval desk, each on a page of its own: approve, return item by item, refuse."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from starlette.responses import Response

from services.gateway.pages.desk.registrations.kinds import KINDS, Kind, ShownRecord, read_record
from services.gateway.pages.desk.registrations.overview import checklist, possible
from services.gateway.pages.desk.steps.page import Records, StepPage, router_of
from services.gateway.pages.desk.steps.rows import filled_rows, item_places, items_of, rows_shown
from services.gateway.pages.kit.forms import Form, Message
from services.gateway.pages.kit.frame import render_page
from services.gateway.pages.kit.visitor import Visitor
from services.gateway.texts import PAGES

_OTHER = "OTHER"
_TICK = "requirement-"


async def _requirements(record: ShownRecord) -> Mapping[str, Any]:
    return {"requirements": await checklist(record)}


def _confirmed(record: ShownRecord, context: Mapping[str, Any]) -> Mapping[str, str]:
    return {f"{_TICK}{one['code']}": "yes" for one in context["requirements"] if one["confirmed"]}


def _approval(form: Form) -> Mapping[str, Any]:
    ticked = {name.removeprefix(_TICK): True for name in form if name.startswith(_TICK) and form[name] == "yes"}
    return {"requirements": ticked, "note": form["note"].strip() or None}


def _approval_places(form: Form) -> Mapping[str, str]:
    return {f"/requirements/{code}": f"{_TICK}{code}" for code in form["asked"].split()}


async def _returnable(record: ShownRecord) -> Mapping[str, Any]:
    texts = PAGES[record.lang]["registrations"]
    documents = [(one["code"], one[record.lang]) for one in record.view["document_list"]]
    return {"codes": [*documents, (_OTHER, texts["other_item"])], "rows_of": rows_shown}


def _item_problems(form: Form, visitor: Visitor) -> Sequence[Message]:
    texts = PAGES[visitor.lang]["registrations"]
    if not filled_rows(form):
        return (Message(texts["need_item"], "items"),)
    needed = PAGES[visitor.lang]["steps"]["need"]
    return [
        Message(needed, f"{part}-{number}")
        for number in filled_rows(form)
        for part in ("code", "message")
        if not form[f"{part}-{number}"].strip()
    ]


async def _reasons(record: ShownRecord) -> Mapping[str, Any]:
    found = (await record.visitor.registration.fetch("/v1/accounts/reasons")).body["reject"]
    return {"reasons": [(one["code"], one[record.lang]) for one in found]}


STEPS = (
    StepPage(
        "approval",
        "approve",
        _approval,
        fields=("note",),
        places=_approval_places,
        values=_confirmed,
        context=_requirements,
    ),
    StepPage(
        "return",
        "return",
        lambda form: {"items": items_of(form)},
        places=item_places,
        problems=_item_problems,
        context=_returnable,
    ),
    StepPage(
        "rejection",
        "reject",
        lambda form: {"reason_code": form["reason_code"], "reason": form["reason"]},
        fields=("reason_code", "reason"),
        needed=("reason_code", "reason"),
        context=_reasons,
    ),
)


def _page(record: ShownRecord, step: str, values: Mapping[str, Any]) -> Response:
    texts = PAGES[record.lang]["registrations"]
    return render_page(
        record.visitor.request,
        f"desk/registrations/{step}",
        record.lang,
        visitor=record.visitor,
        record=record,
        view=record.view,
        texts=texts,
        **values,
    )


def _records(kind: Kind) -> Records[ShownRecord]:
    return Records(kind.page, "registration", kind.route, partial(read_record, kind), possible, _page)


ROUTERS = [router_of(STEPS, _records(kind)) for kind in KINDS]
