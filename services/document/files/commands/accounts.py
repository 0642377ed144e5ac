"""Accounts that may upload, from registration's events."""

from services.document.files.store import accounts
from shared.events.registration import AccountActivated, AccountClosed, AccountSuspended
from shared.work import Work


async def allow(work: Work, event: AccountActivated) -> None:
    """The account may upload, again or for the first time."""
    await accounts.allow(work.session, event.account_id)


async def stop(work: Work, event: AccountSuspended | AccountClosed) -> None:
    """The account may not upload any more."""
    stopped_at = event.suspended_at if isinstance(event, AccountSuspended) else event.closed_at
    await accounts.stop(work.session, event.account_id, stopped_at)
