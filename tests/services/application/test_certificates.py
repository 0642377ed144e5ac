"""Certificates: the signed PDF, links for people without an account, the receipt, the verification by anybody."""

import asyncio
from base64 import b64encode
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import httpx
import pypdfium2
import pytest
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature

from services.application.certificates.domain import MOST_LINKS, MOST_TRIES
from services.application.papers.codes import Certified, ProofKeys
from services.application.papers.signing import PdfSigner, UnusableSigner
from services.application.tables import Certificate
from shared.auth import Role
from shared.clock import ManualClock
from shared.events.application import CertificateLinkSent, CertificateReceived
from shared.events.document import PhotoReleased
from shared.events.fields import GrantedCondition
from shared.events.review import (
    ApplicationTerminated,
    CardIssued,
    CertificateIssued,
    CertificateRevoked,
    ReviewCompleted,
)
from shared.ids import new_id
from shared.messaging import EventKeys
from shared.reference.grant_conditions import in_words
from shared.reference.lists import code_list
from tests.services.application.people import Filer
from tests.services.application.test_database_rules import run_job
from tests.support import keys
from tests.support.tokens import bearer, officer

NUMBER, UNTIL = "TYO26-000123", date(2027, 2, 20)
BORN = "1995-04-01"


@dataclass
class Holder:
    """A granted application with a certificate, and what is done with it."""

    filer: Filer
    application_id: str

    async def links(self) -> list[str]:
        """The secrets of the links that were sent, oldest first."""
        sent = [event for event in await self.filer.service.events() if isinstance(event, CertificateLinkSent)]
        return [keys.unsealed(event.sealed_link).rpartition("/certificate/")[2] for event in sent]

    async def link(self, secret: str, path: str = "", birth_date: str = BORN) -> httpx.Response:
        """A request of somebody who has a link and no account."""
        return await self.filer.service.client.post(
            f"/v1/certificate-links/{secret}{path}", json={"birth_date": birth_date}, headers={"Accept-Language": "en"}
        )

    async def send(self, email: str = "mother@example.vn") -> httpx.Response:
        return await self.filer.post(f"/{self.application_id}/certificate/links", {"email": email, "language": "en"})

    async def view(self) -> Any:
        return await self.filer.get(f"/{self.application_id}/certificate")

    async def received(self) -> list[CertificateReceived]:
        return [event for event in await self.filer.service.events() if isinstance(event, CertificateReceived)]


def jpeg() -> bytes:
    """A picture of the size of a photo on a certificate."""
    content = BytesIO()
    Image.new("RGB", (354, 472), (90, 120, 160)).save(content, "JPEG")
    return content.getvalue()


async def issue(filer: Filer, application_id: str, *, photo: bytes | None = b"", **changes: Any) -> None:
    """Review issues the certificate, and document releases the photo (none with None)."""
    values = {
        "application_id": application_id,
        "account_id": filer.actor.id,
        "certificate_number": NUMBER,
        "procedure": "COE",
        "status_of_residence": "ENG_HUM_INT",
        "period_of_stay": "Y3",
        "method": "EMAIL",
        "valid_until": UNTIL,
        "photo_id": new_id(),
        "issued_at": filer.clock.now(),
    } | changes
    await filer.service.deliver(CertificateIssued.example(**values))
    if photo is None:
        return
    document = EventKeys.parse("document", keys.PAIRS["document"][0], keys.PUBLIC)
    sealed = document.seal_for("application", b64encode(photo or jpeg()).decode())
    await filer.service.deliver(
        PhotoReleased.example(photo_id=values["photo_id"], application_id=application_id, sealed_photo=sealed)
    )


async def decided(filer: Filer) -> str:
    """A granted application of a person born on the day above."""
    form = filer.draft()["form"] | {"birth_date": BORN}
    application_id = await filer.filed(form=form)
    await filer.service.deliver(
        ReviewCompleted.example(application_id=application_id, account_id=filer.actor.id, outcome="granted")
    )
    return application_id


