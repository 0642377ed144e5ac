"""Telling an owner that something about their way in has changed."""

from services.registration.accounts.store.accounts import Account
from services.registration.context import CommandContext
from shared.events.registration import CredentialChanged
from shared.work import Work


def tell_changed(work: Work, context: CommandContext, account: Account, change: str) -> None:
    """Have a mail sent about `change`; officers without an address get none."""
    if account.email is not None:
        recipient = context.recipient(account)
        work.emit(CredentialChanged(account_id=account.id, change=change, recipient=recipient, changed_at=work.now))
