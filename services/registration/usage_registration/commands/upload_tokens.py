"""Access tokens for uploading files to one record: of people who have no account yet, or of an organisation."""

from datetime import timedelta
from uuid import UUID

from services.registration.accounts.store import accounts
from services.registration.authentication.commands.identity_requests import files_owner, person_of_ticket
from services.registration.authentication.commands.signing_keys import SigningKeys
from services.registration.authentication.problems import RegistrationLapsed
from services.registration.authentication.store import identities
from services.registration.context import CommandContext, secret_digest
from services.registration.usage_registration.commands.drafts import Holder, held, role_of
from services.registration.usage_registration.commands.periodic_reports import files_owner as report_files_owner
from services.registration.usage_registration.commands.periodic_reports import role_of as reported_role
from services.registration.usage_registration.commands.submissions import may_resubmit
from services.registration.usage_registration.domain.draft import DraftState
from services.registration.usage_registration.domain.usage_registration import Status, Step, StepNotPossible, after
from services.registration.usage_registration.problems import DraftSubmitted, TicketNotValid, step_not_possible
from services.registration.usage_registration.schemas.upload_tokens import UploadToken
from services.registration.usage_registration.store import periodic_reports, usage_registrations
from shared.auth.actor import Actor, Role
from shared.errors import NotFound

_SCOPES = frozenset({"document:read", "document:write"})
_LIFETIME = timedelta(minutes=5)


async def for_draft(context: CommandContext, keys: SigningKeys, draft_id: UUID, holder: Holder) -> UploadToken:
    """A token for the holder of a draft with a chosen user class."""
    async with context.db.read() as session:
        draft = await held(session, draft_id, holder, context.clock.now())
    if draft.state != DraftState.OPEN:
        raise DraftSubmitted()
    return await _token(keys, draft.id, role_of(draft))


async def for_returned(
    context: CommandContext,
    keys: SigningKeys,
    actor: Actor,
    registration_id: UUID,
    receipt: str | None,
    email: str | None,
) -> UploadToken:
    """For the applicant of a usage registration that was returned, known as `submitting.resubmit` knows them."""
    async with context.db.read() as session:
        registration = await usage_registrations.usage_registration(session, registration_id)
        account = await accounts.account(session, registration.account_id) if registration else None
    if registration is None or account is None or not may_resubmit(actor, registration, account, receipt, email):
        raise NotFound()
    try:
        after(Status(registration.status), Step.RESUBMIT)
    except StepNotPossible as error:
        raise step_not_possible(error) from error
    return await _token(keys, registration.id, registration.role)


async def for_ticket(context: CommandContext, keys: SigningKeys, ticket: str, role: str) -> UploadToken:
    """For a person who proved who they are and registers in the class `role`."""
    async with context.db.read() as session:
        sealed = await identities.ticket(session, secret_digest(ticket), context.clock.now())
    if sealed is None:
        raise TicketNotValid()
    return await _token(keys, files_owner(context, person_of_ticket(context, sealed)), role)


async def for_report(context: CommandContext, keys: SigningKeys, actor: Actor, role: str | None) -> UploadToken:
    """For a member of an organisation that reports: its files are beside those of its applications, not among them.

    Whose registration is over gets one only for a report that waits to be corrected.
    """
    if actor.organisation_id is None:
        raise NotFound()
    reported = reported_role(actor, role)
    if actor.lapsed:
        async with context.db.read() as session:
            last = await periodic_reports.newest(session, actor.organisation_id, reported)
        if last is None or last.status != Status.RETURNED:
            raise RegistrationLapsed()
    return await _token(keys, report_files_owner(context, actor.organisation_id, reported), reported)


async def _token(keys: SigningKeys, record_id: UUID, role: str) -> UploadToken:
    actor = Actor(kind="person", id=record_id, roles=frozenset({Role(role)}), scopes=_SCOPES)
    token, expires_at = (await keys.issuer(_LIFETIME)).issue(actor)
    return UploadToken(access_token=token, expires_at=expires_at, scope=" ".join(sorted(_SCOPES)))
