"""Informing webhooks of an event, and stopping those of people who may not know any more."""

import json
from uuid import UUID

from services.notification.audit import Tag
from services.notification.webhooks.catalogue import BY_EVENT, PING
from services.notification.webhooks.store import messages, webhooks
from services.notification.webhooks.store.tables import Webhook
from shared.events.base import Event
from shared.events.registration import (
    AccountClosed,
    AccountSuspended,
    CredentialChanged,
    MembershipEnded,
    RegistrationExpired,
)
from shared.ids import new_id
from shared.work import Work

# Events after which the person who answers for a webhook has no right to what it is informed of, or the API client that
# added it was ended.
ENDING: tuple[type[Event], ...] = (
    AccountClosed,
    AccountSuspended,
    CredentialChanged,
    MembershipEnded,
    RegistrationExpired,
)
EVENTS: tuple[type[Event], ...] = (*BY_EVENT, *ENDING)


async def inform_of_event(work: Work, event: Event, public_url: str) -> int:
    """Enter a message for each webhook that is informed of `event`. Returns the number.

    Those of the application's owner in the role in which it was filed: what the same people and systems see through
    the interface. The application is known: its mails waited for it, and an event without one has its topic and key.
    """
    kind = BY_EVENT.get(type(event))
    if kind is None:
        return 0
    subject: UUID = event.application_id  # type: ignore[attr-defined]
    found = await webhooks.hearing(work.session, subject, kind.code)
    if not found:
        return 0
    await messages.hold_order(work.session, subject)
    event_id = work.mark.cause_event_id
    assert event_id is not None
    body = _body(kind.code, work, kind.data(event, public_url))
    waits = await messages.put_off_until(work.session, found, subject)
    await messages.enter(
        work.session,
        [
            _row(work, webhook_id, event_id, kind.code, subject, body)
            | {"next_try_at": max(work.now, waits.get(webhook_id, work.now))}
            for webhook_id in found
        ],
    )
    return len(found)


async def ping(work: Work, webhook_id: UUID) -> UUID:
    """Enter a message that says nothing, to try a webhook out; its id."""
    event_id = new_id()
    body = _body(PING, work, {"webhook_id": str(webhook_id)})
    row = _row(work, webhook_id, event_id, PING, event_id, body)
    await messages.enter(work.session, [row])
    message_id: UUID = row["id"]  # type: ignore[assignment]
    return message_id


async def stop_webhooks_of(work: Work, event: Event) -> None:
    """Stop the webhooks for which somebody answers who left, or whose registration or account is over, and those of an
    API client that was ended.

    Colleagues see them and enable them again, and answer for them from then on.
    """
    match event:
        case MembershipEnded():
            reason = "membership-ended"
            whose = webhooks.of_account(event.account_id, event.organisation_id, event.role)
        case RegistrationExpired():
            reason = "registration-expired"
            whose = webhooks.of_account(event.account_id, event.organisation_id, event.role)
        case AccountSuspended():
            reason, whose = "account-suspended", webhooks.of_account(event.account_id)
        case AccountClosed():
            reason, whose = "account-closed", webhooks.of_account(event.account_id)
        case CredentialChanged(change="client_revoked", client_id=UUID() as client_id):
            reason, whose = "client-ended", webhooks.of_client(client_id)
        case _:
            return
    for webhook in await webhooks.enabled(work.session, whose):
        stop(work, webhook, reason)


def stop(work: Work, webhook: Webhook, reason: str) -> None:
    """Stop a webhook that is locked; its messages wait."""
    webhook.disabled_at, webhook.disabled_reason = work.now, reason
    webhook.revision += 1
    work.journal("webhook", webhook.id, Tag.WEBHOOK_DISABLE, {"reason": reason})


def _body(type_: str, work: Work, data: dict[str, object]) -> str:
    """The body as it is signed and sent (Standard Webhooks 1.0, payload structure)."""
    content = {"type": type_, "timestamp": work.now.isoformat().replace("+00:00", "Z"), "data": data}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _row(work: Work, webhook_id: UUID, event_id: UUID, type_: str, subject: UUID, body: str) -> dict[str, object]:
    return {
        "id": new_id(),
        "webhook_id": webhook_id,
        "event_id": event_id,
        "type": type_,
        "subject": subject,
        "body": body,
        "state": "waiting",
        "attempts": 0,
        "earlier_attempts": 0,
        "created_at": work.now,
        "next_try_at": work.now,
    }
