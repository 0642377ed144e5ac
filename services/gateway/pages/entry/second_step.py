"""The second step of signing in: a code, a recovery code or a passkey."""

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge.context import TheDesk
from services.gateway.edge.sign_in import admitted
from services.gateway.pages.entry.entering import challenge, entered, forget_challenge
from services.gateway.pages.kit.client import Answer
from services.gateway.pages.kit.forms import Posted
from services.gateway.pages.kit.frame import PageLanguage, page, page_router, see
from services.gateway.pages.kit.proofs import asked_again, proof_of, refused
from services.gateway.pages.kit.return_to import ReturnTo

router = page_router()


@router.get("/sign-in/second-step")
async def second_step_form(request: Request, desk: TheDesk, lang: PageLanguage, back: ReturnTo) -> Response:
    """What this account can be proved with; back to the first step without one."""
    held = challenge(request, desk)
    if held is None:
        return see("/sign-in", return_to=back, done="again")
    return page(request, "second_step", lang, script="passkey" in held[1], methods=held[1], back=back)


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
    return page(request, "second_step", lang, script=script, trouble=trouble, methods=methods, back=back)
