"""The second step of signing in: a code, a recovery code or a passkey; and where one goes from each step."""

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from services.gateway.edge import cookies
from services.gateway.edge.context import Desk, TheDesk
from services.gateway.edge.sign_in import admitted, taken_over
from services.gateway.edge.upstream import Reply
from services.gateway.pages.kit.client import Answer
from services.gateway.pages.kit.forms import Posted
from services.gateway.pages.kit.frame import PageLanguage, page, page_router, see
from services.gateway.pages.kit.proofs import asked_again, proof_of, refused
from services.gateway.pages.kit.return_to import ENROLMENT, ReturnTo

router = page_router()
METHODS = ("totp", "passkey", "recovery_code")
# As long as registration takes a code for a challenge.
STEP_SECONDS = 300
_STEP = "step"


@router.get("/sign-in/second-step")
async def second_step_form(request: Request, desk: TheDesk, lang: PageLanguage, back: ReturnTo) -> Response:
    """What this account can be proved with; back to the first step without one."""
    held = challenge(request, desk)
    if held is None:
        return see("/sign-in", return_to=back, done="again")
    return page(request, "entry/second_step/second_step", lang, script="passkey" in held[1], methods=held[1], back=back)


@router.post("/sign-in/second-step")
async def second_step(request: Request, desk: TheDesk, lang: PageLanguage, back: ReturnTo, form: Posted) -> Response:
    """Finish signing in."""
    headers = admitted(request, desk)
    held = challenge(request, desk)
    if held is None:
        return see("/sign-in", return_to=back, done="again")
    value, methods = held
    proof = proof_of(form)
    if proof:
        answer = await desk.sessions.second_step({"challenge": value, **proof}, headers, desk.held_session(request))
        if answer.status_code == 201:
            return entered(answer, desk, back)
        told = Answer.of(answer)
        if told.code == "challenge-not-valid":
            response = see("/sign-in", return_to=back, done="again")
            forget_challenge(response, desk)
            return response
        trouble = refused(told, lang, proof)
    else:
        trouble = asked_again(lang, form)
    script = "passkey" in methods
    return page(
        request, "entry/second_step/second_step", lang, script=script, trouble=trouble, methods=methods, back=back
    )


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
