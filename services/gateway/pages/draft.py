"""The form of a usage registration (利用申出) that is being written, from the mailed link on."""

import re
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from starlette.responses import Response

from services.gateway import cookies
from services.gateway.desk import TheDesk
from services.gateway.pages import draft_fields as fields
from services.gateway.pages.forms import Message, Trouble
from services.gateway.pages.frame import Done, page, page_router, see
from services.gateway.pages.writers import CurrentWriter, DraftNotOpen, LongForm, Writer, key_cookie
from shared.http import say
from shared.reference.usage_documents import NAMES

router = page_router()
# A day's work; the link opens it again.
_KEY_SECONDS = 12 * 3600
_PLACE = re.compile(r"([0-9a-f-]{36})\.([A-Za-z0-9_-]{20,200})")
Checked = Annotated[bool, Query()]


@router.get("/usage-registration/draft/{draft_id:uuid}")
async def form(
    request: Request,
    draft_id: UUID,
    writer: CurrentWriter,
    checked: Checked = False,
    rows: Annotated[int, Query(ge=0, le=fields.MOST_ROWS)] = 0,
    done: Done = None,
) -> Response:
    """What was entered so far; `checked` with everything that is missing. Handed in, its receipt."""
    draft = await writer.draft()
    if draft["state"] == "submitted":
        return page(request, "draft_done", writer.lang, visitor=writer.visitor, draft=draft)
    trouble = Trouble(200, tuple(await _missing(writer))) if checked else None
    values = fields.shown(draft["content"] or {}, draft["language"])
    return _page(writer, draft, values, trouble if trouble and trouble.messages else None, rows=rows, done=done)


@router.get("/usage-registration/draft/{place}")
async def opened(place: str, desk: TheDesk) -> Response:
    """Where the mailed link leads. It changes nothing; the key goes into a cookie, and out of the address."""
    found = _PLACE.fullmatch(place)
    if found is None:
        raise DraftNotOpen()
    try:
        draft_id = UUID(found[1])
    except ValueError as error:
        raise DraftNotOpen() from error
    response = see(f"/usage-registration/draft/{draft_id}")
    # Lax: a mail program's link leads on to the page.
    cookies.put(response, desk.settings, key_cookie(draft_id), found[2], max_age=_KEY_SECONDS)
    return response


@router.post("/usage-registration/draft/{draft_id:uuid}")
async def saved(draft_id: UUID, writer: CurrentWriter, form: LongForm) -> Response:
    """Save what was entered, finished or not, and go on."""
    draft = await writer.draft()
    if draft["state"] == "submitted":
        return see(writer.page)
    content, wrong = fields.read(form, writer.lang)
    values = {**fields.shown({}, draft["language"]), **form}
    if wrong:
        return _page(writer, draft, values, Trouble(422, tuple(wrong)))
    content["documents"] = (draft["content"] or {}).get("documents") or []
    answer = await writer.ask("PUT", json=content, revision=form["revision"])
    if answer.status == 412:
        # Somebody saved it on another device: what is typed here stays, and may be saved over it.
        return _page(writer, draft, values, status=409, elsewhere=True)
    if not answer.ok:
        known = {error["pointer"]: fields.field_of(error["pointer"]) for error in answer.body.get("errors", [])}
        return _page(writer, draft, values, answer.trouble(writer.lang, known))
    if form["do"] == "row":
        number = len(content["pledged_organisations"])
        response = see(writer.page, rows=str(number + 1))
        response.headers["location"] += f"#{fields.row_field(number, 'corporate_number')}"
        return response
    if form["do"] == "save":
        return see(writer.page, done="saved")
    open_here = [one for one in answer.body["problems"] if not fields.is_document(one["pointer"])]
    return see(writer.page, checked="true") if open_here else see(f"{writer.page}/documents")


async def _missing(writer: Writer) -> list[Message]:
    answer = await writer.ask("GET", "/check")
    return [
        Message(one["message"], fields.field_of(one["pointer"]))
        for one in answer.body.get("problems", [])
        if not fields.is_document(one["pointer"])
    ]


def _page(
    writer: Writer,
    draft: dict[str, Any],
    values: dict[str, str],
    trouble: Trouble | None = None,
    *,
    rows: int = 0,
    status: int | None = None,
    elsewhere: bool = False,
    done: str | None = None,
) -> Response:
    lang = writer.lang
    return page(
        writer.request,
        "draft",
        lang,
        status,
        visitor=writer.visitor,
        trouble=trouble,
        draft=draft,
        path=writer.page,
        elsewhere=elsewhere,
        done=done if done == "saved" else None,
        values=values,
        rows=fields.rows_of(values, rows),
        roles=fields.roles(lang),
        categories=fields.categories(lang),
        prefectures=fields.prefectures(lang),
        labels=fields.labels(lang, values),
        names={code: say(name, lang) for code, name in NAMES.items()},
    )
