"""`/account/messages`: which messages come, by mail or in the inbox alone, at once or in the morning."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.kit.forms import FormErrors, Posted
from services.gateway.pages.kit.frame import Done, page_router, redirect_to, render_page
from services.gateway.pages.kit.return_to import ENROLMENT
from services.gateway.pages.kit.visitor import CurrentVisitor, Visitor
from services.gateway.texts import PAGES

router = page_router()
PATH = "/account/messages"
_CHOICES = "/v1/inbox/choices"
# What can be chosen for each kind of messages, in the order in which it is shown.
_OFFERED: Mapping[str, Sequence[str]] = {
    "own": ("at_once", "morning"),
    "colleagues": ("none", "inbox", "morning", "at_once"),
    "cases": ("inbox", "morning", "at_once"),
}


@dataclass(frozen=True, slots=True)
class Question:
    """One kind of messages, and what can be chosen: (value, text, line)."""

    name: str
    label: str
    hint: str
    options: Sequence[tuple[str, str, str]]
    value: str


@router.get(PATH)
async def show_choices(request: Request, visitor: CurrentVisitor, done: Done = None) -> Response:
    """Show what was chosen."""
    if visitor.must_enrol:
        return redirect_to(ENROLMENT)
    return await _page(visitor, done=done)


@router.post(PATH)
async def change_choices(visitor: CurrentVisitor, form: Posted) -> Response:
    """Change what is chosen; it holds from the next message on."""
    answer = await visitor.service("notification").call("PUT", _CHOICES, form.given(*_OFFERED))
    if errors := answer.form_errors(visitor.lang, {f"/{name}": name for name in _OFFERED}):
        return await _page(visitor, errors)
    return redirect_to(PATH, done="saved")


async def _page(visitor: Visitor, errors: FormErrors | None = None, done: str | None = None) -> Response:
    chosen = (await visitor.service("notification").fetch(_CHOICES)).body
    texts = PAGES[visitor.lang]["message_choices"]
    return render_page(
        visitor.request,
        "account/message_choices/choices",
        visitor.lang,
        visitor=visitor,
        errors=errors,
        labels=texts,
        questions=[
            Question(
                name,
                texts[name],
                texts[f"hint_{name}"],
                [(how, texts[how], texts[f"line_{how}"]) for how in offered],
                chosen[name],
            )
            for name, offered in _OFFERED.items()
            if chosen[name] is not None
        ],
        inbox="/messages" if visitor.is_person else "/desk/inbox",
        done=done if done == "saved" else None,
    )
