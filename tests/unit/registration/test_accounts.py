"""Accounts, sessions, codes, clients and registrations: the rules alone."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.registration.accounts.domain import account_life, checked_code, stay_abroad
from services.registration.accounts.domain.account_life import AccountStepNotPossible
from services.registration.accounts.domain.blocks import BlockFlaw, network_flaw
from services.registration.accounts.domain.standing import (
    AccountState,
    MembershipState,
    Standing,
    reading_roles_for,
    roles_for,
)
from services.registration.authentication.domain import recovery_code, session, throttle
from services.registration.authentication.domain.password_rule import Flaw, PasswordRule
from services.registration.authentication.domain.session import Timeouts
from services.registration.authentication.domain.step_up import SignInMethod, is_strong, step_up_methods
from services.registration.authentication.domain.throttle import Count, Limit, charge, refund
from services.registration.oauth.domain import api_clients
from services.registration.officers.domain.officer_roles import RolesFlaw, role_change, roles_flaw
from services.registration.usage_registration.domain import draft, personal_registration, usage_registration
from services.registration.usage_registration.domain.personal_registration import Declared
from services.registration.usage_registration.domain.submitted_document import (
    File,
    SubmittedDocument,
    file_flaw,
    may_be_submitted,
)
from shared.reference.usage_documents import NAMES, ORGANISATION_ROLES

NOW = datetime(2026, 7, 15, 3, tzinfo=UTC)
TODAY = date(2026, 7, 15)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
OWNER, OTHER = UUID(int=1), UUID(int=2)
CODE = next(iter(NAMES))


def test_an_account_goes_from_state_to_state() -> None:
    assert account_life.account_step("active", AccountState.SUSPENDED) is AccountState.SUSPENDED
    with pytest.raises(AccountStepNotPossible) as refused:
        account_life.account_step("closed", AccountState.ACTIVE)
    assert refused.value.state is AccountState.CLOSED
    assert account_life.password_ends(NOW, 90) == NOW + 90 * DAY


@pytest.mark.parametrize(
    ("states", "nothing"),
    [(["ended", "rejected"], True), ([], True), (["ended", "expired"], False), (["applied"], False)],
)
def test_an_account_is_needed_while_something_is_left(states: list[str], nothing: bool) -> None:
    assert account_life.nothing_left(states) is nothing


def test_organisations_report_and_others_do_not() -> None:
    opens, due = account_life.report_days(next(iter(ORGANISATION_ROLES)), TODAY + 300 * DAY, TODAY)
    assert opens is not None
    assert due is not None
    assert opens < due
    assert account_life.report_days(next(iter(ORGANISATION_ROLES)), None, TODAY) == (None, None)
    assert account_life.report_days("self", TODAY, TODAY) == (None, None)


@pytest.mark.parametrize(
    ("network", "address", "flaw"),
    [
        ("203.0.113.0/24", "198.51.100.1", None),
        ("nonsense", "198.51.100.1", BlockFlaw.NO_NETWORK),
        ("203.0.0.0/16", "198.51.100.1", None),
        ("203.0.0.0/15", "198.51.100.1", BlockFlaw.TOO_LARGE),
        ("203.0.113.0/24", "203.0.113.9", BlockFlaw.OWN),
        ("203.0.113.0/24", "::ffff:203.0.113.9", BlockFlaw.OWN),
        ("203.0.113.0/24", "a socket", None),
    ],
)
def test_a_network_is_blocked_unless_it_is_too_large_or_the_operators_own(
    network: str, address: str, flaw: BlockFlaw | None
) -> None:
    assert network_flaw(network, address) is flaw


def _standing(**given: Any) -> Standing:
    usual = {"organisation_id": None, "role": "self", "state": MembershipState.ACTIVE, "valid_until": TODAY}
    return Standing(**usual | {"organisation_valid_until": None} | given)


@pytest.mark.parametrize(
    ("standing", "holds", "reads"),
    [
        (_standing(), True, True),
        (_standing(valid_until=TODAY - DAY), False, True),
        (_standing(valid_until=None), False, False),
        (_standing(state=MembershipState.EXPIRED), False, True),
        (_standing(state=MembershipState.ENDED), False, False),
        (_standing(organisation_id=OWNER, organisation_valid_until=TODAY), True, True),
        (_standing(organisation_id=OWNER, organisation_valid_until=TODAY - DAY), False, True),
        (_standing(organisation_id=OWNER), False, True),
    ],
)
def test_a_membership_acts_while_it_and_its_organisation_are_valid_and_reads_longer(
    standing: Standing, holds: bool, reads: bool
) -> None:
    assert standing.holds_on(TODAY) is holds
    assert standing.may_read() is reads
    assert roles_for([standing], standing.organisation_id, TODAY) == (frozenset({"self"}) if holds else frozenset())
    assert reading_roles_for([standing], standing.organisation_id) == (frozenset({"self"}) if reads else frozenset())
    assert roles_for([standing], OTHER, TODAY) == reading_roles_for([standing], OTHER) == frozenset()


def test_a_stay_abroad_lasts_to_its_moment() -> None:
    assert stay_abroad.latest_day(TODAY) == TODAY + 90 * DAY
    assert stay_abroad.day_of(None, NOW) is stay_abroad.day_of(NOW, NOW) is None
    assert stay_abroad.day_of(NOW + MINUTE, NOW) == TODAY
    assert stay_abroad.can_sign_in_from({"person"}, "staff", None, NOW)
    assert stay_abroad.can_sign_in_from({"person"}, "person", NOW + MINUTE, NOW)
    assert not stay_abroad.can_sign_in_from({"person"}, "person", NOW, NOW)
    assert not stay_abroad.can_sign_in_from({"person"}, "person", None, NOW)
    assert not stay_abroad.can_sign_in_from({"staff"}, "staff", NOW + MINUTE, NOW)


def test_recovery_codes_are_recognised_as_people_type_them() -> None:
    code = recovery_code.make(bytes(range(recovery_code.RANDOM_BYTES)))
    assert [len(part) for part in code.split("-")] == [4, 4, 4]
    plain = code.replace("-", "")
    assert recovery_code.canonical(code.lower().replace("-", " ")) == plain
    wrong = plain[:-1] + ("A" if plain[-1] != "A" else "B")
    assert recovery_code.canonical(wrong) is recovery_code.canonical(plain[:-1]) is recovery_code.canonical("") is None
    with pytest.raises(ValueError, match="11 characters need 88 random bytes"):
        checked_code.from_random(bytes(87), 11)


RULE = PasswordRule(shortest=8, longest=20, common=frozenset({"password", "sakura", "tokyo"}))


@pytest.mark.parametrize(
    ("password", "flaws"),
    [
        ("brisk-otter", ()),
        ("otterly", (Flaw.TOO_SHORT,)),
        ("o" + "tters" * 4, (Flaw.TOO_LONG,)),
        ("sakuratokyo", (Flaw.COMMON,)),
        ("sakurasakura", (Flaw.COMMON,)),
        ("P@ssw0rd!!", (Flaw.COMMON,)),
        ("abcdefgh", (Flaw.COMMON,)),
        ("87654321", (Flaw.COMMON,)),
        ("aaaaaaaaaa", (Flaw.COMMON,)),
        ("my-5g6d-scpb", (Flaw.CONTAINS_LOGIN_ID,)),
        ("", (Flaw.TOO_SHORT,)),
    ],
)
def test_a_password_is_long_and_not_what_everybody_tries(password: str, flaws: tuple[Flaw, ...]) -> None:
    assert RULE.flaws(password, "ZR-5G6D-SCPB") == flaws


def test_a_session_ends_idle_or_absolutely_and_warns_before() -> None:
    timeouts = Timeouts(30 * MINUTE, 8 * 60 * MINUTE)
    alive = {"expires_at": NOW + 60 * MINUTE, "last_used_at": NOW, "ended_at": None}
    for changed, now, expected in [
        ({}, NOW + 29 * MINUTE, True),
        ({}, NOW + 30 * MINUTE, False),
        ({"last_used_at": NOW + 50 * MINUTE}, NOW + 60 * MINUTE, False),
        ({"ended_at": NOW}, NOW, False),
    ]:
        assert session.is_alive(timeouts, **alive | changed, now=now) is expected  # type: ignore[arg-type]
    found = session.ends(timeouts, expires_at=NOW + 20 * MINUTE, last_used_at=NOW)
    assert (found.idle_ends_at, found.warn_at) == (NOW + 20 * MINUTE, NOW + 15 * MINUTE)
    short = session.ends(Timeouts(6 * MINUTE, DAY), expires_at=NOW + DAY, last_used_at=NOW)
    assert short.warn_at == NOW + 4 * MINUTE


def test_attempts_beyond_the_free_ones_wait_twice_as_long_each_time() -> None:
    limit = Limit(2, 10 * MINUTE, MINUTE, 5 * MINUTE)
    count = charge(limit, None, NOW)
    assert (count, count.wait(NOW)) == (Count(1, NOW + 10 * MINUTE, None), timedelta(0))
    waits = []
    for _ in range(6):
        count = charge(limit, count, NOW)
        waits.append(count.wait(NOW) // MINUTE)
    assert waits == [0, 1, 2, 4, 5, 5]
    assert count.window_ends == NOW + 10 * MINUTE
    assert charge(limit, Count(9, NOW + MINUTE, None), NOW).window_ends == NOW + 6 * MINUTE
    assert charge(limit, count, NOW + 10 * MINUTE).charged == 1
    assert refund(count) == Count(6, NOW + 10 * MINUTE, None)
    assert refund(Count(0, NOW, NOW)).charged == 0
    assert throttle.PASSKEY_ADDRESS.free == 300


def test_a_client_calls_from_its_networks() -> None:
    assert api_clients.network(" 203.0.113.0/24 ") == "203.0.113.0/24"
    assert api_clients.network("2001:db8::1") == "2001:db8::1/128"
    for wrong in ("0.0.0.0/0", "203.0.113.1/24", "home"):
        with pytest.raises(ValueError):
            api_clients.network(wrong)
    assert api_clients.comes_from("anywhere", [])
    assert api_clients.comes_from("::ffff:203.0.113.9", ["198.51.100.0/24", "203.0.113.0/24"])
    assert not api_clients.comes_from("203.0.114.9", ["203.0.113.0/24"])
    assert not api_clients.comes_from("a socket", ["203.0.113.0/24"])


@pytest.mark.parametrize("uri", ["https://example.jp/back?x=1", "http://127.0.0.1:8000/back", "http://[::1]/back"])
def test_people_are_sent_back_to_registered_places(uri: str) -> None:
    assert api_clients.redirect_uri(uri) == uri


@pytest.mark.parametrize(
    "uri", ["http://example.jp/back", "https://example.jp/back#x", "https://example.jp/a b", "", "ftp://example.jp/"]
)
def test_other_places_are_none(uri: str) -> None:
    with pytest.raises(ValueError):
        api_clients.redirect_uri(uri)


def test_an_answer_stands_in_the_query() -> None:
    assert api_clients.with_answer("https://a.jp/b", code="1", state=None) == "https://a.jp/b?code=1"
    assert api_clients.with_answer("https://a.jp/b?c=d", code="1 2") == "https://a.jp/b?c=d&code=1+2"


def test_a_challenge_fits_its_verifier_alone() -> None:
    # The example of RFC 7636, appendix B.
    verifier, challenge = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    assert api_clients.is_challenge(challenge)
    assert not api_clients.is_challenge(challenge[1:])
    assert api_clients.verifies(verifier, challenge)
    assert not api_clients.verifies(verifier[:-1] + "l", challenge)
    assert not api_clients.verifies(verifier[1:], challenge)


@pytest.mark.parametrize(
    ("asked", "expected"), [(None, {"read", "file"}), ("read", {"read"}), ("read all", None), ("", None)]
)
def test_a_token_has_no_more_scopes_than_were_granted(asked: str | None, expected: set[str] | None) -> None:
    assert api_clients.scopes_of(asked, ["read", "file"]) == expected


def test_a_client_lasts_a_year_at_most() -> None:
    year = api_clients.LONGEST_LIFE
    assert api_clients.may_last_until(None, NOW) == api_clients.may_last_until(NOW + year, NOW) == NOW + year
    assert api_clients.may_last_until(NOW + MINUTE, NOW) == NOW + MINUTE
    assert api_clients.may_last_until(NOW, NOW) is None
    assert api_clients.may_last_until(NOW + year + MINUTE, NOW) is None


@pytest.mark.parametrize(
    ("roles", "address", "flaw"),
    [
        ({"examiner"}, False, None),
        (set(), True, RolesFlaw.NONE),
        ({"examiner", "king"}, True, RolesFlaw.NONE),
        ({"administrator"}, False, RolesFlaw.ADDRESS),
        ({"administrator"}, True, None),
    ],
)
def test_an_officer_holds_roles_that_go_together(roles: set[str], address: bool, flaw: RolesFlaw | None) -> None:
    assert roles_flaw(frozenset(roles), has_address=address, day=TODAY) is flaw


def test_changes_of_roles_are_what_differs() -> None:
    change = role_change(frozenset({"a", "b"}), frozenset({"b", "c"}))
    assert (change.granted, change.revoked) == (frozenset({"c"}), frozenset({"a"}))


def test_a_draft_is_kept_a_week_after_its_reminder() -> None:
    assert draft.kept_until(NOW, None, 30 * DAY) == NOW + 30 * DAY
    assert draft.kept_until(NOW, NOW + 5 * DAY, 30 * DAY) == NOW + 30 * DAY
    assert draft.kept_until(NOW, NOW + 29 * DAY, 30 * DAY) == NOW + 36 * DAY


KEPT = {
    "name": "TANAKA HANA",
    "birth_date": "1990-01-01",
    "professional": {"certificate_valid_until": "2027-03-31"},
    "representation": {"kind": "parent", "people": [{"birth_date": "2020-05-05"}]},
}


def test_what_a_person_declared_is_read() -> None:
    found = Declared.read(KEPT)
    assert found == Declared("TANAKA HANA", date(1990, 1, 1), date(2027, 3, 31), "parent", (date(2020, 5, 5),))
    bare = Declared.read({"name": "TANAKA HANA", "birth_date": "1990-01-01", "professional": None})
    assert bare == Declared("TANAKA HANA", date(1990, 1, 1))


def test_a_class_is_open_from_an_age_on_and_relatives_act_for_children() -> None:
    assert personal_registration.too_young("self", TODAY, TODAY)
    assert not personal_registration.too_young("self", date(1990, 1, 1), TODAY)
    grown = Declared("X", date(1970, 1, 1), represented=(date(2000, 1, 1),))
    child = Declared("X", date(1970, 1, 1), represented=(date(2020, 1, 1),))
    assert personal_registration.acts_for_unable("relative", grown, TODAY)
    assert not personal_registration.acts_for_unable("relative", child, TODAY)
    assert not personal_registration.acts_for_unable("legal_rep", grown, TODAY)


def test_a_registration_ends_with_what_it_rests_on() -> None:
    def last(role: str, **given: Any) -> date:
        return personal_registration.last_day(role, Declared("X", date(1970, 1, 1), **given), TODAY, TODAY)

    assert last("lawyer_scrivener", certificate_until=date(2026, 12, 31)) == date(2026, 12, 31)
    soon_grown = date(2010, 9, 1)
    assert last("relative", represented=(soon_grown,)) < last("self")
    assert last("legal_rep", representation="parent", represented=(soon_grown,)) < last(
        "legal_rep", representation="guardian_of_adult", represented=(soon_grown,)
    )


@pytest.mark.parametrize(
    ("state", "until", "expected"),
    [
        ("active", None, True),
        ("active", TODAY, True),
        ("active", TODAY + 1000 * DAY, False),
        ("applied", None, False),
        ("ended", None, True),
    ],
)
def test_a_person_registers_again_when_the_end_is_near(state: str, until: date | None, expected: bool) -> None:
    assert personal_registration.may_register_again(state, until, TODAY) is expected


def _file(**given: Any) -> File:
    usual: dict[str, Any] = {"owner_id": OWNER, "state": "accepted", "codes": [CODE]}
    return File(**usual | given)


@pytest.mark.parametrize(
    ("file", "flaw"),
    [
        (_file(), None),
        (None, "file-not-known"),
        (_file(owner_id=OTHER), "file-not-known"),
        (_file(state="rejected"), "file-rejected"),
        (_file(codes=["another"]), "file-of-another-document"),
    ],
)
def test_a_file_can_be_submitted_by_its_owner_for_what_it_is(file: File | None, flaw: str | None) -> None:
    assert file_flaw(SubmittedDocument(CODE), file, {OWNER}) == flaw


def test_files_of_applications_are_not_submitted_here() -> None:
    assert may_be_submitted("pdf", [])
    assert may_be_submitted("pdf", ["another", CODE])
    assert not may_be_submitted("pdf", ["another"])
    assert not may_be_submitted("photo", [CODE])


@pytest.mark.parametrize(
    ("officer", "email", "own"),
    [
        (OWNER, None, True),
        (OTHER, None, True),
        (UUID(int=3), "A@example.jp", True),
        (UUID(int=3), "b@example.jp", False),
        (UUID(int=3), None, False),
    ],
)
def test_nobody_decides_their_own(officer: UUID, email: str | None, own: bool) -> None:
    origin = usage_registration.Origin(OWNER, OTHER, "a@example.jp")
    assert usage_registration.is_own(origin, officer, email) is own


def test_steps_of_a_usage_registration() -> None:
    for status in usage_registration.Status:
        steps = usage_registration.officers_steps(status)
        assert usage_registration.Step.RESUBMIT not in steps
        for step in usage_registration.Step:
            if step in steps:
                usage_registration.after(status, step)
    with pytest.raises(usage_registration.StepNotPossible):
        usage_registration.after(usage_registration.Status.APPROVED, usage_registration.Step.RESUBMIT)


def test_people_prove_who_they_are_with_what_they_have() -> None:
    nothing = dict.fromkeys(("totp", "passkey", "recovery_code", "password", "identity"), False)
    for given, methods in [
        ({}, ()),
        ({"password": True, "recovery_code": True}, (SignInMethod.PASSWORD,)),
        ({"password": True, "totp": True, "recovery_code": True}, (SignInMethod.TOTP, SignInMethod.RECOVERY_CODE)),
        ({"password": True, "passkey": True, "identity": True}, (SignInMethod.PASSKEY, SignInMethod.IDENTITY)),
    ]:
        assert step_up_methods(**nothing | given) == methods
    assert not is_strong(None)
    assert {method for method in SignInMethod if is_strong(method)} == {
        SignInMethod.TOTP,
        SignInMethod.RECOVERY_CODE,
        SignInMethod.PASSKEY,
    }


def test_organisations_of_a_pledge_are_named_once() -> None:
    assert usage_registration.repeated(["1", None, "2", "1", None, "1"]) == (3, 5)
