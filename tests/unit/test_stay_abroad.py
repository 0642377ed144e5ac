"""People who can sign in from a place where others cannot."""

from datetime import UTC, datetime, timedelta

import pytest

from services.registration.accounts.domain.stay_abroad import can_sign_in_from

NOW = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
LATER, EARLIER = NOW + timedelta(seconds=1), NOW - timedelta(seconds=1)


@pytest.mark.parametrize(
    ("refused", "kind", "abroad_until", "can"),
    [
        ("", "person", None, True),
        ("officer", "person", None, True),
        ("person officer", "person", None, False),
        ("person officer", "person", EARLIER, False),
        ("person officer", "person", NOW, False),
        ("person officer", "person", LATER, True),
        ("officer", "officer", None, False),
        ("person", "officer", None, True),
    ],
)
def test_only_a_person_with_a_stay_in_force_signs_in_from_abroad(
    refused: str, kind: str, abroad_until: datetime | None, can: bool
) -> None:
    assert can_sign_in_from(frozenset(refused.split()), kind, abroad_until, NOW) is can
