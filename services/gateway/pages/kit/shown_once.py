"""Pages that show what a form's answer brought: the form redirects to them, and they can be reloaded for a while."""

from typing import Any

from fastapi import Request, Response

from services.gateway.edge import cookies
from services.gateway.edge.context import Desk
from services.gateway.edge.notes import SECONDS, TooLong


def keep(response: Response, desk: Desk, name: str, subject: object, note: Any, seconds: int = SECONDS) -> None:
    """Have the browser keep `note` under `name` for `subject`, in place of any before; nothing where it is too long."""
    try:
        sealed = desk.notes.seal(str(subject), note, desk.clock.now())
    except TooLong:
        return
    cookies.put(response, desk.settings, name, sealed, max_age=seconds)


def kept(request: Request, desk: Desk, name: str, subject: object, seconds: int = SECONDS) -> Any:
    """The note; None where there is none (any more)."""
    return desk.notes.open(str(subject), cookies.held(request, desk.settings, name), desk.clock.now(), seconds)


def drop(response: Response, desk: Desk, name: str) -> None:
    """Have the browser drop the note."""
    cookies.drop(response, desk.settings, name)
