"""The card office at work on many cases, and the applicant's visit to the counter, in browsers without scripts."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from deploy.local.object_store import ObjectStore as S3Server
from services.gateway.pages.desk.card_desk import MOST_BYTES
from shared.clock import ManualClock
from shared.reference.receipt_numbers import parse_receipt_number
from tests.gateway.desk import EXAMINING, Office, office_site
from tests.infra.databases import Databases

DESK = "/desk/card-desk"


@pytest.fixture
async def office(databases: Databases, object_store: S3Server) -> AsyncIterator[Office]:
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    with databases.lent() as new:
        async with office_site(new, clock, object_store) as made:
            for name, roles in EXAMINING.items():
                await made.officer(name, *roles)
            await made.step("examiner", "start", "Start")
            await made.step("examiner", "proposal", "Propose", outcome="grant", period_of_stay="Y3")
            await made.step("chief", "decision", "Confirm", approve="yes")
            paid = {"amount_yen": "56000", "paid_on": "2026-11-20", "reference": "S-1"}
            await made.step("card office", "fee", "Record", **paid)
            await made.exchange()
            yield made


async def test_an_envelope_is_scanned_a_card_printed_mailed_returned_and_collected(office: Office) -> None:
    desk = office.browsers["card office"]
    number = (await office.clerk.kept())["receipt_number"]
    code = parse_receipt_number(number).ascii

    page = await desk.open(f"{DESK}/scan?lang=en")
    empty = await desk.send(page, "Record the envelopes", numbers=" ")
    assert (empty.status, "Fill this in." in empty.shown) == (422, True)
    scanned = await desk.send(empty, "Record the envelopes", numbers=f"{code}\nTYOEN99999999\n")
    assert "1 recorded, 0 recorded before, 1 refused" in scanned.shown
    assert "No case of your office has this number. Check it." in scanned.shown

    page = await desk.open(f"{DESK}?lang=en")
    batch = await desk.send(page, "Cards to print (1)")
    assert "The batch was made." in batch.shown
    assert code in batch.shown
    file = await desk.client.get(batch.links["Download the CSV"])
    assert file.headers["content-type"] == "text/csv; charset=utf-8"
    assert number in file.content.decode("utf-8-sig")
    wrong = await desk.send(batch, "Take the file", file="code\nx\n")
    assert (wrong.status, "The first line has to name these columns: card_number" in wrong.shown) == (422, True)
    printed = await desk.send(wrong, "Take the file", file=f"code,card_number\n{code},AB12345678CD\n")
    assert "1 recorded, 0 recorded before, 0 refused" in printed.shown
    nothing = await desk.send(await desk.open(f"{DESK}?lang=en"), "Cards to print (0)")
    assert "No case waits for it." in nothing.shown

    batch = await desk.send(await desk.open(f"{DESK}?lang=en"), "Cards to send by post (1)")
    sent = f"code,carrier,tracking_number\n{code},letter_pack_plus,1234-5678-9012\n"
    assert "1 recorded" in (await desk.upload(batch, batch.form("Send the file"), sent.encode("utf-8-sig"))).shown
    # The page that answered an upload is reloaded as the page of the batch, and its other forms go there too.
    address = batch.path.partition("?")[0]
    assert (await desk.client.get(f"{address}/returned")).headers["location"] == address
    report = await desk.open(f"{DESK}/report?lang=en")
    none = await desk.upload(report, report.form("Send the file"), b"")
    assert (none.status, "Choose a file" in none.shown) == (422, True)
    large = await desk.upload(none, none.form("Send the file"), b"x" * (MOST_BYTES + 1))
    assert (large.status, "Split it into files of up to 700 KB" in large.shown) == (413, True)
    unread = await desk.upload(large, large.form("Send the file"), b"\x81\xff\x00")
    assert (unread.status, "The character encoding is not known." in unread.shown) == (422, True)
    lines = "お問い合わせ番号,結果\r\n123456789012,返送\r\n99,返送\r\n123456789012,不明\r\n"
    back = await desk.upload(unread, unread.form("Send the file"), lines.encode("cp932"))
    assert "1 recorded, 0 recorded before, 2 refused" in back.shown
    assert "The result is one of: delivered, " in back.shown
    assert (await desk.client.get(f"{DESK}/report/returned")).headers["location"] == f"{DESK}/report"
    await office.exchange()
    page = await office.clerk.open()
    assert "The residence card could not be delivered." in page.shown
    assert "Check contact and address" in page.links

    await office.step("card office", "counter-visit", "Have it collected", reason_code="returned_mail")
    await office.exchange()
    page = await office.clerk.open()
    assert "Book a time for your visit." in page.shown
    visit = await office.clerk.browser.open(page.links["Visit to the counter"] + "?lang=en")
    none = await office.clerk.browser.send(visit, "Book this time")
    assert (none.status, "Choose a time." in none.shown) == (422, True)
    booked = await office.clerk.browser.send(none, "Book this time", starts_at="2026-11-24T09:00:00+09:00")
    assert "The time is booked." in booked.shown
    moved = await office.clerk.browser.send(
        booked, "Move the visit to this time", starts_at="2026-11-24T09:15:00+09:00"
    )
    assert "24 November 2026" in moved.shown
    assert "窓口の予約" in (await office.clerk.open("/visit", lang="ja")).shown
    visits = await desk.open(f"{DESK}/visits?day=2026-11-24&lang=en")
    assert number in visits.shown
    assert "No visit is booked." in (await desk.open(f"{DESK}/visits?day=x&lang=en")).shown


async def test_what_is_handed_over_at_the_counter_is_recorded_from_its_number(office: Office) -> None:
    desk = office.browsers["card office"]
    number = (await office.clerk.kept())["receipt_number"]
    page = await desk.open(f"{DESK}/counter?lang=en")
    assert (await desk.send(page, "Continue", number=" ")).status == 422
    assert (
        "No case of your office has this number." in (await desk.send(page, "Continue", number="TYOEN99999999")).shown
    )
    page = await desk.send(page, "Continue", number=parse_receipt_number(number).ascii)
    assert "Record what is handed over at the counter" in page.shown
    assert "amount_yen" not in page.form("Record").fields, "it is paid"
    unchosen = await desk.send(page, "Record", residence_card_received="yes")
    assert (unchosen.status, "Choose how the applicant receives the new card" in unchosen.shown) == (422, True)
    page = await desk.send(unchosen, "Record", receives="counter")
    assert "What was handed over was recorded." in page.shown
    assert await office.state() == "CARD_PRODUCTION"
    await office.exchange()
    assert "Your new residence card is being made." in (await office.clerk.open()).shown


async def test_a_lost_letter_is_recorded_on_the_page_of_its_step(office: Office) -> None:
    await office.step("card office", "materials", "Record", residence_card_received="yes")
    await office.step("card office", "card", "Record", card_number="AB12345678CD", expires_on="2029-01-31")
    await office.step("card office", "mailing", "Record", carrier="letter_pack_plus", tracking_number="123456789012")
    office.clerk.front.clock.advance(timedelta(minutes=1))
    page = await office.step("card office", "card-return", "Record", kind="lost")
    assert "It was recorded." in page.shown
    assert await office.state() == "CARD_PRODUCTION"


@pytest.mark.parametrize("page", ["", "/scan", "/report", "/visits"])
async def test_the_desk_is_the_card_offices_alone(office: Office, page: str) -> None:
    assert (await office.browsers["examiner"].open(f"{DESK}{page}?lang=en")).status == 403
    assert (await office.browsers["card office"].open(f"{DESK}{page}?lang=ja")).status == 200
