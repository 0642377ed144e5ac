"""Reminders before an outside system ends: it stops working in the night, and nobody is at hand who let it in."""

from datetime import timedelta

from sqlalchemy import exists, select

from services.registration.accounts.domain.standing import AccountState
from services.registration.accounts.store.accounts import Account
from services.registration.audit import Tag
from services.registration.context import CommandContext
from services.registration.lifecycle.store import reminders
from services.registration.lifecycle.store.reminders import reminders_sent
from services.registration.oauth.domain.api_clients import CLIENT_REMINDERS
from services.registration.oauth.store.api_clients import ApiClient
from shared.clock import legal_date
from shared.events.registration import ClientExpiring
from shared.work import Work

_BATCH = 500


async def remind_of_clients(work: Work, context: CommandContext) -> None:
    """Remind owners of clients that end. One that was made to last shorter than a reminder needs none: its owner has
    just chosen the day."""
    for number, (left, later) in enumerate(zip(CLIENT_REMINDERS, (*CLIENT_REMINDERS[1:], 0), strict=True), 1):
        due_at = ApiClient.expires_at - timedelta(days=left)
        sent = exists().where(
            reminders_sent.c.kind == "client",
            reminders_sent.c.subject_id == ApiClient.id,
            reminders_sent.c.number == number,
            reminders_sent.c.sent_at >= due_at,
        )
        rows = await work.session.execute(
            select(ApiClient, Account)
            .join(Account, Account.id == ApiClient.account_id)
            .where(
                ApiClient.revoked_at.is_(None),
                ApiClient.expires_at <= work.now + timedelta(days=left),
                ApiClient.expires_at > work.now + timedelta(days=later),
                ApiClient.created_at <= due_at,
                Account.state == AccountState.ACTIVE,
                Account.email.is_not(None),
                ~sent,
            )
            .order_by(ApiClient.expires_at)
            .limit(_BATCH)
        )
        for client, account in rows.all():
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
