"""Sweeps over applications: forgotten drafts, stays that end, and applications that review has not seen."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from prometheus_client import Gauge

from services.application.audit import Tag
from services.application.filing import store
from services.application.filing.domain.reminders import STAY_REMINDERS, deletion_day, stay_reminder
from services.application.tables import Application
from shared.events.application import DraftUntouched, StayEnding
from shared.work import Work

DRAFTS_WAITING = Gauge("zairyu_application_drafts_untouched", "Drafts past the time after which they are marked")
UNSEEN = Gauge("zairyu_application_unseen", "Received applications that review has not started within the time allowed")
UNSEEN_SECONDS = Gauge("zairyu_application_unseen_seconds", "How long the oldest of those has been received")
_BATCH = 200


async def remind_of_drafts(work: Work, after: timedelta, grace: timedelta) -> int:
    """Remind of drafts that nobody touched for `after`, once for each pause; returns how many.

    One that was never edited after its start is deleted a `grace` later. Those of an account are one reminder: an
    import leaves hundreds.
    """
    drafts = await store.forgotten_drafts(work.session, work.now - after, _BATCH)
    together: dict[tuple[Any, ...], list[Application]] = defaultdict(list)
    for draft in drafts:
        draft.reminded_at = work.now
        work.journal("application", draft.id, Tag.REMIND)
        together[*_whose(draft), draft.revision == 1].append(draft)
    for (*_, never_edited), (oldest, *others) in together.items():
        work.emit(
            DraftUntouched(
                **_about(oldest),
                untouched_since=oldest.updated_at,
                deleted_on=deletion_day(work.now, grace) if never_edited else None,
                further=len(others),
            )
        )
    await work.session.flush()
    DRAFTS_WAITING.set(await store.count_forgotten_drafts(work.session, work.now - after))
    return len(drafts)


async def remind_of_stays(work: Work) -> int:
    """Remind of stays that end soon and whose draft is not filed; returns of how many people.

    Several drafts for one person, and several people of an account, are one reminder.
    """
    today = work.today
    drafts = await store.drafts_of_ending_stays(work.session, today, STAY_REMINDERS, _BATCH)
    together: dict[tuple[Any, ...], dict[tuple[bytes | UUID, date], Application]] = defaultdict(dict)
    for draft in drafts:
        assert draft.stay_expiry is not None, "asked for"
        draft.stay_reminder = stay_reminder(draft.stay_expiry, today)
        work.journal("application", draft.id, Tag.REMIND)
        together[_whose(draft)].setdefault((draft.person_key or draft.id, draft.stay_expiry), draft)
    for people in together.values():
        (_, first_end), first = next(iter(people.items()))
        left = (first_end - today).days
        work.emit(StayEnding(**_about(first), stay_expiry=first_end, days_left=left, further=len(people) - 1))
    return sum(map(len, together.values()))


async def delete_untouched_drafts(work: Work, after: timedelta, grace: timedelta) -> int:
    """Delete drafts that were begun and never touched again, a `grace` after the reminder; returns how many.

    Drafts that were worked on stay.
    """
    drafts = await store.untouched_drafts(work.session, work.now - after, work.now - grace, _BATCH)
    for draft in drafts:
        await work.session.delete(draft)
        work.journal("application", draft.id, Tag.DELETE_DRAFT)
    return len(drafts)


def _whose(draft: Application) -> tuple[Any, ...]:
    return draft.account_id, draft.organisation_id, draft.role


def _about(draft: Application) -> dict[str, Any]:
    return {
        "draft_id": draft.id,
        "account_id": draft.account_id,
        "organisation_id": draft.organisation_id,
        "role": draft.role,
        "procedure": draft.procedure,
        "status_of_residence": draft.status_of_residence,
    }


async def measure_unseen(work: Work, after: timedelta) -> int:
    """Count received applications of which review has reported nothing for `after`.

    The case opens by an event, which is in the outbox or the log: nothing is lost, but somebody should look at the
    relay or at review's consumer.
    """
    count, oldest = await store.unseen(work.session, work.now - after)
    UNSEEN.set(count)
    UNSEEN_SECONDS.set((work.now - oldest).total_seconds() if oldest else 0)
    return count
