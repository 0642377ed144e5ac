"""The documents that an examiner asked for, as their pages show them."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

from services.gateway.pages.kit.client import Answer
from services.gateway.pages.kit.forms import Form, FormErrors
from services.gateway.pages.kit.frame import render_page
from services.gateway.pages.portal.case.filed import Filed
from services.gateway.pages.portal.case.notices import find_notices, words_of_items
from services.gateway.texts import PAGES

NAME = "requested-documents"
DONE = ("saved", "removed", "asked")
SCRIPT = ("upload.js",)


def field_of(place: int) -> str:
    """The id of the file's field of an item."""
    return f"item-{place}"


def item_of(found: Mapping[str, Any], place: int) -> Mapping[str, Any] | None:
    """The item of the open request at `place`; None where there is none."""
    items: Sequence[Mapping[str, Any]] = found["open"]["items"] if found["open"] else ()
    return next((item for item in items if item["place"] == place), None)


def answers_of(found: Mapping[str, Any]) -> frozenset[str]:
    """The ids of the files that answer a request, saved or submitted."""
    items = found["open"]["items"] if found["open"] else []
    saved = {each for item in items for each in item["document_ids"]}
    return frozenset(saved | {one["document_id"] for answer in found["submitted"] for one in answer["documents"]})


async def save_answer(
    filed: Filed, request_id: str, place: int, document_ids: Sequence[str], why_not: str | None = None
) -> Answer:
    """Save the answer to one item of the request that the page showed; it is refused where another one is open now."""
    body = {
        "request_id": request_id,
        "place": place,
        "document_ids": list(document_ids),
        "why_not": why_not,
    }
    return await filed.service.call("PUT", f"/v1/applications/{filed.id}/{NAME}", body)


async def requested_page(
    filed: Filed,
    errors: FormErrors | None = None,
    *,
    typed: Mapping[int, str] | None = None,
    form: Form | None = None,
    done: str | None = None,
) -> Response:
    """The open request item by item, and what was submitted before. `typed` are reasons that were not saved, `form` a
    request for more time that was not made."""
    found, notices = await asyncio.gather(filed.read(NAME), find_notices(filed))
    opened = found["open"]
    items = opened["items"] if opened else []
    sent = [one["document_id"] for answer in found["submitted"] for one in answer["documents"]]
    files = await _files(filed, [*sent, *(each for item in items for each in item["document_ids"])])
    texts = PAGES[filed.lang]["case"]
    names = {item["place"]: _name(item, filed) for item in items}
    return render_page(
        filed.visitor.request,
        "portal/case/requested_documents",
        filed.lang,
        visitor=filed.visitor,
        filed=filed,
        errors=errors,
        scripts=SCRIPT,
        opened=opened,
        words=dict(enumerate(words_of_items(filed, notices, opened["request_id"]) if opened else [])),
        names=names,
        labels={field_of(place): name for place, name in names.items()}
        | {f"why-{place}": name for place, name in names.items()}
        | {"wanted_on": texts["more_time_wanted"], "more_time_reason": texts["more_time_reason"]},
        typed=typed or {},
        form=form or Form(),
        more_time=[one for one in reversed(found["more_time"]) if opened and one["request_id"] == opened["request_id"]],
        more_time_until=found["more_time_until"],
        files=files,
        left=sum(not item["answered"] for item in items),
        submitted=[
            {
                "at": answer["submitted_at"],
                "documents": [one["document_id"] for one in answer["documents"]],
                "reasons": [(_name(one, filed), one["why_not"]) for one in answer["not_submitted"]],
            }
            for answer in reversed(found["submitted"])
        ],
        done=texts["more_time_done"] if done == "asked" else texts[f"requested_{done}"] if done in DONE else "",
    )


async def _files(filed: Filed, document_ids: Sequence[str]) -> dict[str, Mapping[str, Any] | None]:
    """The document service's facts of each file; None where it knows none (any more)."""
    documents = filed.visitor.service("document")
    known = list(dict.fromkeys(document_ids))
    shown = ("not-found", "document-not-found")
    answers = await asyncio.gather(*(documents.call("GET", f"/v1/documents/{each}", shown=shown) for each in known))
    return {each: answer.body if answer.ok else None for each, answer in zip(known, answers, strict=True)}


def _name(item: Mapping[str, Any], filed: Filed) -> str:
    """The name of an item; an item that is no document of the list is described in the notice."""
    if item["name"]:
        return str(item["name"][filed.lang])
    return PAGES[filed.lang]["case"]["requested_other"].format(code=item["code"])
