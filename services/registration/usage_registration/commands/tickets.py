"""The person and the last registration of the holder of a ticket."""

from services.registration.accounts.domain.standing import AccountState
from services.registration.accounts.store import accounts
from services.registration.authentication.commands.identity_requests import person_of_ticket
from services.registration.authentication.store import identities
from services.registration.context import CommandContext, secret_digest
from services.registration.usage_registration.commands.submission_fields import returned_items
from services.registration.usage_registration.domain.usage_registration import Status
from services.registration.usage_registration.problems import TicketNotValid
from services.registration.usage_registration.schemas.tickets import TicketView
from services.registration.usage_registration.store import usage_registrations as store


async def look(context: CommandContext, ticket: str) -> TicketView:
    """Raises `TicketNotValid`; the ticket stays good."""
    async with context.db.read() as session:
        sealed = await identities.ticket(session, secret_digest(ticket), context.clock.now())
        if sealed is None:
            raise TicketNotValid()
        person = person_of_ticket(context, sealed)
        known = await identities.known(session, person.issuer, person.subject)
        account = None if known is None else await accounts.account(session, known.account_id)
        last = None if account is None else await store.newest_personal(session, account.id)
    return TicketView(
        name=person.name,
        birth_date=person.birth_date,
        account_known=account is not None and account.state == AccountState.ACTIVE,
        role=last and last.role,
        receipt_number=last and last.receipt_number,
        status=last and last.status,
        returned_items=returned_items(last) if last and last.status == Status.RETURNED else [],
    )
