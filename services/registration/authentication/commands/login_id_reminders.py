"""Sending a forgotten login id to the mail address that was registered with it."""

from services.registration.accounts.store import email_changes
from services.registration.audit import Tag
from services.registration.authentication.commands import deferred_requests
from services.registration.context import CommandContext
from shared.events.registration import LoginIdReminded
from shared.timers import Due, TimerHandler
from shared.work import Work

KIND = "login-id-reminder"
_MOST = 5  # accounts of one address


async def ask(context: CommandContext, email: str, address: str) -> None:
    """Keep the request, whatever address it names. A job looks it up: the response cannot reveal who exists."""
    await deferred_requests.enqueue(context, KIND, email=email, address=address)


def handler(context: CommandContext) -> TimerHandler:
    """The timer that fulfils a request: one mail for each account of that address."""

    async def send(work: Work, due: Due) -> None:
        email = context.vault.open(due.data["email"])
        for account in await email_changes.accounts_of(work.session, email, _MOST):
            assert account.login_id is not None
            if not await deferred_requests.mail_goes_through(work, context, "login-id", account.id, due.data):
                continue
            work.journal("account", account.id, Tag.LOGIN_ID_REMIND)
            work.emit(
                LoginIdReminded(
                    account_id=account.id,
                    sealed_login_id=context.sealer.seal(account.login_id),
                    recipient=context.recipient(account),
                    reminded_at=work.now,
                )
            )

    return send
