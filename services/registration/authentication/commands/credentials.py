"""Notices to an account's owner about a change of their credentials."""

from uuid import UUID

from services.registration.accounts.store.accounts import Account
from services.registration.context import CommandContext
from shared.events.registration import CredentialChanged
from shared.work import Work


def notify_changed(
    work: Work, context: CommandContext, account: Account, change: str, client_id: UUID | None = None
) -> None:
    """Have a mail sent about `change`, of the API client `client_id` where it is one's; officers without an address get
    none."""
    if account.email is not None:
        recipient = context.recipient(account)
        work.emit(
            CredentialChanged(
                account_id=account.id, change=change, client_id=client_id, recipient=recipient, changed_at=work.now
            )
        )
