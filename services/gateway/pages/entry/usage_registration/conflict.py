"""Two versions of a draft, saved elsewhere and typed here: the writer chooses, field by field."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.responses import Response

from services.gateway.pages.entry.usage_registration import fields
from services.gateway.pages.entry.usage_registration.writer import Writer
from services.gateway.pages.kit import organisations
from services.gateway.pages.kit.client import Answer
from services.gateway.pages.kit.forms import Form, FormErrors, Message
from services.gateway.pages.kit.frame import redirect_to, render_page
from services.gateway.texts import PAGES

Save = Callable[[dict[str, Any]], Awaitable[Answer]]
_SIDES = ("theirs", "mine")


async def resolve_conflict(writer: Writer, draft: dict[str, Any], form: Form, save: Save) -> Response:
    """The page on which to choose; with every choice made, the chosen version is saved.

    Nothing is saved before, whichever key is pressed: the choices are empty at first, and the buttons that set all of
    them only set them. `draft` is the version that was saved elsewhere.
    """
    here, there = fields.read(form), draft["content"] or {}
    mine, theirs = _lines(here, draft["language"], writer), _lines(there, draft["language"], writer)
    labels = fields.labels(writer.lang, {})
    differing = [name for name in labels if mine.get(name, "") != theirs.get(name, "")]
    whole = form["do"] if form["do"] in _SIDES else ""
    choices = {name: whole or form[f"keep_{name}"] for name in differing}
    decided = all(choice in _SIDES for choice in choices.values())
    if not differing or (decided and form["do"] == "merge" and form["seen"] == str(draft["revision"])):
        chosen = {name for name in differing if choices[name] == "mine"}
        answer = await save(_merged(here, there, chosen))
        if answer.ok:
            return redirect_to(writer.page, done="saved")
    errors = None
    if form["do"] == "merge" and form["seen"] == str(draft["revision"]):
        missing = [name for name in differing if choices[name] not in _SIDES]
        errors = FormErrors(
            422, tuple(Message(PAGES[writer.lang]["usage_registration"]["choose_version"], name) for name in missing)
        )
    return render_page(
        writer.request,
        "entry/usage_registration/conflict",
        writer.lang,
        409,
        visitor=writer.visitor,
        errors=errors if errors and errors.messages else None,
        path=writer.page,
        draft=draft,
        typed={name: value for name, value in form.items() if not _is_control(name)},
        lines=[(name, labels[name], theirs.get(name, ""), mine.get(name, ""), choices[name]) for name in differing],
        labels=labels,
        whole=whole,
    )


def _is_control(name: str) -> bool:
    return name.startswith("keep_") or name in ("do", "seen", "csrf_token", "owner", "kept")


def _lines(content: Mapping[str, Any], language: str, writer: Writer) -> dict[str, str]:
    """The values of the fields, in words; the list of organisations as one."""
    values, words = fields.shown(content, language), fields.words(writer.lang)
    lines = {name: words[name].get(value, value) if name in words else value for name, value in values.items()}
    rows = [
        " ".join(values[organisations.row_field(place, name)] for name in organisations.ROW)
        for place in range(organisations.rows_in(values))
    ]
    return {name: value for name, value in lines.items() if not name.startswith(f"{organisations.ROWS}_")} | {
        organisations.ROWS: "\n".join(rows)
    }


def _merged(here: Mapping[str, Any], there: Mapping[str, Any], chosen: set[str]) -> dict[str, Any]:
    """The version that was saved elsewhere, with the fields of `chosen` as they were typed here."""
    merged: dict[str, Any] = {**there, "unread": dict(there.get("unread") or {})}
    for pointer in [one for one in merged["unread"] if _name(one) in chosen]:
        del merged["unread"][pointer]
    for name in chosen:
        part, _, rest = name.partition("_")
        if part in ("organisation", "applicant"):
            merged[part] = {**(merged.get(part) or {}), rest: here[part][rest]}
        else:
            merged[name] = here[name]
    if "terms_accepted" in chosen:
        merged["terms_version"] = here["terms_version"]
    if "pledge_accepted" in chosen:
        merged["pledge_version"] = here["pledge_version"]
    return merged


def _name(pointer: str) -> str:
    """The field, or the list, that a pointer into the form belongs to."""
    return organisations.ROWS if pointer.startswith(f"/{organisations.ROWS}/") else organisations.field_of(pointer)
