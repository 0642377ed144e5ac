"""The applications that an action is for: chosen on the list, or all that its search finds.

A page names them in its form, so that what is done is done to those that it showed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.responses import Response

from services.gateway.edge.upstream import ServiceDown
from services.gateway.pages.kit.forms import Form, FormErrors, ids_among
from services.gateway.pages.kit.visitor import Visitor
from services.gateway.pages.portal.applications.asked import MOST, ON_A_PAGE, Asked
from services.gateway.pages.portal.applications.lines import Line, lines_of
from services.gateway.pages.portal.applications.listing import list_page
from services.gateway.pages.portal.filing.shown import APPLICATIONS
from services.gateway.texts import PAGES
from shared.errors import Forbidden

SEVERAL = f"{APPLICATIONS}/several"
_LONGEST_NAME = 100
# Most ids in one address, and applications in one answer.
_IDS, _ITEMS = 50, 200


@dataclass(frozen=True, slots=True)
class Chosen:
    """Applications of the visitor. `lines` are those that the action is for, `others` those that it leaves alone;
    `back` is the list from which they were chosen."""

    visitor: Visitor
    lines: Sequence[Line]
    others: Sequence[Line]
    back: str
    query: str = ""


async def read_chosen(visitor: Visitor, query: QueryParams, fits: Callable[[Line], bool]) -> Chosen | Response:
    """The applications that an address names, in the order of the list; the list with the reason where there are none
    or too many. `fits` says which of them the action is for."""
    if not visitor.is_person:
        raise Forbidden()
    asked = Asked.read(query.get("list", ""))
    ids = ids_among(query.getlist("application_id"))[:ON_A_PAGE]
    every = query.get("all") == "yes"
    found = await _every(visitor, asked) if every else await _named(visitor, ids)
    texts = PAGES[visitor.lang]["several"]
    if found is None:
        return await list_page(visitor, asked, FormErrors.on(texts["too_many"].format(most=MOST), "list"))
    if not found:
        return await list_page(visitor, asked, FormErrors.on(texts["choose_one"], "list"))
    back = asked.address(cursor=asked.cursor)
    named = [("all", "yes")] if every else [("application_id", one) for one in ids]
    return _chosen(visitor, found, fits, back, urlencode([("list", back), *named]))


async def sent_chosen(visitor: Visitor, form: Form, fits: Callable[[Line], bool]) -> Chosen:
    """The applications that a form names, to show its page again."""
    return _chosen(visitor, await _named(visitor, sent_ids(form)), fits, back_of(form))


def sent_ids(form: Form) -> list[str]:
    """The ids that a form names."""
    return ids_among(form.every("application_id"))[:MOST]


def back_of(form: Form) -> str:
    """The address of the list that a form names."""
    asked = Asked.read(form["list"])
    return asked.address(cursor=asked.cursor)


def sent_name(form: Form, application_id: str, unnamed: str) -> str:
    """The name under which the page of a form showed an application: it may be gone since."""
    return form[f"name-{application_id}"][:_LONGEST_NAME] or unnamed


def _chosen(
    visitor: Visitor, items: Sequence[Mapping[str, Any]], fits: Callable[[Line], bool], back: str, query: str = ""
) -> Chosen:
    lines = lines_of(items, visitor.lang)
    return Chosen(
        visitor, [line for line in lines if fits(line)], [line for line in lines if not fits(line)], back, query
    )


async def _named(visitor: Visitor, ids: Sequence[str]) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    for several in (ids[first : first + _IDS] for first in range(0, len(ids), _IDS)):
        found += (await _page(visitor, {"id": several}))["items"]
    return found


async def _every(visitor: Visitor, asked: Asked) -> list[Mapping[str, Any]] | None:
    """Everything that a list has; None where that is more than can be handled at once."""
    found: list[Mapping[str, Any]] = []
    cursor: dict[str, Any] = {}
    while len(found) <= MOST:
        page = await _page(visitor, asked.conditions | cursor)
        found += page["items"]
        if page["next"] is None:
            return found if len(found) <= MOST else None
        cursor = {"cursor": page["next"]}
    return None


async def _page(visitor: Visitor, conditions: dict[str, Any]) -> Mapping[str, Any]:
    query = urlencode(conditions | {"limit": _ITEMS}, doseq=True)
    answer = await visitor.service("application").call("GET", f"/v1/applications?{query}")
    if answer.status == 403:
        raise Forbidden()
    if answer.status == 422:
        # Conditions that cannot be, in an address that was written by hand.
        return {"items": [], "next": None}
    if not answer.ok:
        raise ServiceDown()
    body: Mapping[str, Any] = answer.body
    return body
