"""Registering one's own stay abroad, and ending it."""

from datetime import date, datetime

from services.registration.accounts.domain.stay_abroad import day_of, latest_day
from services.registration.accounts.store import accounts
from services.registration.audit import Tag
from services.registration.lifecycle.problems import day_out_of_range
from services.registration.lifecycle.schemas.stays_abroad import StayAbroad
from shared.clock import end_of_day_jst, legal_date
from shared.work import Work


async def register(work: Work, until: date) -> StayAbroad:
    """Let the caller use the site from abroad to the end of the day `until`. Raises `Invalid`."""
    assert work.actor.id is not None
    latest = latest_day(work.today)
    if not work.today <= until <= latest:
        raise day_out_of_range(work.today, latest)
    account = await accounts.locked_account(work.session, work.actor.id)
    account.abroad_until = end_of_day_jst(until)
    work.journal("account", account.id, Tag.STAY_ABROAD_REGISTER, {"until": until})
    return view(account.abroad_until, work.now)


async def end(work: Work) -> StayAbroad:
    """End the caller's stay abroad; nothing changes where none is in force."""
    assert work.actor.id is not None
    account = await accounts.locked_account(work.session, work.actor.id)
    if day_of(account.abroad_until, work.now) is not None:
        account.abroad_until = None
        work.journal("account", account.id, Tag.STAY_ABROAD_END)
    return view(account.abroad_until, work.now)


def view(abroad_until: datetime | None, now: datetime) -> StayAbroad:
    """The stay as its owner sees it."""
    return StayAbroad(until=day_of(abroad_until, now), latest=latest_day(legal_date(now)))
