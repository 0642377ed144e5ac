"""The second step of signing in, and proving again who one is."""

from dataclasses import replace
from typing import Annotated, Any, Self

from fastapi import APIRouter
from pydantic import Field, model_validator

from services.registration.authentication.api.dependencies import CurrentAuthentication
from services.registration.authentication.commands import second_step
from services.registration.authentication.commands import step_up as step_up_commands
from services.registration.authentication.commands.proofs import Proof
from services.registration.authentication.schemas.sign_in import SignedIn
from services.registration.authentication.schemas.step_up import SteppedUp
from services.registration.http.context import CallerAddress, CallerVisitor, HeldSession, SecretMark
from services.registration.http.fields import Input, Secret, TypedCode, TypedPassword
from shared.auth import public
from shared.errors import Text
from shared.http import refusals
from shared.text.typed import AnyJson, rule

router = APIRouter(tags=["sessions"])
Credential = Annotated[
    dict[str, Any],
    AnyJson("the browser made it"),
    Field(description="PublicKeyCredential as JSON (WebAuthn, `toJSON()`)"),
]


class ProofInput(Input):
    """A code of the authenticator app, a recovery code, or a passkey."""

    code: TypedCode | None = Field(None, description="six digits of the app", examples=["123456"])
    recovery_code: TypedCode | None = Field(None, examples=["7K3M-9QXT-2FHA"])
    passkey: Credential | None = Field(None, description="a browser's answer to `POST /v1/sessions/passkey/options`")

    @property
    def proof(self) -> Proof:
        return Proof(self.code, self.recovery_code, self.passkey)

    @model_validator(mode="after")
    def _one_proof(self) -> Self:
        proofs = (self.code, self.recovery_code, self.passkey, getattr(self, "password", None))
        if sum(proof is not None for proof in proofs) != 1:
            raise rule("one-proof", Text("いずれか一つを入力してください", "Give exactly one proof"))
        return self


class SecondStep(ProofInput):
    """The challenge of the first step, and a proof."""

    challenge: Secret
    held_session: HeldSession = None


class StepUp(ProofInput):
    """The session, and a code; the password where there is no second factor."""

    session_secret: Secret
    password: TypedPassword | None = None


@router.post("/v1/sessions/second-factor", status_code=201, responses=refusals(401, 403), dependencies=[public])
async def second_factor(
    body: SecondStep, mark: SecretMark, context: CurrentAuthentication, visitor: CallerVisitor
) -> SignedIn:
    """Finish signing in. 401 `challenge-not-valid`: begin again; 401 `code-not-valid`: another code may be tried."""
    visitor = replace(visitor, held=body.held_session)
    return await second_step.finish_sign_in(context, mark, body.challenge, visitor, body.proof)


@router.post("/v1/sessions/step-up", responses=refusals(401), dependencies=[public])
async def step_up(body: StepUp, mark: SecretMark, context: CurrentAuthentication, address: CallerAddress) -> SteppedUp:
    """Prove again who holds the session, for sensitive acts in the next 20 minutes. The session gets a new secret."""
    return await step_up_commands.step_up(context, mark, body.session_secret, address, body.proof, body.password)
