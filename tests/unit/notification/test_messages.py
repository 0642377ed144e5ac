"""Messages, their attempts, webhooks and broadcasts: the rules alone."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.notification.bounces.domain.reports import Outcome as ReportOutcome
from services.notification.bounces.domain.reports import read_report
from services.notification.broadcasts import domain as broadcasts
from services.notification.broadcasts.domain import OF_AN_OFFICE, Group, State, Step
from services.notification.channels.mail.domain.circuit import Circuit, RelayState
from services.notification.delivery import domain as delivery
from services.notification.delivery.domain import Pace
from services.notification.messages import domain as messages
from services.notification.webhooks.domain import answers, retries, signature
from services.notification.webhooks.domain.answers import Answer, Outcome
from services.notification.webhooks.domain.retries import TRY_FOR, Health

NOW = datetime(2026, 7, 15, 3, tzinfo=UTC)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
ME, OTHER = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    ("state", "work", "attempts", "shown"),
    [
        ("sent", "sending", 1, "sent"),
        ("created", "sending", 0, "sending"),
        ("created", "waiting", 1, "temporary-failure"),
        ("created", "waiting", 0, "created"),
        ("created", None, 0, "created"),
    ],
)
def test_people_see_what_becomes_of_a_message(state: str, work: str | None, attempts: int, shown: str) -> None:
    assert messages.shown_state(state, work, attempts) == shown


def test_mailboxes_and_numbers_are_compared_as_people_type_them() -> None:
    assert messages.mailbox(" Sato@Example.JP ") == "sato@example.jp"
    assert messages.number_of(None) is messages.number_of("  ") is None
    assert messages.number_of(" something else ") == "something else"
    assert messages.number_of("東オンEN26000001") == "東オンＥＮ26000001"


def test_a_message_is_tried_until_its_end() -> None:
    def when(attempts: int, after: timedelta, chance: float = 0.5, valid: datetime | None = None) -> datetime | None:
        return delivery.next_attempt(attempts, NOW, NOW + after, chance, try_for=DAY, valid_until=valid)

    assert when(1, SECOND) == NOW + 6 * SECOND
    assert when(2, SECOND) == NOW + 11 * SECOND
    assert when(40, SECOND) == NOW + SECOND + timedelta(minutes=30)
    assert when(9, DAY - SECOND) == NOW + DAY
    assert when(9, DAY) is None
    assert when(1, SECOND, valid=NOW + 3 * SECOND) == NOW + 3 * SECOND
    assert when(1, 3 * SECOND, valid=NOW + 3 * SECOND) is None
    assert delivery.untried_wait(0.5) == 5 * SECOND
    assert delivery.turn_later(NOW, 0) == NOW + timedelta(minutes=2.5)
    assert delivery.turn_later(NOW, 0.5) == NOW + timedelta(minutes=3.75)


def test_turns_at_a_destination_follow_each_other() -> None:
    pace = Pace(NOW - DAY)
    first, pace = pace.take(2 * SECOND, NOW)
    second, pace = pace.take(2 * SECOND, NOW)
    assert (first, second) == (NOW, NOW + 2 * SECOND)
    full = Pace(NOW + timedelta(minutes=5))
    assert full.take(SECOND, NOW) == (None, full)
    almost = Pace(NOW + timedelta(minutes=5) - SECOND)
    assert almost.take(SECOND, NOW)[0] == almost.next_turn_at


def test_a_destination_that_asks_for_less_is_given_less_and_after_a_while_as_before() -> None:
    slow = Pace(NOW).slowed(NOW)
    assert slow == Pace(NOW + 2 * SECOND, 2 * SECOND, NOW)
    assert slow.slowed(NOW + 9 * SECOND) is slow, "what was in hand counts once"
    slower = slow.slowed(NOW + 10 * SECOND)
    assert slower == Pace(NOW + 14 * SECOND, 4 * SECOND, NOW + 10 * SECOND)
    assert slow.slowed(NOW + timedelta(minutes=15)).slow_every == 2 * SECOND
    assert Pace(NOW, timedelta(minutes=1), NOW).slowed(NOW + 10 * SECOND).slow_every == timedelta(minutes=1)
    assert slow.every(SECOND, NOW + timedelta(minutes=15) - SECOND) == 2 * SECOND
    assert slow.every(3 * SECOND, NOW) == 3 * SECOND
    assert slow.every(SECOND, NOW + timedelta(minutes=15)) == SECOND


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.ACCEPTED), (299, Outcome.ACCEPTED), (300, Outcome.REDIRECTED), (399, Outcome.REDIRECTED),
        (199, Outcome.REFUSED), (400, Outcome.REFUSED), (410, Outcome.GONE), (429, Outcome.BUSY), (503, Outcome.BUSY),
        (500, Outcome.REFUSED),
    ],
)  # fmt: skip
def test_a_status_is_an_outcome(status: int, outcome: Outcome) -> None:
    assert answers.outcome_of(status) is outcome


def test_outcomes_that_another_message_would_have_too() -> None:
    assert {one for one in Outcome if one.unreachable} == {
        Outcome.TIMED_OUT, Outcome.NOT_REACHED, Outcome.ADDRESS_REFUSED, Outcome.BUSY
    }  # fmt: skip


def test_of_an_answer_so_much_is_kept() -> None:
    assert Answer(Outcome.REFUSED, body=b"a\0\xff" + b"x" * 9000).shown_body == "a��" + "x" * 4093
    shown = answers.shown_headers([(b"Server", b"s" * 400), (b"Set-Cookie", b"secret"), (b"Date", b"a\0b")])
    assert shown == {"server": "s" * 300, "date": "ab"}


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        (None, None),
        ("120", 120 * SECOND),
        ("9" * 30, 10**8 * SECOND),
        ("soon", None),
        ("１２", None),
        ("Wed, 15 Jul 2026 03:00:05 GMT", 5 * SECOND),
        ("Wed, 15 Jul 2026 03:00:05 -0000", 5 * SECOND),
        ("Wed, 15 Jul 2026 02:00:00 GMT", timedelta()),
    ],
)
def test_a_receiver_may_ask_to_be_left_alone(value: str | None, wait: timedelta | None) -> None:
    assert answers.retry_after(value, NOW) == wait


def test_a_webhook_is_tried_for_three_days() -> None:
    assert retries.next_attempt(1, NOW, NOW, 0.5, None) == NOW + 5 * SECOND
    assert retries.next_attempt(1, NOW, NOW, 0.5, 60 * SECOND) == NOW + 65 * SECOND
    assert retries.next_attempt(1, NOW, NOW, 0, DAY) == NOW + DAY / 4
    assert retries.next_attempt(30, NOW, NOW, 0.5, None) == NOW + DAY / 8
    assert retries.next_attempt(9, NOW, NOW + TRY_FOR - SECOND, 0.9, None) == NOW + TRY_FOR
    assert retries.next_attempt(9, NOW, NOW + TRY_FOR, 0.5, None) is None


def test_a_receiver_that_is_not_reached_is_left_alone_for_a_while() -> None:
    assert retries.pause(1, 0) == 2.5 * SECOND
    assert retries.pause(1, 0.5) == 3.75 * SECOND
    assert retries.pause(2, 0) == 5 * SECOND
    assert retries.pause(30, 0) == timedelta(minutes=5)
    assert retries.pause(1, 0, 60 * SECOND) == 60 * SECOND
    assert retries.pause(1, 0, DAY) == DAY / 4


@pytest.mark.parametrize(
    ("failing", "enabled", "given_up"),
    [
        (None, NOW - 9 * DAY, False),
        (NOW - TRY_FOR, NOW - 9 * DAY, True),
        (NOW - 5 * DAY, NOW - TRY_FOR + SECOND, False),
    ],
)
def test_a_receiver_is_given_up_after_three_days_of_nothing(
    failing: datetime | None, enabled: datetime, given_up: bool
) -> None:
    assert Health(failing, enabled).is_given_up(NOW) is given_up


def test_signatures_are_those_of_the_specification() -> None:
    """The example of Standard Webhooks' own tests."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    signed = signature.signature([secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, '{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    both = signature.signature([secret, signature.secret_text(b"x" * 32)], "m", 1, "{}")
    assert len(both.split()) == 2


@pytest.mark.parametrize(
    ("outcome", "times", "expected"),
    [("dropped", 0, RelayState.ASIDE), ("succeeded", 0, RelayState.USED)],
)
def test_a_relay_that_is_tried_out_is_used_again_or_left_aside(outcome: str, times: int, expected: RelayState) -> None:
    circuit = Circuit()
    while circuit.state is RelayState.USED:
        circuit = circuit.failed("no", NOW, 0.5)
    assert circuit.state is RelayState.ASIDE
    assert circuit.failed("again", NOW, 0.5) is circuit
    assert circuit.dropped() is circuit
    assert Circuit(RelayState.PROBED, times=times).dropped().state is RelayState.ASIDE
    assert Circuit(RelayState.PROBED).succeeded().state is RelayState.USED
    assert getattr(Circuit(RelayState.PROBED), outcome)().state is expected


def test_a_broadcast_is_approved_by_another_human() -> None:
    assert broadcasts.may_approve(ME, "me", {OTHER}, {"other"})
    assert broadcasts.may_approve(ME, None, {OTHER}, {"other"})
    assert not broadcasts.may_approve(ME, None, {ME}, set())
    assert not broadcasts.may_approve(ME, "me", {OTHER}, {"me"})


def test_steps_of_a_broadcast() -> None:
    assert broadcasts.after(State.DRAFT, Step.PROPOSE) is State.PROPOSED
    assert broadcasts.after(State.DRAFT, Step.APPROVE) is None
    assert broadcasts.resumable_until(None, NOW) is None
    assert broadcasts.resumable_until(NOW, NOW + DAY) == NOW + 31 * DAY


@pytest.mark.parametrize(
    ("state", "begins", "ends", "ended", "holds"),
    [
        (State.SENT, NOW, NOW + SECOND, None, True),
        (State.SCHEDULED, NOW - DAY, NOW + DAY, None, True),
        (State.SENT, NOW - DAY, NOW, None, False),
        (State.SENT, NOW + SECOND, NOW + DAY, None, False),
        (State.SENT, NOW, NOW + DAY, NOW, False),
        (State.SENT, None, NOW + DAY, None, False),
        (State.SENT, NOW, None, None, False),
        (State.STOPPED, NOW, NOW + DAY, None, False),
    ],
)
def test_a_banner_is_shown_for_its_time(
    state: State, begins: datetime | None, ends: datetime | None, ended: datetime | None, holds: bool
) -> None:
    assert broadcasts.banner_holds(state, begins, ends, ended, NOW) is holds


def test_some_groups_are_known_by_roles() -> None:
    assert broadcasts.roles_of(Group.USER_CLASS, ["self"]) == frozenset({"self"})
    assert broadcasts.roles_of(Group.OFFICE, ["TYO"]) == OF_AN_OFFICE
    assert broadcasts.roles_of(Group.EVERYONE, []) is None


@pytest.mark.parametrize(
    ("text", "charset", "outcome"),
    [
        ("550 5.1.1 no such user", "us-ascii", ReportOutcome.FAILED),
        ("550 5.1.1 no such user", "no-such-charset", ReportOutcome.FAILED),
    ],
)
def test_a_report_in_words_is_read_in_any_charset(text: str, charset: str, outcome: ReportOutcome) -> None:
    raw = (
        f"From: MAILER-DAEMON@example.jp\nTo: return@zairyu\nContent-Type: text/plain; charset={charset}\n\n{text}\n"
    ).encode()
    report = read_report(raw, lambda _: (ME, 1))
    assert report.outcome is outcome
