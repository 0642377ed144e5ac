"""The second step of signing in: a code, a recovery code or a passkey; and the redirects after each step."""

from collections.abc import Container

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from services.gateway.edge import cookies
from services.gateway.edge.context import CurrentGateway, Gateway
from services.gateway.edge.sign_in import check_sign_in_attempt, start_browser_session
from services.gateway.edge.upstream import Reply
from services.gateway.pages.kit.client import Answer
from services.gateway.pages.kit.forms import Posted
from services.gateway.pages.kit.frame import PageLanguage, page_router, redirect_to, render_page
from services.gateway.pages.kit.proofs import errors_of_empty_proof, errors_of_proof, read_proof
from services.gateway.pages.kit.return_to import ENROLMENT, ReturnTo

router = page_router()
METHODS = ("totp", "passkey", "recovery_code")
# As long as registration takes a code for a challenge.
STEP_SECONDS = 300
_STEP = "step"


@router.get("/sign-in/second-step")
async def show_second_step(request: Request, gateway: CurrentGateway, lang: PageLanguage, back: ReturnTo) -> Response:
    """Show the methods of this account; redirect to the first step without a challenge."""
    held = pending_challenge(request, gateway)
    if held is None:
        return redirect_to("/sign-in", return_to=back, done="again")
    return render_page(
        request,
        "entry/second_step/second_step",
        lang,
        scripts=_scripts(held[1]),
        methods=held[1],
        back=back,
    )


@router.post("/sign-in/second-step")
async def second_step(
    request: Request, gateway: CurrentGateway, lang: PageLanguage, back: ReturnTo, form: Posted
) -> Response:
    """Finish signing in."""
    headers = await check_sign_in_attempt(request, gateway)
    held = pending_challenge(request, gateway)
    if held is None:
        return redirect_to("/sign-in", return_to=back, done="again")
    value, methods = held
    proof = read_proof(form)
    if proof:
        answer = await gateway.sessions.second_step(
            {"challenge": value, **proof}, headers, gateway.held_session(request)
        )
        if answer.status_code == 201:
            return after_sign_in(answer, gateway, back)
        refusal = Answer.of(answer)
        if refusal.code == "challenge-not-valid":
            response = redirect_to("/sign-in", return_to=back, done="again")
            forget_challenge(response, gateway)
            return response
        errors = errors_of_proof(refusal, lang, proof)
    else:
        errors = errors_of_empty_proof(lang, form)
    return render_page(
        request,
        "entry/second_step/second_step",
        lang,
        scripts=_scripts(methods),
        errors=errors,
        methods=methods,
        back=back,
    )


def after_sign_in(answer: Reply, gateway: Gateway, back: str) -> RedirectResponse:
    """Redirect after a successful sign-in; an officer without a second factor sets one up first."""
    response = redirect_to(ENROLMENT if answer.json().get("enrolment_required") else back)
    start_browser_session(answer, response, gateway)
    forget_challenge(response, gateway)
    return response


def to_second_step(answer: Reply, gateway: Gateway, back: str) -> RedirectResponse:
    """Redirect after a correct password. The challenge is in a cookie: it is in no page and in no address, and the
    second step can be reloaded."""
    body = answer.json()
    response = redirect_to("/sign-in/second-step", return_to=back)
    cookies.put(
        response,
        gateway.settings,
        _STEP,
        ".".join([body["challenge"], *body["methods"]]),
        max_age=STEP_SECONDS,
        samesite="strict",
    )
    return response


def pending_challenge(request: Request, gateway: Gateway) -> tuple[str, list[str]] | None:
    """The challenge of this browser, and the methods that answer it."""
    value, *methods = cookies.read(request, gateway.settings, _STEP).split(".")
    return (value, [method for method in METHODS if method in methods]) if value else None


def forget_challenge(response: Response, gateway: Gateway) -> None:
    """Have the browser drop it."""
    cookies.drop(response, gateway.settings, _STEP, samesite="strict")


def _scripts(methods: Container[str]) -> tuple[str, ...]:
    return ("passkeys.js",) if "passkey" in methods else ()
