"""The rules by themselves."""

import os
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.accounts.domain import login_id
from services.registration.accounts.domain.checked_code import ALPHABET, check_character, is_valid
from services.registration.accounts.domain.standing import MembershipState, Standing, roles_for
from services.registration.authentication.data import common_words
from services.registration.authentication.domain.password_rule import Flaw, PasswordRule, normalise
from services.registration.authentication.domain.session import Timeouts, ends
from services.registration.authentication.domain.throttle import Count, Limit, charge, refund
from services.registration.usage_registration.domain import receipt_number
from services.registration.usage_registration.domain.usage_registration import (
    Origin,
    Requirements,
    Status,
    Step,
    StepNotPossible,
    after,
    is_own,
    required_documents,
)
from shared.ids import new_id

RULE = PasswordRule(12, 128, common_words())
CODES = st.text(ALPHABET, min_size=2, max_size=20)
NOW = datetime(2026, 11, 20, tzinfo=UTC)
LIMIT = Limit(3, timedelta(hours=1), timedelta(seconds=10), timedelta(minutes=2))


@given(CODES, st.data())
def test_one_wrong_character_is_noticed(body: str, data: st.DataObject) -> None:
    code = body + check_character(body)
    place = data.draw(st.integers(0, len(code) - 1))
    other = data.draw(st.sampled_from([c for c in ALPHABET if c != code[place]]))
    assert is_valid(code)
    assert not is_valid(code[:place] + other + code[place + 1 :])


@given(CODES, st.data())
def test_two_swapped_characters_are_noticed(body: str, data: st.DataObject) -> None:
    code = list(body + check_character(body))
    first, second = data.draw(st.tuples(st.integers(0, len(code) - 1), st.integers(0, len(code) - 1)))
    if code[first] != code[second]:
        code[first], code[second] = code[second], code[first]
        assert not is_valid("".join(code))


@given(st.binary(min_size=login_id.RANDOM_BYTES, max_size=login_id.RANDOM_BYTES))
def test_a_login_id_is_recognised_however_it_is_typed(random: bytes) -> None:
    made = login_id.make(random)
    wide = made.translate({ord(c): chr(ord(c) + 0xFEE0) for c in made if c != "-"})
    for typed in (made, made.lower(), made.replace("-", ""), made.replace("-", " "), f" {wide} "):
        assert login_id.canonical(typed) == made
    assert not login_id.may_be_chosen(made)
    assert not login_id.may_be_chosen(made.lower())


@given(st.text(max_size=100))
def test_a_canonical_login_id_stays_itself(typed: str) -> None:
    once = login_id.canonical(typed)
    assert login_id.canonical(once) == once


def test_a_receipt_number_with_a_typing_mistake_is_noticed() -> None:
    number = receipt_number.make("東", 2, 2026, 123)
    assert number.startswith("東利申26-000123-")
    assert receipt_number.is_intact(number, 2)
    assert not receipt_number.is_intact(number.replace("123", "132"), 2)
    assert not receipt_number.is_intact(number, 3)
    with pytest.raises(ValueError, match="serial"):
        receipt_number.make("東", 2, 2026, 1_000_000)


POSSIBLE = {
    (Status.SUBMITTED, Step.RETURN): Status.RETURNED,
    (Status.SUBMITTED, Step.APPROVE): Status.APPROVED,
    (Status.SUBMITTED, Step.REJECT): Status.REJECTED,
    (Status.RETURNED, Step.RESUBMIT): Status.SUBMITTED,
    (Status.RETURNED, Step.REJECT): Status.REJECTED,
}


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("step", Step)
def test_a_usage_registration_goes_only_its_way(status: Status, step: Step) -> None:
    if (status, step) in POSSIBLE:
        assert after(status, step) is POSSIBLE[status, step]
    else:
        with pytest.raises(StepNotPossible):
            after(status, step)


