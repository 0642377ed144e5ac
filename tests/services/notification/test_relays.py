"""Several mail relays: one that fails is left aside, mails go by the next, and it comes back with one mail."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from services.notification.channels.mail.domain.circuit import FAILURES, FIRST_ASIDE, LONGEST_ASIDE, Circuit, RelayState
from services.notification.channels.mail.relay import Mail, MemoryRelay, NotNow, Refused, Relays, SmtpRelay, Unreachable
from services.notification.channels.protocol import MAIL
from services.notification.messages.store import Delivery
from shared.auth import Role
from shared.clock import ManualClock
from shared.events.registration import PasswordResetRequested
from tests.services.notification.conftest import MailClient
from tests.services.notification.faulty import faulty_server
from tests.services.notification.test_api import get
from tests.services.notification.test_notify import example
from tests.services.notification.test_relay import mail
from tests.support import tokens

NOW = datetime(2026, 7, 1, tzinfo=UTC)
CHANCE = st.floats(0, 1, exclude_max=True)


class Scripted(MemoryRelay):
    """Raises `error` at each mail, if it is set; waits while `may` is not set."""

    def __init__(self) -> None:
        super().__init__()
        self.error: Exception | None = None
        self.asked = 0
        self.may = asyncio.Event()
        self.may.set()

    async def send(self, mail: Mail) -> None:
        self.asked += 1
        await self.may.wait()
        if self.error is not None:
            raise self.error
        await super().send(mail)


def two(chance: float = 0.5) -> tuple[Scripted, Scripted, Relays, ManualClock]:
    first, second, clock = Scripted(), Scripted(), ManualClock(NOW)
    return first, second, Relays({"first": first, "second": second}, clock, lambda: chance), clock


async def send_some(relays: Relays, count: int) -> int:
    """Send one after another; the number that a relay took over."""
    taken = 0
    for _ in range(count):
        try:
            await relays.send(mail())
            taken += 1
        except NotNow:
            pass
    return taken


STEPS = st.one_of(
    st.tuples(st.just("wait"), st.integers(0, 1200)),
    st.tuples(st.just("begin"), st.just(0)),
    st.tuples(st.sampled_from(["good", "bad", "dropped"]), st.integers(0, 3)),
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.tuples(STEPS, CHANCE), max_size=25))
def test_circuit_is_tried_out_by_one_mail_at_a_time_and_never_before_its_time(
    steps: list[tuple[tuple[str, int], float]],
) -> None:
    """Any number of mails are begun and end in any order, also after the relay was left aside."""
    circuit, now = Circuit(), NOW
    begun: list[bool] = []  # each mail that is with the relay: whether it tries the relay out
    for (step, value), chance in steps:
        if step == "wait":
            now += timedelta(seconds=value)
        elif step == "begin" and circuit.takes(now):
            assert circuit.until is None or now >= circuit.until
            circuit = circuit.begun()
            begun.append(circuit.state is RelayState.PROBED)
        elif begun and step in ("good", "bad", "dropped"):
            begun.pop(value % len(begun))
            before = circuit
            if step == "good":
                circuit = circuit.succeeded()
                assert circuit == Circuit(), "an answer about a mail brings it back"
            elif step == "bad":
                circuit = circuit.failed("timeout", now, chance)
                assert circuit.since is not None and circuit.since <= now and circuit.error == "timeout"
                if circuit.until is not None and before.until != circuit.until:
                    assert now <= circuit.until < now + LONGEST_ASIDE
            else:
                circuit = circuit.dropped()
        assert circuit.state is RelayState.USED or circuit.failures >= FAILURES
        if circuit.state is RelayState.PROBED:
            assert not circuit.takes(now + LONGEST_ASIDE), "one at a time"


def test_time_aside_doubles_up_to_a_limit_with_full_jitter() -> None:
    circuit, now, waits = Circuit(), NOW, []
    for _ in range(FAILURES - 1):
        circuit = circuit.failed("timeout", now, 0.5)
    for _ in range(10):
        circuit = circuit.begun().failed("timeout", now, 0.5)
        assert circuit.until is not None
        waits.append(2 * (circuit.until - now))
        now = circuit.until
    assert waits[:3] == [FIRST_ASIDE, 2 * FIRST_ASIDE, 4 * FIRST_ASIDE]
    assert waits[-1] == LONGEST_ASIDE
    assert Circuit(failures=FAILURES - 1).failed("x", NOW, 0.0).until == NOW, "anything from nothing"


@pytest.mark.parametrize("error", [Unreachable("certificate"), NotNow("smtp-421", by_relay=True)])
async def test_relay_that_fails_is_left_aside_and_mails_go_by_the_other(error: NotNow) -> None:
    first, second, relays, clock = two()
    first.error = error
    taken = await send_some(relays, FAILURES + 3)
    # Where nothing was said about a mail, the other relay has it at once; else its next attempt goes there.
    assert taken == (FAILURES + 3 if isinstance(error, Unreachable) else 3)
    assert (first.asked, len(second.accepted)) == (FAILURES, taken)
    health = {one.name: (one.state, one.since, one.error) for one in relays.health}
    assert health == {"first": ("aside", NOW, str(error)), "second": ("used", None, None)}
    assert relays.notices == {"mail-relay-first-aside"}
    assert relays.places(8) == 8

    clock.advance(FIRST_ASIDE)
    first.error, first.may = None, asyncio.Event()
    probe = asyncio.create_task(relays.send(mail()))
    while first.asked == FAILURES:
        await asyncio.sleep(0)
    assert await send_some(relays, 2) == 2
    assert first.asked == FAILURES + 1, "one mail tries it out, and the others go by the second one"
    first.may.set()
    await probe
    assert await send_some(relays, 2) == 2
    assert (len(first.accepted), relays.notices) == (3, set()), "mails drift back"


async def test_answers_about_mails_are_no_failures_of_the_relay() -> None:
    first, second, relays, _ = two()
    for error in (NotNow("smtp-451"), Refused("smtp-550")):
        first.error = error
        for _ in range(2 * FAILURES):
            with pytest.raises(type(error)):
                await relays.send(mail())
    assert second.asked == 0
    assert {one.failures for one in relays.health} == {0}


async def test_while_both_fail_there_is_no_place_but_one_that_tries_them_out() -> None:
    first, second, relays, clock = two()
    first.error = second.error = Unreachable("timeout")
    assert await send_some(relays, 2 * FAILURES) == 0
    asked = first.asked + second.asked
    assert relays.places(8) == 0
    with pytest.raises(Unreachable, match="relays-aside"):
        await relays.send(mail())
    assert first.asked + second.asked == asked, "neither is asked"
    clock.advance(FIRST_ASIDE)
    assert relays.places(8) == 1
    first.may = asyncio.Event()
    probe = asyncio.create_task(relays.send(mail()))
    while first.asked + second.asked == asked:
        await asyncio.sleep(0)
    probe.cancel()
    with pytest.raises(asyncio.CancelledError):
        await probe
    first.may.set()
    first.error = second.error = None
    assert await send_some(relays, 1) == 1, "a mail that was cut off leaves its place to the next"
    assert relays.places(8) == 8


async def test_connection_serves_the_next_mails_and_is_replaced_when_it_is_dead() -> None:
    async with faulty_server() as server:
        relay = SmtpRelay("127.0.0.1", server.port, sender="office@example.jp", sender_name="office", timeout=5)
        await relay.send(mail())
        server.faults["RCPT"] = "550 nobody here"
        with pytest.raises(Refused):
            await relay.send(mail())
        server.faults.clear()
        await relay.send(mail())
        assert (server.connections, len(server.accepted)) == (1, 2)
        await server.stop()
        await server.start()
        await relay.send(mail())
        assert (server.connections, len(server.accepted)) == (2, 3)
        await relay.close()


async def test_mails_wait_while_no_relay_works_and_nothing_counts_as_an_attempt(post: MailClient) -> None:
    relay, state = Scripted(), post.service.app.state
    state.channels[MAIL].relay = Relays({"first": relay}, post.clock, lambda: 0.5)
    relay.error = Unreachable("certificate")
    for _ in range(FAILURES + 3):
        await post.deliver(example(post, PasswordResetRequested))
    # Ten minutes, in which every message would have been given up more than once by attempts alone.
    for _ in range(60):
        await post.sender.send_due()
        post.clock.advance(timedelta(seconds=10))
    columns = (Delivery.state, Delivery.attempts, Delivery.claimed_by)
    async with post.service.db.read() as session:
        assert [tuple(row) for row in await session.execute(select(*columns))] == [("waiting", 0, None)] * (
            FAILURES + 3
        )
    assert relay.asked < FAILURES + 3 + 12, "one at a time, after ever longer pauses"
    relay.error = None
    post.clock.advance(LONGEST_ASIDE)
    await post.send_all()
    post.clock.advance(LONGEST_ASIDE)
    await post.send_all()
    assert len(relay.accepted) == len({str(mail["Message-ID"]) for mail in relay.accepted}) == FAILURES + 3


async def test_operators_see_the_state_of_the_relays(post: MailClient) -> None:
    relays = Relays({"first": MemoryRelay()}, post.clock)
    state = post.service.app.state
    state.relays, relays.notices = relays, state.readiness.notices
    relays._relays["first"].down = True  # type: ignore[attr-defined]
    assert await send_some(relays, FAILURES) == 0
    found: Any = await get(post, tokens.officer(Role.OPERATOR), "/relays")
    since = post.clock.now().isoformat().replace("+00:00", "Z")
    relay = {"name": "first", "state": "aside", "since": since, "failures": FAILURES, "error": "connection"}
    assert found == (200, [relay])
    assert (await get(post, tokens.officer(Role.EXAMINER), "/relays"))[0] == 403
    assert (await post.service.client.get("/readyz")).json()["notices"] == ["mail-relay-first-aside"]
