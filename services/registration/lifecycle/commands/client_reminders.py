"""Reminders before an API client ends: it stops working in the night, and the person who registered it is not at
hand."""

from services.registration.audit import Tag
from services.registration.context import CommandContext
from services.registration.lifecycle.store import reminders
from services.registration.oauth.domain.api_clients import CLIENT_REMINDERS
from shared.clock import legal_date
from shared.events.registration import ClientExpiring
from shared.work import Work

_BATCH = 500


async def remind_of_clients(work: Work, context: CommandContext) -> None:
    """Remind owners of clients that end. One that was made to last shorter than a reminder needs none: its owner has
    just chosen the day."""
    for number, (left, later) in enumerate(zip(CLIENT_REMINDERS, (*CLIENT_REMINDERS[1:], 0), strict=True), 1):
        rows = await reminders.clients_ending(work.session, number, left, later, work.now, _BATCH)
        for client, account in rows:
            ends_on = legal_date(client.expires_at)
            if not await reminders.is_first(work.session, "client", client.id, ends_on, number, work.now):
                continue
            work.journal("api_client", client.id, Tag.CLIENT_REMIND, {"number": number})
            work.emit(
                ClientExpiring(
                    account_id=account.id,
                    client_id=client.id,
                    sealed_name=context.sealer.seal(client.name),
                    expires_at=client.expires_at,
                    recipient=context.recipient(account),
                )
            )
