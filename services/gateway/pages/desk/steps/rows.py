"""Rows of a form in which items are listed, each with a code and words."""

from collections.abc import Mapping

from services.gateway.pages.kit.forms import Form

_AT_FIRST = 2
_MORE = 3
MOST = 30
# The members of an item and their fields. A form can do without standard sentences.
_FIELDS = {"code": "code", "text_codes": "text", "message": "message"}


def rows_shown(form: Form) -> list[int]:
    """The numbers of the rows that the page shows: those that are filled in, and some more on request."""
    last = max(filled_rows(form), default=-1) + 1
    more = _MORE if form["do"] == "rows" else 0
    return list(range(min(max(last + more, _AT_FIRST), MOST)))


def filled_rows(form: Form) -> list[int]:
    """The numbers of the rows that are filled in."""
    return [number for number in range(MOST) if any(form[f"{part}-{number}"].strip() for part in _FIELDS.values())]


def items_of(form: Form) -> list[dict[str, str]]:
    """The items, as services take them."""
    return [{"code": form[f"code-{number}"], "message": form[f"message-{number}"]} for number in filled_rows(form)]


def item_places(form: Form) -> Mapping[str, str]:
    """The fields of the items, by JSON pointer."""
    rows = {
        f"/items/{place}/{part}": f"{field}-{number}"
        for place, number in enumerate(filled_rows(form))
        for part, field in _FIELDS.items()
    }
    return rows | {"/items": "items"}