@given(st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_approval_of_a_category_3_organisation_needs_all_four(a: bool, b: bool, c: bool, d: bool) -> None:
    missing = Requirements(a, b, c, d).missing("org_staff", "CAT3", NOW.date())
    assert (missing == ()) is all((a, b, c, d))


def test_own_is_by_account_by_hand_and_by_address() -> None:
    applicant, hander_in, other = new_id(), new_id(), new_id()
    origin = Origin(applicant, hander_in, "a@example.jp")
    assert is_own(origin, applicant, None)
    assert is_own(origin, hander_in, None)
    assert is_own(origin, other, "A@Example.jp")
    assert not is_own(origin, other, "b@example.jp")
    assert not is_own(Origin(applicant, None, "a@example.jp"), other, None)


def test_documents_follow_role_and_category() -> None:
    """[newcomers S2-12] Evidence is asked; what the form holds is not asked again as a file."""
    assert required_documents("org_staff", "CAT4", NOW.date()) == ()
    assert "UA_CATEGORY" in required_documents("org_staff", "CAT1", NOW.date())
    assert "UA_AGENT_CERT" in required_documents("rso_staff", None, NOW.date())


@pytest.mark.parametrize(
    "password",
    ["midori no tsukue to kumo", "correct horse battery staple", "9f28-46nm-1938-47xk", "雨の日は静かな机で本を読む"],
)
def test_long_unrelated_words_are_welcome(password: str) -> None:
    assert RULE.flaws(normalise(password), "ZR-7K3M-9QXT") == ()


@given(st.sampled_from(sorted(filter(str.isalpha, common_words()))), st.integers(0, 999_999_999_999))
def test_a_common_word_with_digits_behind_is_refused(word: str, number: int) -> None:
    password = f"{word}{number}".ljust(12, "1")
    assert Flaw.COMMON in RULE.flaws(password, "ZR-7K3M-9QXT")


@given(st.text(max_size=200))
def test_the_rule_answers_for_any_text(password: str) -> None:
    flaws = RULE.flaws(normalise(password), "ZR-7K3M-9QXT")
    assert (Flaw.TOO_SHORT in flaws) is (len(normalise(password)) < 12)


def test_waits_double_up_to_the_longest_and_end_with_the_window() -> None:
    count, now, waits = None, NOW, []
    for _ in range(9):
        count = charge(LIMIT, count, now)
        waits.append(count.wait(now).total_seconds())
        now += count.wait(now)
    assert waits == [0, 0, 0, 10, 20, 40, 80, 120, 120]
    assert charge(LIMIT, count, now + timedelta(hours=2)).charged == 1


@given(st.lists(st.booleans(), max_size=40))
def test_right_attempts_never_make_anybody_wait(rights: list[bool]) -> None:
    count: Count | None = None
    wrong = 0
    for right in rights:
        if count is not None and count.wait(NOW):
            break
        count = charge(LIMIT, count, NOW)
        if right:
            count = refund(count)
        else:
            wrong += 1
        assert bool(count.wait(NOW)) is (wrong > LIMIT.free and not right)


def test_a_membership_holds_through_its_last_day_and_only_with_its_organisation() -> None:
    organisation, day = new_id(), date(2029, 11, 20)
    standing = Standing(organisation, "org_staff", MembershipState.ACTIVE, day, day)
    assert standing.holds_on(day)
    assert not standing.holds_on(day + timedelta(days=1))
    without = Standing(organisation, "org_staff", MembershipState.ACTIVE, day, date(2028, 1, 1))
    assert not without.holds_on(day)
    assert Standing(None, "self", MembershipState.ACTIVE, day, None).holds_on(day)
    assert roles_for(
        [standing, Standing(UUID(int=1), "rso_staff", MembershipState.ACTIVE, day, day)], organisation, day
    ) == {"org_staff"}


def test_a_session_warns_five_minutes_before_whichever_end_comes_first_and_never_before_it_was_used() -> None:
    def after_use(idle: timedelta, left: timedelta) -> tuple[timedelta, timedelta]:
        times = ends(Timeouts(idle, timedelta(hours=12)), expires_at=NOW + left, last_used_at=NOW)
        assert times.ends_at == NOW + left
        return times.idle_ends_at - NOW, times.warn_at - NOW

    minutes = [timedelta(minutes=n) for n in range(31)]
    assert after_use(idle=minutes[30], left=timedelta(hours=5)) == (minutes[30], minutes[25])
    assert after_use(idle=minutes[30], left=minutes[12]) == (minutes[12], minutes[7])
    assert after_use(idle=minutes[6], left=timedelta(hours=5)) == (minutes[6], minutes[4])


def test_random_login_ids_differ() -> None:
    assert len({login_id.make(os.urandom(login_id.RANDOM_BYTES)) for _ in range(1000)}) == 1000
