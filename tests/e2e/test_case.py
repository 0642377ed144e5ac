"""One case through the whole system, on real servers; afterwards nothing is lost, doubled or unaccounted for."""

import re
from collections import Counter

import pytest
from sqlalchemy import text

from deploy.demo import people
from deploy.demo.case import Outcome
from deploy.demo.letters import Letters, body_of
from deploy.local.stack import SERVICES_WITH_DATABASE
from deploy.local.system import System
from shared.db import Database
from shared.db.tables import tables_of
from shared.journal import compare_with_state, verify
from tests.support.waiting import eventually

pytestmark = pytest.mark.kafka


async def test_the_case_ends_with_a_receipt_number_and_a_mailed_card(played: Outcome) -> None:
    assert played.receipt_number.startswith("東オンＥＮ")
    assert played.login_id.startswith("ZR-")
    assert played.tracking_number
    assert len(set(played.of_the_workbook)) == 3


@pytest.mark.parametrize("service", SERVICES_WITH_DATABASE)
async def test_the_journal_is_whole_and_replays_to_the_state(system: System, played: Outcome, service: str) -> None:
    db = Database(system.stack.postgres.url(service))
    row = tables_of(service)
    try:
        async with db.read() as session:
            assert await verify(session) == []
            assert row.metadata.tables
            assert await compare_with_state(session, row) == []
    finally:
        await db.close()


@pytest.mark.parametrize("service", SERVICES_WITH_DATABASE)
async def test_every_event_was_sent_and_none_was_set_aside(system: System, played: Outcome, service: str) -> None:
    db = Database(system.stack.postgres.url(service))

    async def settled() -> bool:
        async with db.read() as session:
            waiting = await session.scalar(text("SELECT count(*) FROM outbox"))
            # Other tests send messages without a type to the same broker; whatever these services send has one.
            letters = await session.scalar(text("SELECT count(*) FROM dead_letters WHERE event_type IS NOT NULL"))
            return bool(waiting == 0 and letters == 0)

    try:
        await eventually(settled)
    finally:
        await db.close()


async def test_every_mail_was_sent_once(system: System, played: Outcome) -> None:
    mails = [message for _, message in Letters(system.mailbox_dir).all()]
    ids = Counter(str(message["Message-ID"]) for message in mails)
    assert len(ids) >= 12
    assert set(ids.values()) == {1}
    of_the_card = [m for m in mails if played.tracking_number in body_of(m)]
    assert sorted(str(m["To"]) for m in of_the_card) == [people.APPLICANT_MAIL, people.STAFF_MAIL]


async def test_every_mail_of_the_way_is_in_japanese_and_english(system: System, played: Outcome) -> None:
    for _, message in Letters(system.mailbox_dir).all():
        plain = message.get_body(("plain",))
        assert plain is not None
        written = str(plain.get_content())
        assert any("぀" <= letter <= "ヿ" for letter in written), message["Subject"]
        assert re.search(r"\b[A-Z][a-z]+( [a-z]+){3}", written), message["Subject"]
