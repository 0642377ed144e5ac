"""A new password for who forgot it, and a new link for who let the first one expire."""

from collections.abc import Mapping

from services.registration.accounts.domain import login_id as login_ids
from services.registration.accounts.domain.standing import AccountState
from services.registration.accounts.store import accounts
from services.registration.accounts.store.accounts import Account
from services.registration.audit import Tag
from services.registration.authentication.commands import deferred_requests
from services.registration.authentication.commands.password_links import issue_link
from services.registration.context import CommandContext
from services.registration.usage_registration.commands.registration_decisions import notify_approved
from services.registration.usage_registration.store import usage_registrations
from services.registration.usage_registration.store.usage_registrations import UsageRegistration
from shared.events.registration import PasswordResetRequested
from shared.timers import Due, TimerHandler
from shared.work import Work

KIND = "password-reset"


async def ask(context: CommandContext, *, login_id: str | None, receipt_number: str | None, address: str) -> None:
    """Keep the request, whatever it names.

    A job looks it up: the response reveals by neither word nor time who exists.
    """
    request = {"login_id": login_id, "receipt_number": receipt_number, "address": address}
    await deferred_requests.enqueue(context, KIND, **{name: value for name, value in request.items() if value})


def handler(context: CommandContext) -> TimerHandler:
    """The timer that fulfils a request."""

    async def send(work: Work, due: Due) -> None:
        account, registration = await _meant(work, context, due.data)
        if account is None or account.email is None:
            return
        account = await accounts.locked_account(work.session, account.id)
        if not await deferred_requests.mail_goes_through(work, context, "reset", account.id, due.data):
            return
        if account.state == AccountState.ACTIVE:
            link, expires_at = await issue_link(work, context, account, "reset")
            work.emit(
                PasswordResetRequested(
                    account_id=account.id,
                    sealed_link=context.sealer.seal(link),
                    link_expires_at=expires_at,
                    recipient=context.recipient(account),
                    requested_at=work.now,
                )
            )
        elif account.state == AccountState.REGISTERED and registration is not None:
            await notify_approved(work, context, registration, account)
        else:
            return
        work.journal("account", account.id, Tag.LINK_SEND)

    return send


async def _meant(
    work: Work, context: CommandContext, request: Mapping[str, str]
) -> tuple[Account | None, UsageRegistration | None]:
    """The account that is meant, and its approved usage registration where that was named."""
    if "login_id" in request:
        login_id = login_ids.canonical(context.vault.open(request["login_id"]))
        return await accounts.by_login_id(work.session, login_id), None
    receipt = context.vault.open(request["receipt_number"])
    registration = await usage_registrations.approved_by_receipt(work.session, receipt)
    if registration is None:
        return None, None
    return await accounts.account(work.session, registration.account_id), registration
