"""Links to drafts by mail: with the first one the writer shows that the mail address is theirs."""

from datetime import datetime

from services.registration.audit import Tag
from services.registration.authentication.commands import deferred_requests
from services.registration.authentication.commands.rate_limits import mail_goes_through
from services.registration.context import CommandContext, new_secret, secret_digest
from services.registration.usage_registration.store import drafts
from services.registration.usage_registration.store.drafts import Draft, DraftLink
from shared.events.fields import Recipient
from shared.events.registration_drafts import UsageRegistrationDraftLinkSent
from shared.ids import new_id
from shared.timers import Due, TimerHandler
from shared.work import Work

KIND = "draft-link"
_MOST = 5  # drafts of one address


async def ask(context: CommandContext, email: str) -> None:
    """Keep the request, whatever address it names. A job looks it up: the response cannot reveal who has a draft."""
    await deferred_requests.enqueue(context, KIND, email=email)


def handler(context: CommandContext) -> TimerHandler:
    """The timer that fulfils a request: one mail for each open draft of that address."""

    async def send(work: Work, due: Due) -> None:
        email = context.vault.open(due.data["email"])
        found = await drafts.open_at(work.session, email, _MOST)
        if not found or not await mail_goes_through(work.session, context, email, work.now):
            return
        for draft in found:
            work.journal("usage_registration", draft.id, Tag.DRAFT_LINK)
            send_link(work, context, draft, email)

    return send


def send_link(work: Work, context: CommandContext, draft: Draft, email: str) -> None:
    """Mail a link to the writer of a draft that began with a mail address alone."""
    link, expires_at = issue_link(work, context, draft)
    work.emit(
        UsageRegistrationDraftLinkSent(
            usage_registration_id=draft.id,
            sealed_link=link,
            link_expires_at=expires_at,
            recipient=recipient(context, draft, email),
            sent_at=work.now,
        )
    )


def issue_link(work: Work, context: CommandContext, draft: Draft) -> tuple[str, datetime]:
    """The sealed address of a page that opens the draft, and until when it works.

    The page takes the key out of its address at once, and no log has addresses. An account's draft is opened by
    signing in.
    """
    expires_at = work.now + context.settings.draft_kept_for
    place = f"{draft.id}"
    if draft.account_id is None:
        secret = new_secret()
        place = f"{draft.id}.{secret}"
        work.session.add(
            DraftLink(
                id=new_id(),
                draft_id=draft.id,
                token_digest=secret_digest(secret),
                created_at=work.now,
                expires_at=expires_at,
            )
        )
    return context.sealer.seal(context.page(f"/usage-registration/draft/{place}")), expires_at


def recipient(context: CommandContext, draft: Draft, email: str) -> Recipient:
    """The recipient of mail about the draft, in the language in which it is written."""
    return Recipient.reading(draft.language, context.sealer.seal(email))