@pytest.fixture
async def holder(filer: Filer) -> Holder:
    """A certificate that was just issued by e-mail."""
    application_id = await decided(filer)
    await issue(filer, application_id)
    return Holder(filer, application_id)


def text_of(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    try:
        assert len(document) == 1
        return str(document[0].get_textpage().get_text_range())
    finally:
        document.close()


async def test_the_pdf_names_its_holder_and_is_signed_as_a_whole(holder: Holder) -> None:
    answer = await holder.filer.request("GET", f"/{holder.application_id}/certificate/file")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf"), answer.text
    page = text_of(answer.content)
    receipt = (await holder.filer.get(f"/{holder.application_id}"))["receipt_number"]
    for shown in ("在留資格認定証明書", NUMBER, "NGUYEN VAN AN", BORN, "ベトナム", "2027年2月20日", receipt):
        assert shown in page
    images = [o for o in pypdfium2.PdfDocument(answer.content)[0].get_objects() if o.type == 3]
    assert len(images) == 2, "the photo and the QR code"

    def checked(content: bytes) -> Any:
        (signature,) = PdfFileReader(BytesIO(content)).embedded_signatures
        return validate_pdf_signature(signature)

    state = await asyncio.to_thread(checked, answer.content)
    assert state.intact and state.valid and state.coverage.name == "ENTIRE_FILE"
    altered = answer.content.replace(b"/Title", b"/Titlf", 1)
    assert not (await asyncio.to_thread(checked, altered)).intact


async def test_a_certificate_waits_for_its_photo_and_one_without_a_photo_does_not(filer: Filer) -> None:
    application_id = await decided(filer)
    assert (await filer.request("GET", f"/{application_id}/certificate")).json()["code"] == "no-certificate"
    await issue(filer, application_id, photo=None)
    holder = Holder(filer, application_id)
    assert (await holder.view())["ready"] is False
    early = await filer.request("GET", f"/{application_id}/certificate/file")
    assert (early.status_code, early.json()["code"]) == (409, "no-certificate")
    assert await holder.links() == []
    await filer.service.deliver(PhotoReleased.example(application_id=application_id, sealed_photo=None))
    assert (await holder.view())["ready"] is True
    assert len(await holder.links()) == 1
    assert (await filer.request("GET", f"/{application_id}/certificate/file")).status_code == 200


async def test_a_paper_goes_by_mail_and_sends_no_link(filer: Filer) -> None:
    application_id = await decided(filer)
    await issue(filer, application_id, procedure="WORKCERT", method="POST", valid_until=None, photo_id=None, photo=None)
    holder = Holder(filer, application_id)
    assert await holder.links() == []
    shown = await holder.view()
    assert (shown["ready"], shown["valid_until"], shown["standing"]) == (True, None, "valid")
    assert "就労資格証明書" in text_of((await filer.request("GET", f"/{application_id}/certificate/file")).content)


async def test_a_link_opens_with_the_date_of_birth_alone_and_is_acknowledged_once(holder: Holder) -> None:
    (secret,) = await holder.links()
    opened = await holder.link(secret)
    assert opened.status_code == 200, opened.text
    assert (opened.json()["holder_name"], opened.json()["received_at"]) == ("NGUYEN VAN AN", None)
    assert (await holder.link(secret, "/file")).content.startswith(b"%PDF")
    for _ in range(2):
        taken = await holder.link(secret, "/receipt")
        assert (taken.status_code, taken.json()["received_by"]) == (200, "recipient")
    (received,) = await holder.received()
    assert (received.certificate_number, received.by) == (NUMBER, "recipient")
    (shown,) = (await holder.view())["links"]
    assert (shown["address"], shown["opened"], shown["works"]) == ("a***@example.com", 1, True)
    steps = [entry["step"] for entry in (await holder.filer.get(f"/{holder.application_id}/timeline"))["items"]]
    assert steps.count("certificate_received") == 1
    assert await holder.filer.service.journal_problems() == []


async def test_wrong_dates_of_birth_are_counted_and_stop_the_link(holder: Holder) -> None:
    (secret,) = await holder.links()
    for left in range(MOST_TRIES - 1, 0, -1):
        path = ("", "/file", "/receipt")[left % 3]
        wrong = await holder.link(secret, path, "1990-01-01")
        assert (wrong.status_code, wrong.json()["code"]) == (409, "wrong-birth-date")
        assert str(left) in wrong.json()["detail"]
    assert (await holder.link(secret, "", "1990-01-01")).json()["code"] == "certificate-link-over"
    assert (await holder.link(secret)).json()["code"] == "certificate-link-over", "also with the right one"
    (shown,) = (await holder.view())["links"]
    assert (shown["works"], shown["stopped_by_tries"], shown["opened"]) == (False, True, 0)
    assert await holder.received() == []


async def test_twenty_tries_at_once_are_five(holder: Holder) -> None:
    (secret,) = await holder.links()
    days = [f"1990-01-{day:02d}" for day in range(1, 21)]
    answers = await asyncio.gather(*(holder.link(secret, "", day) for day in days))
    codes = [answer.json()["code"] for answer in answers]
    assert codes.count("wrong-birth-date") == MOST_TRIES - 1
    assert codes.count("certificate-link-over") == len(days) - MOST_TRIES + 1


async def test_what_nobody_sent_opens_nothing(holder: Holder) -> None:
    for secret in ("x", "A" * 43, "%F0%9F%98%80"):
        answer = await holder.link(secret)
        assert (answer.status_code, answer.json()["code"]) == (404, "certificate-link-over")


async def test_a_link_ends_after_fourteen_days_and_another_one_is_sent(holder: Holder, clock: ManualClock) -> None:
    (first,) = await holder.links()
    clock.advance(timedelta(days=14, seconds=1))
    assert (await holder.link(first)).status_code == 404
    sent = await holder.send("an.nguyen@example.com")
    assert sent.status_code == 201, sent.text
    second = (await holder.links())[-1]
    assert (await holder.link(second)).status_code == 200
    # The same address again: the link before opens nothing any more.
    await holder.send("an.nguyen@example.com")
    assert (await holder.link(second)).status_code == 404
    assert [link["works"] for link in (await holder.view())["links"]] == [False, False, True]


async def test_a_certificate_is_forwarded_abroad_and_its_owner_sees_who_opened_it(holder: Holder) -> None:
    await holder.send()
    first, abroad = await holder.links()
    assert (await holder.link(abroad)).status_code == 200
    links = (await holder.view())["links"]
    assert [(link["address"], link["opened"]) for link in links] == [("a***@example.com", 0), ("m***@example.vn", 1)]
    stopped = await holder.filer.post(f"/{holder.application_id}/certificate/links/{links[1]['id']}/stop", None)
    assert stopped.status_code == 200
    assert (await holder.link(abroad)).status_code == 404
    assert (await holder.link(first)).status_code == 200, "the others go on"


async def test_a_certificate_is_sent_twenty_times_at_most(holder: Holder) -> None:
    for number in range(MOST_LINKS - 1):
        assert (await holder.send(f"{number}@example.com")).status_code == 201
    refused = await holder.send("one-more@example.com")
    assert (refused.status_code, refused.json()["code"]) == (409, "too-many-links")
    bad = await holder.filer.post(f"/{holder.application_id}/certificate/links", {"email": "x", "language": "en"})
    assert (bad.status_code, bad.json()["errors"][0]["pointer"]) == (422, "/email")


async def test_somebody_else_sees_and_does_nothing(holder: Holder) -> None:
    stranger = Filer(holder.filer.service)
    await stranger.activate()
    path = f"/{holder.application_id}/certificate"
    for method, end, body in (
        ("GET", "", None),
        ("GET", "/file", None),
        ("POST", "/receipt", None),
        ("POST", "/links", {"email": "a@example.com", "language": "en"}),
        ("POST", f"/links/{new_id()}/stop", None),
    ):
        answer = await stranger.request(method, path + end, body, Idempotency_Key=str(new_id()))
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found"), (method, end)


async def test_the_office_prints_it_and_each_look_is_in_the_journal(holder: Holder) -> None:
    async def printed(office: str) -> httpx.Response:
        token = bearer(officer(Role.CARD_OFFICE, office=office), holder.filer.clock)
        return await holder.filer.service.client.get(
            f"/v1/applications/{holder.application_id}/certificate/file", headers=token
        )

    own = (await holder.filer.get(f"/{holder.application_id}"))["office"]
    assert (await printed(own)).status_code == 200
    assert (await printed("OSA" if own != "OSA" else "FUK")).status_code == 404


async def test_the_paper_states_its_conditions_in_both_languages(filer: Filer) -> None:
    application_id = await decided(filer)
    conditions = [
        GrantedCondition(code="extra_activity", choice="individual"),
        GrantedCondition(code="extra_activity_detail", sealed_text=sealed("通訳（週10時間以内）")),
    ]
    await issue(
        filer, application_id, photo=None, procedure="EXTRA_ACT", valid_until=None, photo_id=None, conditions=conditions
    )
    page = text_of((await filer.request("GET", f"/{application_id}/certificate/file")).content)
    for code, value in (("extra_activity", "individual"), ("extra_activity_detail", "通訳（週10時間以内）")):
        words = in_words(code, value, UNTIL)
        for text in (words.name, words.text, words.meaning):
            assert text is None or (flat(text.ja) in flat(page) and flat(text.en) in flat(page)), text


async def test_a_designation_paper_goes_with_the_card(filer: Filer) -> None:
    application_id = await decided(filer)
    early = await filer.request("GET", f"/{application_id}/designation/file")
    assert (early.status_code, early.json()["code"]) == (409, "no-designation")
    activity = "株式会社すみだ製作所において行う工業製品製造業分野の業務"
    conditions = [
        GrantedCondition(code="designated_activity", sealed_text=sealed(activity)),
        GrantedCondition(code="ssw_field", choice="27"),
        GrantedCondition(code="ssw_field", choice="30"),
    ]
    for _ in range(2):
        card = CardIssued.example(application_id=application_id, account_id=filer.actor.id, conditions=conditions)
        await filer.service.deliver(card)
    answer = await filer.request("GET", f"/{application_id}/designation/file")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    page = flat(text_of(answer.content))
    fields = code_list("ssw_field").labels
    for text in ("指定書", "Designation of Activities", activity, *(fields[code].ja for code in ("27", "30"))):
        assert flat(text) in page, text
    assert flat(f"{fields['27'].en}, {fields['30'].en}") in page
    for office, status in (("TYO", 200), ("OSA", 404)):
        token = bearer(officer(Role.CARD_OFFICE, office=office), filer.clock)
        path = f"/v1/applications/{application_id}/designation/file"
        assert (await filer.service.client.get(path, headers=token)).status_code == status
    # A grant that is ended before the card is handed over states nothing any more.
    await filer.service.deliver(ApplicationTerminated.example(application_id=application_id, account_id=filer.actor.id))
    ended = await filer.request("GET", f"/{application_id}/designation/file")
    assert (ended.status_code, ended.json()["code"]) == (409, "no-designation")


def sealed(words: str) -> str:
    return EventKeys.parse("review", keys.PAIRS["review"][0], keys.PUBLIC).seal_for("application", words)


def flat(text: str) -> str:
    """A text without spaces and the ends of its lines."""
    return "".join(text.split())


async def test_the_owner_acknowledges_it_and_review_is_informed_once(holder: Holder) -> None:
    answers = await asyncio.gather(
        *(holder.filer.post(f"/{holder.application_id}/certificate/receipt", None) for _ in range(10))
    )
    assert {answer.status_code for answer in answers} == {200}
    (received,) = await holder.received()
    assert received.by == "owner"
    assert (await holder.view())["received_by"] == "owner"


async def code_of(holder: Holder) -> str:
    """The code that is printed on the certificate."""
    page = text_of((await holder.filer.request("GET", f"/{holder.application_id}/certificate/file")).content)
    lines = page.replace("\r", "").split("\n")
    place = next(index for index, line in enumerate(lines) if f".{NUMBER}." in line)
    return "".join(lines[place : place + 2]).strip()


async def verified(holder: Holder, code: str) -> Any:
    return (await holder.filer.service.client.get(f"/v1/proofs/{code}")).json()


async def test_anybody_verifies_it_and_learns_when_it_has_expired(holder: Holder, clock: ManualClock) -> None:
    code = await code_of(holder)
    found = await verified(holder, code)
    assert (found["genuine"], found["kind"], found["standing"]) == (True, "certificate", "valid")
    assert (found["certificate_number"], found["valid_until"]) == (NUMBER, "2027-02-20")
    assert "NGUYEN" not in str(found)
    assert (await verified(holder, code.replace(NUMBER, "TYO26-000124")))["genuine"] is False
    clock.advance(timedelta(days=93))
    assert (await verified(holder, code))["standing"] == "expired"
    over = await holder.filer.request("GET", f"/{holder.application_id}/certificate/file")
    assert (over.status_code, over.json()["code"]) == (409, "certificate-not-in-force")


async def test_a_revoked_certificate_is_handed_out_no_more(holder: Holder) -> None:
    code, (secret,) = await code_of(holder), await holder.links()
    revoked = CertificateRevoked.example(
        application_id=holder.application_id, account_id=holder.filer.actor.id, certificate_number=NUMBER
    )
    await holder.filer.service.deliver(revoked)
    found = await verified(holder, code)
    assert (found["standing"], found["revoked_on"]) == ("revoked", revoked.revoked_at.date().isoformat())
    assert (await holder.link(secret)).status_code == 404
    for end, method in (("/file", "GET"), ("/receipt", "POST")):
        answer = await holder.filer.request(
            method, f"/{holder.application_id}/certificate{end}", None, Idempotency_Key=str(new_id())
        )
        assert answer.json()["code"] == "certificate-not-in-force"
    assert (await holder.view())["standing"] == "revoked"


async def test_the_photo_goes_when_the_certificate_has_ended(holder: Holder, clock: ManualClock) -> None:
    async def photo() -> bytes | None:
        async with holder.filer.service.db.read() as session:
            return (await session.get(Certificate, NUMBER)).photo  # type: ignore[no-any-return]

    await run_job(holder.filer, "forget-photos")
    assert await photo() is not None
    clock.advance(timedelta(days=93))
    await run_job(holder.filer, "forget-photos")
    assert await photo() is None
    assert await holder.filer.service.journal_problems() == []


def test_a_code_states_what_it_was_made_of() -> None:
    made = ProofKeys.of("a secret of tests of proofs, of enough length")
    for stated in (Certified(NUMBER, date(2026, 11, 20), UNTIL), Certified(NUMBER, date(2026, 11, 20), None)):
        assert made.read(made.issue(stated)) == stated
        assert made.read(made.issue(stated).replace("261120", "261121")) is None


def test_a_key_file_that_cannot_be_read_stops_the_start(tmp_path: Any) -> None:
    broken = tmp_path / "key.p12"
    broken.write_bytes(b"nothing")
    with pytest.raises(UnusableSigner, match=r"key\.p12"):
        PdfSigner.of_file(str(broken), "secret")
