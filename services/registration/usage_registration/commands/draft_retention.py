"""Drafts that nobody touches: a reminder, and some days later they are deleted with their data."""

from services.registration.audit import Tag
from services.registration.context import CommandContext
from services.registration.usage_registration.commands.draft_links import issue_link, recipient
from services.registration.usage_registration.commands.drafts import remove
from services.registration.usage_registration.domain.draft import REMINDER_BEFORE, DeletedBy
from services.registration.usage_registration.store import drafts
from shared.clock import legal_date
from shared.events.registration_drafts import UsageRegistrationDraftExpiring
from shared.work import Work

_BATCH = 500


async def remind(work: Work, context: CommandContext) -> None:
    """Tell writers that their draft will be deleted, once, with another link to it."""
    untouched_since = work.now - (context.settings.draft_kept_for - REMINDER_BEFORE)
    for draft in await drafts.to_remind(work.session, untouched_since, _BATCH):
        draft.reminded_at = work.now
        work.journal("usage_registration", draft.id, Tag.DRAFT_REMIND)
        link, expires_at = issue_link(work, context, draft)
        work.emit(
            UsageRegistrationDraftExpiring(
                usage_registration_id=draft.id,
                sealed_link=link,
                link_expires_at=expires_at,
                deleted_on=legal_date(work.now + REMINDER_BEFORE),
                recipient=recipient(context, draft, await drafts.email_of(work.session, draft)),
            )
        )


async def delete_untouched(work: Work, context: CommandContext) -> None:
    """Delete drafts after their time, and what is left of those that were submitted."""
    untouched_since = work.now - context.settings.draft_kept_for
    for draft in await drafts.to_delete(work.session, untouched_since, work.now - REMINDER_BEFORE, _BATCH):
        await remove(work, draft, DeletedBy.UNTOUCHED)
