"""Beside the form on the page of a case: hints, corrections by topic, earlier applications, the organisation."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from deploy.local.object_store import ObjectStore as S3Server
from services.gateway.edge.upstream import Upstreams
from shared.auth import Role
from shared.clock import ManualClock
from shared.journal import journal
from tests.gateway.browser import Page
from tests.gateway.desk import Office, office_site
from tests.infra.databases import Databases
from tests.support.service import RunningService


@pytest.fixture(scope="module")
async def office(databases: Databases, object_store: S3Server) -> AsyncIterator[Office]:
    """A case with a corrected form, of a person with two earlier applications, one of them at another office."""
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    with databases.lent() as new:
        async with office_site(new, clock, object_store) as made:
            await made.officer("examiner", Role.EXAMINER)
            await made.officer("auditor", Role.AUDITOR)
            await made.officer("card office", Role.CARD_OFFICE)
            await made.clerk.correct(
                {
                    "occupation": "清掃員",
                    "passport_expiry": "2026-11-19",
                    "job": {"detail": "客室の清掃と翻訳"},
                }
            )
            await made.clerk.filed_before("東オンＥＮ26000090", "TYO")
            await made.clerk.filed_before("阪オンＥＮ26000091", "OSA")
            await made.exchange()
            yield made


async def _case(office: Office, name: str = "examiner", lang: str = "en") -> Page:
    return await office.browsers[name].open(f"/desk/cases/{office.case_id}?lang={lang}")


@contextmanager
def _counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """The calls to services that pages make meanwhile."""
    calls: Counter[str] = Counter()
    call = Upstreams.call

    async def counted(self: Upstreams, service: str, method: str, path: str, **more: Any) -> Any:
        calls[f"{service} {path.partition('?')[0]}"] += 1
        return await call(self, service, method, path, **more)

    with monkeypatch.context() as patched:
        patched.setattr(Upstreams, "call", counted)
        yield calls


async def _actions(service: RunningService, aggregate: UUID) -> list[str]:
    """The actions of officers in the journal of one record."""
    async with service.db.read() as session:
        query = select(journal.c.action).where(journal.c.aggregate_id == aggregate, journal.c.actor_kind == "officer")
        return list(await session.scalars(query.order_by(journal.c.version)))


async def test_the_page_asks_each_service_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    await _case(office)
    application_id = office.clerk.application_id
    organisation_id = await _organisation_id(office)
    with _counted(monkeypatch) as calls:
        await _case(office)
    assert dict(calls) == {
        f"review /v1/cases/{office.case_id}/file": 1,
        "registration /v1/officers/colleagues": 1,
        f"application /v1/applications/{application_id}/case-file": 1,
        f"document /v1/documents/by-application/{application_id}": 1,
        f"registration /v1/organisations/{organisation_id}/record": 1,
    }


async def test_each_look_is_one_line_with_its_owner(office: Office) -> None:
    records = (
        (office.review, UUID(office.case_id), "case:read"),
        (office.clerk.application, UUID(office.clerk.application_id), "application:read"),
        (office.clerk.front.site.service, UUID(await _organisation_id(office)), "organisation:read"),
    )
    before = [await _actions(service, record) for service, record, _ in records]
    await _case(office)
    for (service, record, action), lines in zip(records, before, strict=True):
        assert await _actions(service, record) == [*lines, action]


async def test_hints_have_their_reasons_and_lead_to_the_answer(office: Office) -> None:
    page = await _case(office)
    assert "Passport expiration: 2026-11-19, which is in the past" in page.shown
    assert "清掃 (cleaning)" in page.shown
    hrefs = {href for text, href in page.links.items() if "cleaning" in text}
    assert len(hrefs) == 1 and hrefs <= {f"#{name}" for name in page.values("h3", "id")}
    for answer in ("To look at", "Nothing found", "Not asked in this application"):
        assert answer in page.shown, answer
    assert "Overdue periodic reports of the organisation" in page.shown
    japanese = await _case(office, lang="ja")
    assert "技術・人文知識・国際業務に当たる活動か" in japanese.shown


async def test_a_correction_is_shown_by_topic_of_the_form(office: Office) -> None:
    page = await _case(office)
    assert "Version 2" in page.shown
    captions = [text for text in page.texts["caption"] if text.startswith("Corrections 1: ")]
    assert len(captions) >= 2, "the fields belong to several topics"
    assert {text.removeprefix("Corrections 1: ") for text in captions} <= set(page.texts["h3"])


async def test_an_earlier_application_leads_to_its_case_where_the_officer_may_see_it(office: Office) -> None:
    page = await _case(office)
    assert {"東オンＥＮ26000090", "阪オンＥＮ26000091"} <= {text for texts in page.texts.values() for text in texts}
    leading = [href for href in page.values("a", "href") if href.startswith("/desk/cases/by-application/")]
    assert len(leading) == 1, "one of the own office"
    assert "Osaka" in page.shown
    led = await office.browsers["examiner"].open(f"/desk/cases/by-application/{office.clerk.application_id}?lang=en")
    assert led.path.split("?")[0] == f"/desk/cases/{office.case_id}"


async def test_the_organisation_is_shown_with_its_registration_and_results(office: Office) -> None:
    page = await _case(office)
    for text in (
        "株式会社見本",
        "CAT3 since",
        "treated as CAT2",
        "Periodic report: not due yet",
        "Applications so far",
    ):
        assert text in page.shown, text


async def test_who_may_not_see_the_form_sees_neither_hints_of_it_nor_earlier_applications(office: Office) -> None:
    auditor = await _case(office, "auditor")
    assert "which is in the past" not in auditor.shown
    assert "東オンＥＮ26000090" not in auditor.shown
    assert "株式会社見本" in auditor.shown, "an auditor reads every organisation"
    card_office = await _case(office, "card office")
    assert "東オンＥＮ26000090" not in card_office.shown
    assert "Periodic report" not in card_office.shown


async def _organisation_id(office: Office) -> str:
    answer = await office.browsers["examiner"].client.get(f"/api/v1/cases/{office.case_id}")
    assert answer.status_code == 200, answer.text
    return str(answer.json()["organisation_id"])
