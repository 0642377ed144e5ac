"""One application followed in an operator's browser: by number, with what is missing and who is away."""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import insert, select

from deploy.local.object_store import ObjectStore as S3Server
from shared.auth import Role
from shared.clock import ManualClock
from shared.messaging.tables import inbox, outbox
from tests.gateway.desk import office_site
from tests.infra.databases import TestDatabase

PATH = "/desk/board/follow"


async def test_an_operator_follows_an_application_through_the_services(
    service_database: Callable[[str], TestDatabase], object_store: S3Server
) -> None:
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    async with office_site(service_database, clock, object_store) as office:
        browser = await office.officer("operator", Role.OPERATOR)
        number = (await office.clerk.kept())["receipt_number"]
        async with office.clerk.application.db.read() as session:
            submitted = select(outbox.c.id).where(outbox.c.type == "zairyu.ApplicationSubmitted.v1")
            event_id = await session.scalar(submitted)
        async with office.review.db.transaction() as session:
            await session.execute(insert(inbox).values(consumer_group="review", event_id=event_id))

        page = await browser.open(f"{PATH}?lang=en&reference={number}")
        assert f"Application {office.clerk.application_id}" in page.shown
        for text in (
            "application:submit",
            "zairyu.ApplicationSubmitted.v1",
            "case:open",
            str(event_id),
        ):
            assert text in page.shown, text
        assert "Review: " in page.shown  # with the time after which review took the event
        assert "Notifications" in page.shown, "a service that is away is said"
        for hidden in ("NGUYEN", "@example", "AB12345678CD"):
            assert hidden not in page.shown
        assert "No application has this number" in (await browser.open(f"{PATH}?lang=en&reference=x")).shown

        auditor = await office.officer("auditor", Role.AUDITOR)
        assert (await auditor.open(f"{PATH}?lang=en")).status == 403
