"""Pages that show what a form's answer brought: the form redirects to them, and they can be reloaded for a while."""

from typing import Any

from fastapi import Request, Response

from services.gateway.edge import cookies
from services.gateway.edge.context import Gateway
from services.gateway.edge.notes import SECONDS, TooLong


def keep_note(
    response: Response, gateway: Gateway, name: str, subject: object, note: Any, seconds: int = SECONDS
) -> None:
    """Have the browser keep `note` under `name` for `subject`, in place of any before; nothing where it is too long."""
    try:
        sealed = gateway.notes.seal(str(subject), note, gateway.clock.now())
    except TooLong:
        return
    cookies.put(response, gateway.settings, name, sealed, max_age=seconds)


def read_note(request: Request, gateway: Gateway, name: str, subject: object, seconds: int = SECONDS) -> Any:
    """The note; None where there is none (any more)."""
    return gateway.notes.open(str(subject), cookies.read(request, gateway.settings, name), gateway.clock.now(), seconds)


def drop_note(response: Response, gateway: Gateway, name: str) -> None:
    """Have the browser drop the note."""
    cookies.drop(response, gateway.settings, name)
