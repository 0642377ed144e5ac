"""Proof of an organisation's category, recorded by an officer."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from services.registration.accounts.commands.categories import Proof
from services.registration.http.context import CurrentContext
from services.registration.http.fields import Amount, Day, Input, LongText
from services.registration.usage_registration.commands import category_proofs
from services.registration.usage_registration.schemas.category_proofs import CategoryRecorded
from shared.auth import Actor, Role, permit
from shared.clock import legal_date
from shared.http.commands import Once

router = APIRouter(tags=["organisations"])
Officer = Annotated[Actor, permit(Role.USER_APPROVAL, kinds=("officer",))]


class ProofInput(Input):
    """Proof of the category: the category itself follows from it."""

    listed_or_public: Annotated[bool, Field(strict=True, description="listed, a public body, or the like: category 1")]
    withholding_yen: Amount | None = Field(
        None,
        description="tax of the stamped withholding summary (法定調書合計表); null without one",
        examples=[12_000_000],
    )
    valid_from: Day | None = Field(None, description="not before the last entry and not after today; default: today")
    note: LongText | None = Field(None, examples=["令和7年分 法定調書合計表(受付印あり)を確認"])


@router.post("/v1/organisations/{organisation_id}/category-proofs", status_code=201)
async def record_proof(
    organisation_id: UUID, body: ProofInput, officer: Officer, context: CurrentContext, once: Once
) -> CategoryRecorded:
    """Record proof of the category. The answer says which category follows, and as which it is treated."""
    proof = Proof(body.listed_or_public, body.withholding_yen, body.note)
    valid_from = body.valid_from or legal_date(context.clock.now())
    return await once(category_proofs.record_proof, organisation_id, proof, valid_from)
