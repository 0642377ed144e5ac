"""Jobs and timers of registration."""

from collections.abc import Mapping
from datetime import timedelta

from prometheus_client import Gauge

from services.registration.accounts.commands.categories import end_treatment
from services.registration.authentication.api.begun_texts import KEPT_FOR
from services.registration.authentication.commands import login_id_reminders
from services.registration.authentication.commands.signing_keys import SigningKeys
from services.registration.authentication.store import (
    begun_texts,
    identities,
    kept_forms,
    passkeys,
    second_factor,
    sign_in,
)
from services.registration.context import CommandContext
from services.registration.lifecycle.commands import client_reminders, memberships, password_resets, reminders
from services.registration.oauth.domain.api_clients import USED_CODES_KEPT_FOR
from services.registration.oauth.store import authorizations
from services.registration.usage_registration.commands import draft_links, draft_retention, drafts
from services.registration.usage_registration.domain.usage_registration import Status
from services.registration.usage_registration.store import usage_registrations
from shared.timers import Due, Job, TimerHandler
from shared.work import Work

WAITING = Gauge(
    "zairyu_usage_registrations_oldest_seconds", "How long the usage registration waits that waits longest", ["status"]
)


def timers(context: CommandContext) -> Mapping[str, TimerHandler]:
    """Single deadlines."""
    return {
        password_resets.KIND: password_resets.handler(context),
        login_id_reminders.KIND: login_id_reminders.handler(context),
        draft_links.KIND: draft_links.handler(context),
        drafts.KIND: drafts.handler(context),
    }


def jobs(context: CommandContext, keys: SigningKeys) -> list[Job]:
    """Recurring jobs."""

    async def measure_waiting(work: Work, _: Due) -> None:
        oldest = await usage_registrations.oldest_waiting(work.session)
        for status in (Status.SUBMITTED, Status.RETURNED):
            since = oldest.get(status.value)
            WAITING.labels(status.value).set((work.now - since).total_seconds() if since else 0)

    async def expire(work: Work, _: Due) -> None:
        await memberships.expire(work, context)

    async def end_categories(work: Work, _: Due) -> None:
        await end_treatment(work)

    async def remind(work: Work, _: Due) -> None:
        await reminders.remind_of_reports(work, context)
        await reminders.remind_of_passwords(work, context)
        await client_reminders.remind_of_clients(work, context)

    async def keep_drafts(work: Work, _: Due) -> None:
        await draft_retention.remind(work, context)
        await draft_retention.delete_untouched(work, context)

    async def forget(work: Work, _: Due) -> None:
        await sign_in.forget_counts(work.session, work.now)
        await second_factor.forget_challenges(work.session, work.now)
        await passkeys.forget_challenges(work.session, work.now)
        await authorizations.forget_codes(work.session, work.now - USED_CODES_KEPT_FOR)
        await authorizations.forget_refresh_tokens(work.session, work.now)
        await identities.forget(work.session, work.now)
        await kept_forms.forget(work.session, work.now)
        await begun_texts.forget(work.session, work.now - KEPT_FOR)

    return [
        Job("measure-waiting", timedelta(minutes=1), measure_waiting),
        Job("expire-memberships", timedelta(minutes=10), expire),
        Job("end-categories", timedelta(hours=1), end_categories),
        Job("remind", timedelta(hours=1), remind),
        Job("keep-drafts", timedelta(hours=1), keep_drafts),
        Job("forget-counters", timedelta(hours=1), forget),
        Job("rotate-signing-keys", timedelta(days=1), keys.rotate_if_due),
    ]
