"""The owner of an API client is reminded before it ends, twice, and never without a reason."""

from datetime import timedelta

from shared.clock import ManualClock
from shared.events.registration import ClientExpiring
from tests.services.registration.outside import CLIENTS, vendor
from tests.services.registration.site import RegistrationClient
from tests.support.keys import unsealed


async def _reported(site: RegistrationClient) -> list[tuple[str, int]]:
    """The clients that were told of, each with the days that were left."""
    await site.work_timers()
    return [
        (str(event.client_id), (event.expires_at - site.clock.now()).days)
        for event in await site.events(ClientExpiring)
    ]


async def test_the_owner_of_a_client_is_told_a_month_and_a_week_before_it_ends(
    site: RegistrationClient, clock: ManualClock
) -> None:
    person = await site.person()
    system = await vendor(site, await site.signed_in(person))
    clock.advance(timedelta(days=334))
    assert await _reported(site) == []
    seen = []
    for days in (1, 1, 21, 1, 1, 6):
        clock.advance(timedelta(days=days))
        before = len(await site.events(ClientExpiring))
        seen += [left for _, left in (await _reported(site))[before:]]
    assert seen == [30, 7]
    first, last = await site.events(ClientExpiring)
    assert (str(first.client_id), first.account_id) == (system.client_id, person.account_id)
    assert first.expires_at == last.expires_at
    assert unsealed(first.sealed_name) == "人事システム連携"
    assert unsealed(first.recipient.sealed_address) == "hanako@example.co.jp"
    assert await site.service.journal_problems() == []


async def test_a_client_that_was_prolonged_ended_or_made_for_a_few_days_is_not_told_of(
    site: RegistrationClient, clock: ManualClock
) -> None:
    person = await site.person()
    headers = await site.signed_in(person)
    ends = (clock.now() + timedelta(days=40)).isoformat()
    prolonged, ended = [await vendor(site, headers, expires_at=ends) for _ in range(2)]
    await vendor(site, headers, expires_at=(clock.now() + timedelta(days=5)).isoformat())
    assert await _reported(site) == []
    clock.advance(timedelta(days=9))
    headers = await site.signed_in(person)
    later = {"expires_at": (clock.now() + timedelta(days=60)).isoformat()}
    changed = await site.service.client.patch(
        f"{CLIENTS}/{prolonged.client_id}", json=later, headers=headers | {"If-Match": "*"}
    )
    assert changed.status_code == 200, changed.text
    assert (await site.service.client.delete(f"{CLIENTS}/{ended.client_id}", headers=headers)).status_code == 204
    clock.advance(timedelta(days=29))
    assert await _reported(site) == []
    # Another end is told of in its turn.
    clock.advance(timedelta(days=1))
    assert [client_id for client_id, _ in await _reported(site)] == [prolonged.client_id]
