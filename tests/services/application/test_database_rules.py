"""Around the rules: journal, jobs, grants and constraints of this service's database."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from services.application.filing.commands.sweeps import UNSEEN, UNSEEN_SECONDS
from services.application.filing.domain.receipt import special_period, stay_began_on
from services.application.jobs import jobs
from services.application.settings import Settings
from services.application.tables import Application
from shared.auth import Actor
from shared.clock import ManualClock
from shared.events.review import ReviewStarted
from shared.ids import new_id
from shared.journal.tables import journal
from shared.timers import Due
from shared.work import RequestIdentity
from tests.services.application.people import Filer
from tests.services.application.test_progress import MATERIALS

_SYSTEM = RequestIdentity(request_id="job")


async def run_job(filer: Filer, name: str) -> None:
    """Run a recurring job of the service once."""
    runtime = filer.service.app.state.runtime
    settings = runtime.settings
    assert isinstance(settings, Settings)
    job = next(job for job in jobs(settings) if job.name == name)
    async with runtime.commands.work(Actor.system("application.jobs"), _SYSTEM) as work:
        await job.run(work, Due(f"job:{name}", new_id(), filer.clock.now(), {}, 0))


async def _reminded(filer: Filer) -> list[str]:
    async with filer.service.db.read() as session:
        rows = await session.scalars(select(Application.id).where(Application.reminded_at.is_not(None)))
        return [str(row) for row in rows.all()]


async def test_the_journal_tells_the_whole_story_without_personal_data(filer: Filer) -> None:
    application_id = await filer.granted()
    await filer.post(f"/{application_id}/card-materials", MATERIALS)
    other = await filer.filed(form=filer.draft()["form"] | {"residence_card_no": "QQ11111111QQ"})
    await filer.post(f"/{other}/withdraw", {"reason": "帰国のため"})
    assert await filer.service.journal_problems() == []
    async with filer.service.db.read() as session:
        rows = (
            await session.execute(
                select(journal.c.changes, journal.c.detail, journal.c.answer).order_by(journal.c.position)
            )
        ).all()
    written = str([tuple(row) for row in rows])
    for secret in ("NGUYEN", "an.nguyen", "AB12345678CD", "霞が関", "帰国"):
        assert secret not in written


async def test_a_forgotten_draft_is_marked_once_and_again_after_work_on_it(filer: Filer, clock: ManualClock) -> None:
    forgotten, filed = await filer.begin(form={}), await filer.filed()
    await run_job(filer, "remind-drafts")
    assert await _reminded(filer) == []
    clock.advance(timedelta(days=7))
    fresh = await filer.begin(form={})
    await run_job(filer, "remind-drafts")
    assert await _reminded(filer) == [forgotten]
    await filer.put(f"/{forgotten}/form", {"form": {"sex": "F"}}, 1)
    assert await _reminded(filer) == []
    assert {filed, fresh}.isdisjoint(await _reminded(filer))


async def test_a_draft_never_touched_is_deleted_after_two_weeks_and_a_touched_one_stays(
    filer: Filer, clock: ManualClock
) -> None:
    untouched, touched, filed = await filer.begin(form={}), await filer.begin(form={}), await filer.filed()
    await filer.put(f"/{touched}/form", {"form": {"sex": "F"}}, 1)
    clock.advance(timedelta(days=7))
    # A reminder is no touch.
    await run_job(filer, "remind-drafts")
    clock.advance(timedelta(days=6))
    await run_job(filer, "delete-untouched-drafts")
    assert len((await filer.get())["items"]) == 3
    clock.advance(timedelta(days=1))
    await run_job(filer, "delete-untouched-drafts")
    assert {item["id"] for item in (await filer.get())["items"]} == {touched, filed}
    assert (await filer.request("GET", f"/{untouched}")).status_code == 404
    assert await filer.service.journal_problems() == []


async def test_an_application_that_review_has_not_seen_is_counted_with_its_lateness(
    filer: Filer, clock: ManualClock
) -> None:
    application_id = await filer.filed()
    clock.advance(timedelta(minutes=29))
    await run_job(filer, "unseen-applications")
    assert UNSEEN._value.get() == 0
    clock.advance(timedelta(minutes=2))
    await run_job(filer, "unseen-applications")
    assert (UNSEEN._value.get(), UNSEEN_SECONDS._value.get()) == (1, 31 * 60)
    await filer.review(ReviewStarted, application_id)
    await run_job(filer, "unseen-applications")
    assert (UNSEEN._value.get(), UNSEEN_SECONDS._value.get()) == (0, 0)


@pytest.mark.parametrize(
    ("table", "privilege", "held"),
    [
        ("applications", "UPDATE", True),
        ("progress_steps", "UPDATE", False),
        ("progress_steps", "DELETE", False),
        ("additional_submissions", "UPDATE", False),
        ("additional_submissions", "DELETE", False),
        ("documents", "DELETE", False),
        ("accounts", "DELETE", False),
    ],
)
async def test_the_role_may_do_what_it_needs_and_no_more(filer: Filer, table: str, privilege: str, held: bool) -> None:
    async with filer.service.db.read() as session:
        question = text("SELECT has_table_privilege(:t, :p)")
        assert await session.scalar(question, {"t": table, "p": privilege}) is held


async def test_the_role_can_delete_a_draft_and_never_a_filed_application(filer: Filer) -> None:
    application_id = await filer.filed()
    async with filer.service.db.transaction() as session:
        await session.execute(text("DELETE FROM applications"))
    assert (await filer.get(f"/{application_id}"))["status"] == "received"


@pytest.mark.parametrize(
    "change",
    [
        "receipt_number = NULL",
        "state = 'draft'",
        "state = 'nonsense'",
        "office = NULL",
        "submitted_at = NULL",
        "revision = 0",
        "file_ids = array_fill(id, ARRAY[21])",
    ],
)
async def test_the_database_itself_refuses_what_must_never_be(filer: Filer, change: str) -> None:
    await filer.filed()
    with pytest.raises(DBAPIError, match="ck_applications"):
        async with filer.service.db.transaction() as session:
            await session.execute(text(f"UPDATE applications SET {change}"))


@pytest.mark.parametrize(("office", "year"), [("tyo", 2026), ("T'O", 2026), ("TYO", 26), ("TYOX", 2026)])
async def test_a_serial_is_given_only_for_an_office_and_a_year(filer: Filer, office: str, year: int) -> None:
    with pytest.raises(DBAPIError, match="no serial"):
        async with filer.service.db.transaction() as session:
            await session.execute(text("SELECT next_serial(:o, :y)"), {"o": office, "y": year})


def test_a_stay_without_an_end_has_no_beginning_to_count_from() -> None:
    assert stay_began_on(date(2026, 8, 31), "INF") is None
    assert stay_began_on(date(2026, 8, 31), "M6") == date(2026, 2, 28)
    assert special_period("EXTEND", date(2026, 8, 31), "INF", date(2026, 8, 1)) is None
