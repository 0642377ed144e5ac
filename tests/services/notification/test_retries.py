"""Retries of a mail: what an answer means, when the next attempt is, and when there is none."""

from datetime import UTC, datetime, timedelta
from itertools import cycle

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.notification.channels.mail.domain.replies import Meaning, Stage, dead_address, meaning_of
from services.notification.delivery.domain import (
    FIRST_SLOW,
    FIRST_WAIT,
    LONGEST_SLOW,
    LONGEST_WAIT,
    SLOW_FOR,
    TURNS_AHEAD,
    Pace,
    next_attempt,
)
from services.notification.messages.catalogue import MESSAGES

NOW = datetime(2026, 7, 1, tzinfo=UTC)
DAYS = timedelta(days=3)
CHANCE = st.floats(0, 1, exclude_max=True)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(CHANCE, min_size=1, max_size=8), st.none() | st.timedeltas(timedelta(), timedelta(days=5)))
def test_waits_have_full_jitter_and_end_after_three_days_or_with_the_use_of_the_message(
    chances: list[float], use: timedelta | None
) -> None:
    now, valid_until = NOW, None if use is None else NOW + use
    end = min(NOW + DAYS, valid_until or NOW + DAYS)
    for attempts, chance in zip(range(1, 200), cycle(chances), strict=False):
        at = next_attempt(attempts, NOW, now, chance, try_for=DAYS, valid_until=valid_until)
        if at is None:
            assert now >= end
            break
        assert now < end and now <= at <= end
        assert at - now <= min(FIRST_WAIT * 2 ** min(attempts - 1, 20), LONGEST_WAIT)
        now = at


def test_a_mail_that_is_put_off_for_three_days_is_tried_every_hour_or_so() -> None:
    now, attempts = NOW, 1
    while (at := next_attempt(attempts, NOW, now, 0.5, try_for=DAYS)) is not None:
        now, attempts = at, attempts + 1
    assert now == NOW + DAYS, "the last attempt is at the end"
    assert 140 < attempts < 160


FOR_GOOD, LATER, SLOWER, RELAY = Meaning.FOR_GOOD, Meaning.LATER, Meaning.SLOWER, Meaning.RELAY


@pytest.mark.parametrize(
    ("stage", "answer", "meaning"),
    [
        ("RCPT", "550 5.1.1 no such user", FOR_GOOD),
        ("RCPT", "550 no such user", FOR_GOOD),
        ("RCPT", "551 user not local", FOR_GOOD),
        ("RCPT", "553 5.1.3 syntax", FOR_GOOD),
        ("RCPT", "554 5.7.1 refused by policy", FOR_GOOD),
        ("DATA", "554 5.6.0 content", FOR_GOOD),
        ("DATA", "550 5.7.1 spam", FOR_GOOD),
        ("MAIL", "552 5.3.4 too large", FOR_GOOD),
        ("DATA", "552 5.2.3 too large", FOR_GOOD),
        ("RCPT", "552 5.2.2 mailbox full", LATER),
        ("DATA", "552 storage exceeded", LATER),
        ("RCPT", "550 5.2.2 mailbox full", LATER),
        ("RCPT", "450 mailbox busy", LATER),
        ("RCPT", "451 4.3.0 local error", LATER),
        ("DATA", "452 4.3.1 storage", LATER),
        ("RCPT", "452 4.5.3 too many recipients", LATER),
        ("DATA", "250 what was not asked", LATER),
        ("RCPT", "450 4.7.1 greylisted", SLOWER),
        ("RCPT", "451 4.7.650 too much mail from your address", SLOWER),
        ("DATA", "452 4.7.28 unusual rate", SLOWER),
        ("RCPT", "421 4.7.0 deferred", SLOWER),
        ("MAIL", "421 4.7.0 too many connections", RELAY),
        ("RCPT", "421 4.3.2 shutting down", RELAY),
        ("MAIL", "550 5.7.1 sender refused", RELAY),
        ("MAIL", "530 5.7.0 sign in", RELAY),
        ("RCPT", "503 bad sequence", RELAY),
    ],
)
def test_answers_are_read_by_stage_code_and_enhanced_code(stage: str, answer: str, meaning: Meaning) -> None:
    code, _, text = answer.partition(" ")
    assert meaning_of(Stage(stage), int(code), text) is meaning


@pytest.mark.parametrize(
    ("stage", "answer", "status"),
    [
        ("RCPT", "550 5.1.1 no such user", "5.1.1"),
        ("RCPT", "550 5.4.1 Recipient address rejected: Access denied", "5.4.1"),
        ("RCPT", "550 Unknown user taro", "5.1.1"),
        ("DATA", "550-5.1.1 The account does not exist\n5.1.1 any more", "5.1.1"),
        # A relay that takes nothing from this site says so of every address.
        ("RCPT", "550 relay not permitted", None),
        ("RCPT", "550 refused", None),
        ("RCPT", "554 5.7.1 Relay access denied", None),
        ("RCPT", "550 5.0.0 failed", None),
        ("MAIL", "550 5.1.1 sender unknown", None),
        ("RCPT", "550 5.2.2 mailbox full", None),
        ("RCPT", "450 4.1.1 no such user yet", None),
        ("DATA", "552 5.3.4 too large", None),
    ],
)
def test_an_answer_says_of_the_address_that_it_receives_nothing(stage: str, answer: str, status: str | None) -> None:
    code, _, text = answer.replace("-", " ", 1).partition(" ")
    assert dead_address(Stage(stage), int(code), text) == status


def test_every_mail_that_is_a_link_ends_with_it() -> None:
    """A certificate or an invitation can be sent again; a link of yesterday helps nobody."""
    ending = {kind.template for kind in MESSAGES if kind.until}
    assert ending == {
        "draft_link",
        "email_change_requested",
        "password_reset",
        "officer_invited",
        "certificate_link",
        "address_test",
        "interview_soon",
    }
    for kind in MESSAGES:
        assert (kind.valid_until(kind.event.example()) is None) == (kind.until is None), kind.template


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["take", "take", "take", "slow"]), st.integers(0, 90)), max_size=30),
    st.integers(0, 30),
)
def test_turns_keep_the_pace_of_a_destination_and_are_given_out_for_minutes_only(
    steps: list[tuple[str, int]], seconds: int
) -> None:
    usual, pace, now, last = timedelta(seconds=seconds), Pace(NOW), NOW, None
    for step, passed in steps:
        now += timedelta(seconds=passed)
        if step == "slow":
            pace = pace.slowed(now)
            assert FIRST_SLOW <= pace.slow_every <= LONGEST_SLOW
            assert pace.every(usual, now) >= FIRST_SLOW
            assert pace.every(usual, now + SLOW_FOR) == usual
            continue
        turn, after = pace.take(usual, now)
        if turn is None:
            assert pace.next_turn_at >= now + TURNS_AHEAD and after == pace
            continue
        assert now <= turn < now + TURNS_AHEAD
        assert last is None or turn >= last + usual, "never closer than its pace"
        pace, last = after, turn


def test_a_destination_that_asks_again_and_again_is_slowed_down_further_and_what_was_in_hand_counts_once() -> None:
    pace = Pace(NOW)
    for _ in range(8):
        pace = pace.slowed(NOW)
    assert pace.slow_every == FIRST_SLOW
    for minute in range(1, 4):
        pace = pace.slowed(NOW + timedelta(minutes=minute))
    assert pace.slow_every == 8 * FIRST_SLOW
