"""Rows of a form in which items are listed, each with a code and words."""

from collections.abc import Mapping

from services.gateway.pages.kit.forms import Form

_AT_FIRST = 2
_MORE = 3
MOST = 30


def rows_shown(form: Form) -> list[int]:
    """The numbers of the rows that the page shows: those that are filled in, and some more on request."""
    last = max(filled_rows(form), default=-1) + 1
    more = _MORE if form["do"] == "rows" else 0
    return list(range(min(max(last + more, _AT_FIRST), MOST)))


def filled_rows(form: Form) -> list[int]:
    """The numbers of the rows that are filled in."""
    return [number for number in range(MOST) if form[f"code-{number}"].strip() or form[f"message-{number}"].strip()]


def items_of(form: Form) -> list[dict[str, str]]:
    """The items, as services take them."""
    return [{"code": form[f"code-{number}"], "message": form[f"message-{number}"]} for number in filled_rows(form)]


def item_places(form: Form) -> Mapping[str, str]:
    """The fields of the items, by JSON pointer."""
    rows = {
        f"/items/{place}/{part}": f"{part}-{number}"
        for place, number in enumerate(filled_rows(form))
        for part in ("code", "message")
    }
    return rows | {"/items": "items"}
