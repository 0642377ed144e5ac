"""Erasing the log after its time."""

from datetime import timedelta

from services.notification.webhooks.store import messages
from shared.work import Work

_AT_ONCE = 5_000


async def erase_log(work: Work, days: int) -> int:
    """Erase messages older than `days`, and those of webhooks that were removed: a bounded number. Returns it."""
    return await messages.erase(work.session, work.now - timedelta(days=days), _AT_ONCE)
