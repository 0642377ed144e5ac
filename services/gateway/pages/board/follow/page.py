"""`/desk/board/follow`: what happened to one application in every service, in order of time, for operators.

No personal data is shown; each look is a line in the journals of the services all the same. A service that is away is
a line of the page.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge.exposure import SERVICES
from services.gateway.edge.upstream import ServiceDown
from services.gateway.pages.board.follow.merging import Line, event_ids, instant, merge
from services.gateway.pages.kit.client import Gone
from services.gateway.pages.kit.forms import FormErrors, Message
from services.gateway.pages.kit.frame import page_router, render_page
from services.gateway.pages.kit.visitor import OperatorVisitor, Visitor
from services.gateway.texts import PAGES
from shared.text.characters import readable

router = page_router()
PATH = "/desk/board/follow"
# Services that know applications. All of them take events: the group of each has its name.
KNOWING = ("application", "document", "review", "notification")
_FINDING = ("application", "review")
# As many ids as a service takes in one question.
_AT_ONCE = 100


@router.get(PATH)
async def follow(request: Request, visitor: OperatorVisitor) -> Response:
    """Show the form, and the application that it names."""
    reference = readable(request.query_params.get("reference", "")).strip()[:100]
    if not reference:
        return _page(visitor, reference)
    application_id = _id(reference) or await _find(visitor, reference)
    if application_id is None:
        text = PAGES[visitor.lang]["follow"]["not_found"]
        return _page(visitor, reference, FormErrors(422, (Message(text, "reference"),)))
    followed = await _ask(visitor, KNOWING, lambda name: [f"/v1/{name}/operations/applications/{application_id}"])
    known = {name: answers[0] for name, answers in followed.items() if answers}
    ids = event_ids(known)
    seen = await _ask(visitor, SERVICES, lambda name: _questions(name, ids)) if ids else {}
    answered = {name: _together(answers) for name, answers in seen.items() if answers}
    lines = merge(known, answered, visitor.gateway.clock.now())
    away = [name for name in SERVICES if not followed.get(name, True) or not seen.get(name, True)]
    return _page(visitor, reference, application_id=str(application_id), lines=lines, away=away)


def _id(reference: str) -> UUID | None:
    try:
        return UUID(reference)
    except ValueError:
        return None


async def _find(visitor: Visitor, number: str) -> UUID | None:
    """The application of a receipt number, from the first service that knows it."""
    for name in _FINDING:
        path = f"/v1/{name}/operations/applications?{urlencode({'receipt_number': number})}"
        try:
            answer = await visitor.service(name).call("GET", path)
        except (Gone, ServiceDown):
            continue
        if answer.ok:
            return UUID(answer.body["application_id"])
    return None


def _questions(name: str, ids: Sequence[str]) -> list[str]:
    parts = [ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE)]
    return [f"/v1/{name}/operations/events?{urlencode([('id', one) for one in part])}" for part in parts]


def _together(answers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    taken = {one["event_id"]: one for answer in answers for one in answer["taken"]}
    return {"subscriptions": set(answers[0]["subscriptions"]), "taken": taken}


async def _ask(visitor: Visitor, names: Sequence[str], paths: Callable[[str], Sequence[str]]) -> dict[str, list[Any]]:
    """The answers of each service, all asked at once; none of one that is away."""

    async def one(name: str) -> list[Any]:
        try:
            return [(await visitor.service(name).fetch(path)).body for path in paths(name)]
        except ServiceDown:
            return []

    return dict(zip(names, await asyncio.gather(*(one(name) for name in names)), strict=True))


def _page(
    visitor: Visitor,
    reference: str,
    errors: FormErrors | None = None,
    *,
    application_id: str = "",
    lines: Sequence[Line] = (),
    away: Sequence[str] = (),
) -> Response:
    texts = PAGES[visitor.lang]
    return render_page(
        visitor.request,
        "board/follow/follow",
        visitor.lang,
        visitor=visitor,
        errors=errors,
        labels=texts["follow"],
        reference=reference,
        application_id=application_id,
        lines=lines,
        gaps=sum(line.gap for line in lines),
        away=[texts["system"][f"service_{name}"] for name in away],
        instant=instant,
    )
