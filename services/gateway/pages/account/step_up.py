"""Step-up: proving identity again, and returning to what was being done."""

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge.sign_in import check_sign_in_attempt, start_browser_session
from services.gateway.pages.kit.client import Answer
from services.gateway.pages.kit.forms import FormErrors, Posted
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.proofs import errors_of_empty_proof, errors_of_proof, read_proof
from services.gateway.pages.kit.return_to import ReturnTo
from services.gateway.pages.kit.visitor import CurrentVisitor, Visitor
from services.gateway.pages.kit.words import say
from services.gateway.texts import PAGES
from shared.auth import SessionEnded

router = page_router()


@router.get("/account/step-up")
async def show_step_up(request: Request, visitor: CurrentVisitor, back: ReturnTo) -> Response:
    """The form to prove one's identity again with what the account has, and nothing else: a code, a passkey, the
    password, the identity provider."""
    return await _page(request, visitor, back)


@router.post("/account/step-up")
async def step_up(request: Request, visitor: CurrentVisitor, back: ReturnTo, form: Posted) -> Response:
    """Make the session fresh. Its cookie changes."""
    headers = await check_sign_in_attempt(request, visitor.gateway)
    proof = read_proof(form)
    if not proof:
        return await _page(request, visitor, back, errors_of_empty_proof(visitor.lang, form))
    answer = await visitor.gateway.sessions.step_up(visitor.secret, proof, headers)
    if answer.status_code == 200:
        response = redirect_to(back)
        start_browser_session(answer, response, visitor.gateway)
        return response
    refusal = Answer.of(answer)
    if refusal.code == "session-ended":
        raise SessionEnded()
    return await _page(request, visitor, back, errors_of_proof(refusal, visitor.lang, proof))


async def _page(request: Request, visitor: Visitor, back: str, errors: FormErrors | None = None) -> Response:
    methods: list[str] = (await visitor.registration.fetch("/v1/accounts/me/second-factor")).body["methods"]
    return render_page(
        request,
        "account/step_up/step_up",
        visitor.lang,
        scripts=("passkeys.js",) if "passkey" in methods else (),
        visitor=visitor,
        errors=errors,
        methods=methods,
        back=back,
        identity=say(visitor.gateway.settings.identity_names, visitor.lang)
        or PAGES[visitor.lang]["step_up"]["identity_provider"],
    )
