"""A returned usage registration (差戻し) is a draft again: corrected on the same pages, under the same number."""

import json
from typing import Any

from services.registration.accounts.domain.standing import AccountState
from services.registration.accounts.store.accounts import Account
from services.registration.context import CommandContext
from services.registration.usage_registration.commands.document_list import documents_of
from services.registration.usage_registration.domain.draft import DraftState
from services.registration.usage_registration.store import drafts
from services.registration.usage_registration.store.drafts import Draft
from services.registration.usage_registration.store.usage_registrations import UsageRegistration
from shared.work import Work


async def reopen(work: Work, registration: UsageRegistration, account: Account) -> Draft:
    """Open it with what was submitted. The pledge and the terms are accepted again.

    Held by the reader of the applicant's mail, or, where the account can be used, by its signed-in owner.
    """
    draft = await drafts.locked(work.session, registration.id)
    if draft is None:
        draft = Draft(id=registration.id, created_at=work.now, revision=0)
        work.session.add(draft)
    cannot_sign_in = account.state == AccountState.REGISTERED
    draft.email, draft.account_id = (account.email, None) if cannot_sign_in else (None, account.id)
    draft.language = account.language
    draft.state = DraftState.OPEN.value
    draft.content = json.dumps(_content(registration, account), ensure_ascii=False)
    draft.touched_at, draft.reminded_at = work.now, None
    draft.revision += 1
    await work.session.flush()
    return draft


def close(work: Work, draft: Draft | None) -> None:
    """Close the draft: the submission is being examined again, or decided, and nothing is left to correct."""
    if draft is not None and draft.state == DraftState.OPEN:
        draft.state, draft.content = DraftState.SUBMITTED.value, None
        draft.touched_at = work.now
        draft.revision += 1


def link_for_persons(context: CommandContext) -> str:
    """The page on which a registration of a person is corrected: the same form again, with a new ticket. Sealed."""
    return context.sealer.seal(context.page("/register/personal"))


def _content(registration: UsageRegistration, account: Account) -> dict[str, Any]:
    documents = [
        {"code": one.code, "document_id": str(one.document_id)} if one.document_id else one.code
        for one in documents_of(registration.documents, registration.files)
    ]
    return {
        "role": registration.role,
        "organisation": {**(registration.declared or {}), "category": registration.category},
        "applicant": {"name": account.name, "phone": account.phone, "department": registration.department},
        "documents": documents,
        "pledged_organisations": registration.pledged or [],
        "language": account.language,
    }
