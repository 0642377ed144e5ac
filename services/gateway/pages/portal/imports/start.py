"""`/imports`: the template of a form, the upload of a file with many applications, and the files that were sent."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query
from starlette.responses import Response

from services.gateway.edge.upstream import ServiceDown
from services.gateway.pages.kit.client import Answer
from services.gateway.pages.kit.forms import FormErrors, Message, is_cursor, messages_from_problem
from services.gateway.pages.kit.frame import Done, page_router, redirect_to, render_page
from services.gateway.pages.kit.names import procedure_name
from services.gateway.pages.kit.uploads import CurrentUpload, upload_address, upload_errors
from services.gateway.pages.kit.visitor import CurrentVisitor, Visitor
from services.gateway.pages.portal.filing.offered import offered_choices
from services.gateway.pages.portal.imports.shown import IMPORTS, Imported, require_filer
from services.gateway.texts import PAGES
from shared.http import Lang

router = page_router()
UPLOAD = f"/upload{IMPORTS}"
_ON_A_PAGE = 20


@router.get(IMPORTS)
async def show_start(
    visitor: CurrentVisitor, cursor: Annotated[str, Query(max_length=400)] = "", done: Done = None
) -> Response:
    """Show how to file many at once, and the files that were sent, newest first."""
    return await _page(visitor, cursor if is_cursor(cursor) else "", done=done)


@router.get(UPLOAD)
async def return_to_start() -> Response:
    """Redirect a reload of the page that showed a mistake."""
    return redirect_to(IMPORTS)


@router.post(UPLOAD)
async def send(upload: CurrentUpload) -> Response:
    """Send the file on while it arrives, and lead to its progress."""
    require_filer(upload.visitor)
    answer = await upload.forward("application", "/v1/imports")
    if answer.ok:
        return redirect_to(f"{IMPORTS}/{answer.body['id']}")
    return await _page(upload.visitor, errors=_refusal(answer, upload.visitor.lang))


def _refusal(answer: Answer, lang: Lang) -> FormErrors | None:
    if answer.code == "too-many-imports":
        return FormErrors(429, tuple(messages_from_problem(answer.body, {answer.code: "file"})))
    if answer.code == "file-too-large":
        return FormErrors(413, (Message(PAGES[lang]["imports"]["too_large"], "file"),))
    return upload_errors(answer, lang, "file")


async def _page(
    visitor: Visitor, cursor: str = "", errors: FormErrors | None = None, done: str | None = None
) -> Response:
    asked = [("limit", str(_ON_A_PAGE)), *([("cursor", cursor)] if cursor else [])]
    answer = await require_filer(visitor).call("GET", f"/v1/imports?{urlencode(asked)}")
    if answer.status == 422:
        return redirect_to(IMPORTS)
    if not answer.ok:
        raise ServiceDown()
    following = answer.body["next"]
    return render_page(
        visitor.request,
        "portal/imports/start",
        visitor.lang,
        visitor=visitor,
        errors=errors,
        scripts=("upload.js",),
        labels={"file": PAGES[visitor.lang]["imports"]["file"]},
        choices=await _choices(visitor),
        upload_path=upload_address(visitor, UPLOAD),
        imports=[Imported(visitor, view) for view in answer.body["items"]],
        following=f"{IMPORTS}?{urlencode({'cursor': following})}" if following else "",
        may_file=not visitor.actor.lapsed,
        done=done if done == "deleted" else None,
    )


async def _choices(visitor: Visitor) -> list[tuple[str, list[tuple[str, str]]]]:
    """The forms that have a template: what can be filed online, by procedure."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for choice in await offered_choices(visitor) or ():
        if choice.status:
            name = procedure_name(choice.procedure, visitor.lang)
            groups.setdefault(name, []).append((choice.value, choice.name(visitor.lang)))
    return [*groups.items()]
