"""Recurring jobs. Each finds what is due from the rows themselves, so an outage is made up for."""

from collections.abc import Sequence
from datetime import timedelta

from services.application.certificates.commands.sweeps import forget_photos
from services.application.changes.commands.expectations import measure_decision_times
from services.application.filing.commands import sweeps
from services.application.filing.domain.reminders import Pauses
from services.application.settings import Settings
from shared.timers import Due, Job
from shared.work import Work


def jobs(settings: Settings) -> Sequence[Job]:
    """The recurring jobs of this service."""

    pauses = Pauses.in_days(settings.draft_reminder_days, settings.untouched_draft_days)

    async def remind(work: Work, _: Due) -> None:
        await sweeps.remind_of_drafts(work, pauses.reminder, pauses.grace)

    async def remind_of_stays(work: Work, _: Due) -> None:
        await sweeps.remind_of_stays(work)

    async def delete(work: Work, _: Due) -> None:
        await sweeps.delete_untouched_drafts(work, pauses.deletion, pauses.grace)

    async def look(work: Work, _: Due) -> None:
        await sweeps.measure_unseen(work, timedelta(minutes=settings.unseen_minutes))

    async def measure(work: Work, _: Due) -> None:
        await measure_decision_times(work)

    async def forget(work: Work, _: Due) -> None:
        await forget_photos(work)

    return (
        Job("remind-drafts", timedelta(hours=1), remind),
        Job("remind-of-stays", timedelta(hours=1), remind_of_stays),
        Job("delete-untouched-drafts", timedelta(hours=1), delete),
        Job("unseen-applications", timedelta(minutes=1), look),
        Job("measure-decision-times", timedelta(days=1), measure),
        Job("forget-photos", timedelta(hours=1), forget),
    )
