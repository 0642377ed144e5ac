"""The history of an organisation's category: by proof, by decisions, and when approvals end."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.registration.accounts.store import organisations
from services.registration.accounts.store.organisations import OrganisationCategory
from services.registration.audit import Tag
from shared.events.registration import OrganisationCategoryChanged
from shared.ids import new_id
from shared.work import Work

PROVEN = "proof_recorded"
ENDED = "approval_ended"
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Proof:
    """An officer's evidence about an organisation. `withholding_yen` is None without a withholding summary
    (法定調書合計表)."""

    listed_or_public: bool
    withholding_yen: int | None
    note: str | None = None


async def put_category(
    work: Work,
    organisation_id: UUID,
    category: str,
    treated: str,
    valid_from: date,
    reason: str,
    *,
    usage_registration_id: UUID | None = None,
    proof: Proof | None = None,
) -> None:
    """Add a row to the history and emit the change, where it differs from the last; proof is added in any case."""
    last = await organisations.category_on(work.session, organisation_id, valid_from)
    same = last is not None and (last.category, last.treated_as) == (category, treated)
    if same and proof is None:
        return
    work.session.add(
        OrganisationCategory(
            id=new_id(),
            organisation_id=organisation_id,
            number=await organisations.categories_known(work.session, organisation_id) + 1,
            category=category,
            treated_as=treated,
            valid_from=valid_from,
            reason=reason,
            usage_registration_id=usage_registration_id,
            recorded_at=work.now,
            recorded_by=work.actor.id if proof else None,
            listed_or_public=proof.listed_or_public if proof else None,
            withholding_yen=proof.withholding_yen if proof else None,
            note=proof.note if proof else None,
        )
    )
    if same:
        return
    work.emit(
        OrganisationCategoryChanged(
            organisation_id=organisation_id,
            category=category,
            treated_as=treated,
            valid_from=valid_from,
            reason=reason,
        )
    )


async def end_treatment(work: Work) -> None:
    """Treat organisations without any approval in force as what they are: "treated as 2" counts while it lasts."""
    today = work.today
    for organisation_id, category in await organisations.treated_without_approval(work.session, today, _BATCH):
        work.journal("organisation", organisation_id, Tag.CATEGORY_END)
        await put_category(work, organisation_id, category, category, today, ENDED)
