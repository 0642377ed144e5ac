"""The way in: from the password to the second step, and from there to the page that was wanted."""

import json
from typing import Any

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from services.gateway.edge import cookies
from services.gateway.edge.context import Desk
from services.gateway.edge.sign_in import taken_over
from services.gateway.edge.upstream import Reply
from services.gateway.pages.kit.frame import see
from shared.errors import Problem

ENROLMENT = "/account/security/authenticator"
METHODS = ("totp", "passkey", "recovery_code")
# As long as registration takes a code for a challenge.
STEP_SECONDS = 300
_STEP = "step"


def entered(answer: Reply, desk: Desk, back: str) -> RedirectResponse:
    """On from a sign-in that went right; an officer without a second factor sets one up first."""
    response = see(ENROLMENT if answer.json().get("enrolment_required") else back)
    taken_over(answer, response, desk)
    forget_challenge(response, desk)
    return response


def half_way(answer: Reply, desk: Desk, back: str) -> RedirectResponse:
    """On from a password that was right. The challenge goes along in a cookie: it is in no page and in no address,
    and the second step can be reloaded."""
    body = answer.json()
    response = see("/sign-in/second-step", return_to=back)
    cookies.put(
        response,
        desk.settings,
        _STEP,
        ".".join([body["challenge"], *body["methods"]]),
        max_age=STEP_SECONDS,
        samesite="strict",
    )
    return response


def challenge(request: Request, desk: Desk) -> tuple[str, list[str]] | None:
    """The challenge of this browser, and what it may be answered with."""
    value, *methods = cookies.held(request, desk.settings, _STEP).split(".")
    return (value, [method for method in METHODS if method in methods]) if value else None


def forget_challenge(response: Response, desk: Desk) -> None:
    """Have the browser drop it."""
    cookies.drop(response, desk.settings, _STEP, samesite="strict")


def credential(text: str) -> dict[str, Any]:
    """What the passkey script put into the form."""
    try:
        found = json.loads(text)
    except ValueError as error:
        raise Problem() from error
    if not isinstance(found, dict):
        raise Problem()
    return found
