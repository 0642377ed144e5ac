"""Proving again who is signed in, and going on with what was being done."""

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge.sign_in import admitted, taken_over
from services.gateway.pages.kit.client import Answer
from services.gateway.pages.kit.forms import Posted, Trouble
from services.gateway.pages.kit.frame import page, page_router, see
from services.gateway.pages.kit.proofs import asked_again, proof_of, refused
from services.gateway.pages.kit.return_to import ReturnTo
from services.gateway.pages.kit.visitor import CurrentVisitor, Visitor
from services.gateway.texts import PAGES
from shared.auth import SessionEnded

router = page_router()


@router.get("/account/step-up")
async def step_up_form(request: Request, visitor: CurrentVisitor, back: ReturnTo) -> Response:
    """The form to prove one's identity again with what the account has, and nothing else: a code, a passkey, the
    password, the identity provider."""
    return await _page(request, visitor, back)


@router.post("/account/step-up")
async def stepped_up(request: Request, visitor: CurrentVisitor, back: ReturnTo, form: Posted) -> Response:
    """Make the session fresh. Its cookie changes."""
    headers = admitted(request, visitor.desk)
    proof = proof_of(form)
    if not proof:
        return await _page(request, visitor, back, asked_again(visitor.lang, form))
    answer = await visitor.desk.sessions.step_up(visitor.secret, proof, headers)
    if answer.status_code == 200:
        response = see(back)
        taken_over(answer, response, visitor.desk)
        return response
    told = Answer.of(answer)
    if told.code == "session-ended":
        raise SessionEnded()
    return await _page(request, visitor, back, refused(told, visitor.lang, proof))


async def _page(request: Request, visitor: Visitor, back: str, trouble: Trouble | None = None) -> Response:
    methods: list[str] = (await visitor.registration.fetch("/v1/accounts/me/second-factor")).body["methods"]
    return page(
        request,
        "account/step_up/step_up",
        visitor.lang,
        script="passkey" in methods,
        visitor=visitor,
        trouble=trouble,
        methods=methods,
        back=back,
        identity=visitor.desk.settings.identity_names[visitor.lang]
        or PAGES[visitor.lang]["step_up"]["identity_provider"],
    )
