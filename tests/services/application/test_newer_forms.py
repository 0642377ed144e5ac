"""A draft that outlives the form in which it was begun."""

from datetime import UTC, datetime, timedelta

import pytest

from services.application.forms.extend.n import EXTEND_N
from shared.clock import ManualClock
from tests.services.application.people import Filer, pointers


@pytest.fixture
def clock() -> ManualClock:
    """The form of January is still that of the day, for a week."""
    return ManualClock(datetime(2026, 2, 20, tzinfo=UTC))


async def test_a_newer_form_is_offered_and_takes_over_what_was_entered(filer: Filer, clock: ManualClock) -> None:
    january = "extend-n-2026-01-05"
    form = {"sex": "F", "occupation": "x", "org": {"staff": 5}}
    application_id = await filer.begin(form=form)
    assert (await filer.get(f"/{application_id}/check"))["newer_form"] is None
    clock.advance(timedelta(days=9))
    newer = (await filer.get(f"/{application_id}/check"))["newer_form"]
    assert (newer["version"], newer["must"]) == (EXTEND_N.version, False)
    assert "/form/jobs" in {field["pointer"] for field in newer["added"]}
    kept = await filer.patch(application_id, {"form": {"sex": "M"}}, 1)
    assert kept.json()["form_version"] == january, "it is never forced"
    for other in ("extend-n-2019-01-01", "coe-n-2026-04-01"):
        refused = await filer.patch(application_id, {"form_version": other}, 2)
        assert (refused.status_code, pointers(refused)) == (422, ["/form_version"])
        assert EXTEND_N.version in refused.json()["errors"][0]["message"]
    taken = await filer.patch(application_id, {"form_version": EXTEND_N.version}, 2)
    assert (taken.status_code, taken.json()["form_version"]) == (200, EXTEND_N.version)
    view = await filer.get(f"/{application_id}")
    assert (view["form"] | view["set_aside"]) == form | {"sex": "M"}
    assert (await filer.get(f"/{application_id}/check"))["newer_form"] is None
    again = await filer.patch(application_id, {"form_version": EXTEND_N.version}, 2)
    assert (again.status_code, again.json()["revision"]) == (200, 3)
