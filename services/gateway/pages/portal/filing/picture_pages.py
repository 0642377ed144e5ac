"""The pages of a document that was made of pictures: their order on the form, and the document that is made of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.gateway.pages.kit.forms import Form, FormErrors
from services.gateway.pages.kit.uploads import upload_errors
from services.gateway.pages.portal.filing.draft import Draft, not_saved
from services.gateway.pages.portal.filing.files import Attachments, Change, attach, delete_sent
from services.gateway.texts import PAGES

# What the form does besides: a page one place further up or down.
MOVES = re.compile(r"(up|down):([0-9]{1,4})")
_PLACE = re.compile(r"[0-9]{1,4}")


@dataclass(frozen=True, slots=True)
class Page:
    """A page on the form: its number in the document, from 1, and whether it is left out."""

    number: int
    out: bool = False


def pages_on_form(form: Form, known: Mapping[str, Any]) -> list[Page]:
    """The pages in the order of the numbers that were typed at them, moved as a button says. A page that the form does
    not name is at its end; equal and unreadable numbers leave the order as it was."""
    names = known.get("page_names") or []
    numbers = [int(text) for text in form.every("page") if _PLACE.fullmatch(text) and 0 < int(text) <= len(names)]
    numbers = list(dict.fromkeys(numbers))
    places = form.every("place")
    typed = {number: _place(places, at) for at, number in enumerate(numbers)}
    # A page that was moved up comes before the one at its new place, one that was moved down behind it.
    ordered = sorted(numbers, key=lambda number: (typed[number], _direction(typed[number], numbers.index(number) + 1)))
    ordered += [number for number in range(1, len(names) + 1) if number not in numbers]
    if move := MOVES.fullmatch(form["do"]):
        number = int(move[2])
        at = ordered.index(number) if number in ordered else 0
        to = at + (1 if move[1] == "down" else -1)
        if number in ordered and 0 <= to < len(ordered):
            ordered[at], ordered[to] = ordered[to], ordered[at]
    left_out = set(form.every("out"))
    return [Page(number, str(number) in left_out) for number in ordered]


def _direction(to: int, at: int) -> int:
    return (to > at) - (to < at)


def _place(places: Sequence[str], at: int) -> int:
    return int(places[at]) if at < len(places) and _PLACE.fullmatch(places[at]) else at + 1


async def put_in_order(
    draft: Draft, document_id: str, sent: Mapping[str, Mapping[str, Any]], form: Form
) -> FormErrors | None:
    """Put a document of the form's pages, and of all pages of the documents `more`, in the place of all of these; the
    reason why it could not be."""
    field = f"pages-{document_id}"
    codes = dict(Attachments.of(draft.view).documents)
    others = [one for one in form.every("more") if one in codes and one != document_id and _pages(sent, one)]
    wanted = [(document_id, page.number) for page in pages_on_form(form, sent[document_id]) if not page.out]
    wanted += [(one, number) for one in others for number in range(1, _pages(sent, one) + 1)]
    if not wanted:
        return FormErrors.on(PAGES[draft.lang]["filing"]["pages_none"], field)
    old = [document_id, *others]
    held = tuple(dict.fromkeys(code for one in old for code in codes[one]))
    body = {
        "pages": [{"document_id": one, "page": number} for one, number in wanted],
        "codes": held,
        "application_id": draft.id,
    }
    documents = draft.visitor.service("document")
    answer = await documents.call("POST", "/v1/documents/joined", body, shown=("file-too-large", "quota-reached"))
    if errors := upload_errors(answer, draft.lang, field):
        return errors
    new = answer.body["id"]
    answer = await attach(draft, Change(document_id=new, codes=held, removed=tuple(old)))
    for one in old if answer.ok else [new]:
        await delete_sent(draft, one)
    return not_saved(answer, draft.lang)


def _pages(sent: Mapping[str, Mapping[str, Any]], document_id: str) -> int:
    """The pages of a document that was made of pictures; 0 of another."""
    return len((sent.get(document_id) or {}).get("page_names") or [])
