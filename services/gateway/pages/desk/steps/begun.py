"""Texts that officers have begun on the page of a step: saved while they type, and there when they come back.

Registration keeps it, sealed, under the officer's account for seven days: a machine of the office is shared, so nothing
stays in the browser.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated

from fastapi import Query
from starlette.responses import JSONResponse, Response

from services.gateway.edge.upstream import ServiceDown
from services.gateway.pages.kit.formats import moment
from services.gateway.pages.kit.forms import Form, LongForm
from services.gateway.pages.kit.frame import page_router
from services.gateway.pages.kit.visitor import LongFormOfficer, Visitor
from services.gateway.texts import PAGES
from shared.errors import NotFound

router = page_router()
SCRIPT = "begun.js"
ADDRESS = "/desk/begun"
_PAGE = re.compile(r"/desk/[a-z-]{1,40}/[0-9a-f-]{36}/[a-z-]{1,40}")
# What pages write into their forms themselves.
_OWN = frozenset({"csrf_token", "owner", "key", "revision", "hints", "do", "kept"})


@dataclass(frozen=True, slots=True)
class Begun:
    """The fields of a form, and when they were saved last."""

    fields: Mapping[str, Sequence[str]]
    saved_at: str

    def over(self, values: Mapping[str, str]) -> Form:
        """The form that is opened with `values`, with what was begun in their place."""
        known = {name: [value] for name, value in values.items()}
        return Form.of(known | {name: [*every] for name, every in self.fields.items()})


@router.post(ADDRESS)
async def keep(visitor: LongFormOfficer, form: LongForm, of: Annotated[str, Query(max_length=200)]) -> Response:
    """Keep what is typed on the page `of`; the answer says so in words, for the script."""
    if not _PAGE.fullmatch(of):
        raise NotFound()
    content = json.dumps({name: form.every(name) for name in form if name not in _OWN}, ensure_ascii=False)
    answer = await visitor.registration.call("PUT", _path(of), {"content": content})
    if not answer.ok:
        return JSONResponse(answer.body, answer.status, media_type="application/problem+json")
    saved = PAGES[visitor.lang]["steps"]["saved_at"].format(moment=moment(answer.body["saved_at"], visitor.lang))
    return JSONResponse({"message": saved})


async def begun(visitor: Visitor, page: str) -> Begun | None:
    """The text that was begun on a page; None where nothing was, and where registration cannot say."""
    try:
        answer = await visitor.registration.call("GET", _path(page))
    except ServiceDown:
        return None
    return Begun(json.loads(answer.body["content"]), answer.body["saved_at"]) if answer.ok and answer.body else None


async def drop(visitor: Visitor, page: str) -> None:
    """Forget it: it was sent, or is not wanted. Where registration cannot, it is over after some days."""
    try:
        await visitor.registration.call("DELETE", _path(page))
    except ServiceDown:
        return


def _path(page: str) -> str:
    return f"/v1/accounts/me/begun-texts/{sha256(page.encode()).hexdigest()}"
