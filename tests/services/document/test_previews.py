"""Previews: pages as pictures for those who may see a file, kept in the store, and search in its text."""

import asyncio
from base64 import b64decode
from collections.abc import Awaitable, Callable
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import httpx
import pikepdf
import pytest
from PIL import Image
from sqlalchemy import select

from services.document.files.domain import Tickets, preview_key, preview_prefix
from services.document.files.store.documents import Document
from services.document.objects import ObjectStore
from services.document.previews.domain import PageText, plain, search
from services.document.scanner import MemoryScanner
from shared.auth import Actor, Role
from shared.events.application import ApplicationSubmitted
from shared.events.document import PhotoReleased
from shared.events.review import CertificateIssued
from shared.ids import new_id
from shared.journal import journal
from shared.messaging import EventKeys
from shared.sealing import SealBroken
from tests.services.document import files
from tests.services.document.conftest import Documents
from tests.support import keys, tokens

OFFICER = tokens.officer(Role.EXAMINER)


def written(*pages: str, turned: int = 0) -> bytes:
    """A PDF with a line of text on each page, 100 points from the left and 700 from below; "" is a page without."""

    def change(document: pikepdf.Pdf) -> None:
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        for page, text in zip(document.pages, pages, strict=True):
            page.obj["/Rotate"] = turned
            page.obj["/Resources"] = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
            if text:
                shown = " 0 -14 Td ".join(f"({line}) Tj" for line in text.split("\n"))
                page.obj["/Contents"] = document.make_stream(f"BT /F1 12 Tf 100 700 Td {shown} ET".encode())

    return files.pdf(len(pages), change=change)


async def filed(documents: Documents, data: bytes) -> str:
    body = await documents.uploaded(data)
    await documents.service.deliver(
        ApplicationSubmitted.example(application_id=new_id(), document_ids=[body["id"]], photo_id=None, office="TYO")
    )
    return str(body["id"])


async def shown(documents: Documents, document_id: str, actor: Actor | None = None) -> dict[str, Any]:
    answer = await documents.get(f"/{document_id}/preview", actor)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def follow(documents: Documents, link: str, actor: Actor | None = None) -> httpx.Response:
    return await documents.service.client.get(link, headers=documents.headers(actor))


async def object_key(documents: Documents, document_id: str) -> str:
    async with documents.service.db.read() as session:
        return str(await session.scalar(select(Document.object_key).where(Document.id == UUID(document_id))))


async def actions(documents: Documents, document_id: str) -> list[str]:
    async with documents.service.db.read() as session:
        query = select(journal.c.action).where(journal.c.aggregate_id == UUID(document_id)).order_by(journal.c.version)
        return list(await session.scalars(query))


async def test_pages_are_shown_as_our_own_pictures_and_an_officers_view_is_journalled(documents: Documents) -> None:
    document_id = await filed(documents, files.pdf(3))
    for reader in (None, OFFICER):
        preview = await shown(documents, document_id, reader)
        assert [page["number"] for page in preview["pages"]] == [1, 2, 3]
        last = preview["pages"][2]
        for link, side in ((last["image"], 1754), (last["thumbnail"], 320)):
            answer = await follow(documents, link, reader)
            assert answer.status_code == 200, answer.text
            assert answer.headers["content-type"] == "image/jpeg"
            assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["cache-control"] == "no-store"
            with Image.open(BytesIO(answer.content)) as image:
                assert max(image.size) == side
                # The black square of the page, and the white around it.
                assert (min(image.convert("L").tobytes()), image.getpixel((1, 1))) == (0, (255, 255, 255))
    assert await actions(documents, document_id) == ["document:accept", "document:view"]
    assert await documents.service.journal_problems() == []


async def test_photo_has_one_page(documents: Documents) -> None:
    body = await documents.uploaded(files.jpeg(), "photo")
    (page,) = (await shown(documents, body["id"]))["pages"]
    with Image.open(BytesIO((await follow(documents, page["thumbnail"])).content)) as image:
        assert max(image.size) == 320
    found = (await documents.get(f"/{body['id']}/search", q="x")).json()
    assert (found["total"], found["pages_without_text"], found["complete"]) == (0, [1], True)


async def test_link_is_bound_to_person_file_and_minutes(documents: Documents) -> None:
    one, other = await documents.uploaded(files.pdf(1)), await documents.uploaded(files.pdf(2))
    link = (await shown(documents, one["id"]))["pages"][0]["image"]
    colleague = Actor(
        kind="person", id=new_id(), organisation_id=documents.owner.organisation_id, roles=frozenset({Role.ORG_STAFF})
    )
    assert (await follow(documents, link)).status_code == 200
    ticket = link.split("/")[3]
    middle = len(ticket) // 2
    bent = link.replace(ticket, ticket[:middle] + ("A" if ticket[middle] != "A" else "B") + ticket[middle + 1 :])
    for asked, who in ((link, colleague), (link, OFFICER), (bent, None), ("/v1/previews/x/1", None)):
        refused = await follow(documents, asked, who)
        assert (refused.status_code, refused.json()["code"]) == (404, "preview-link-over")
    assert (await follow(documents, link.replace("/1?", "/2?"))).json()["code"] == "no-such-page"
    assert (await follow(documents, (await shown(documents, other["id"]))["pages"][1]["image"])).status_code == 200

    documents.clock.advance(timedelta(seconds=899))
    assert (await follow(documents, link)).status_code == 200
    documents.clock.advance(timedelta(seconds=1))
    assert (await follow(documents, link)).json()["code"] == "preview-link-over"


async def test_page_is_drawn_once_and_never_shown_from_what_another_has_put_in_its_place(documents: Documents) -> None:
    one, other = await documents.uploaded(files.pdf(2)), await documents.uploaded(files.jpeg(), "photo")
    links = [page["thumbnail"] for page in (await shown(documents, one["id"]))["pages"]]
    drawn = (await follow(documents, links[0])).content
    key = preview_key(await object_key(documents, one["id"]), "1-thumbnail.jpg")
    kept = await documents.objects.get(key)
    assert kept.endswith(drawn)

    asked = documents.service.app.state.previews._pool.ask
    documents.service.app.state.previews._pool.ask = None  # a second time would fail
    assert (await follow(documents, links[0])).content == drawn
    documents.service.app.state.previews._pool.ask = asked

    # Sealed by this service, but of another file.
    (theirs,) = (await shown(documents, other["id"]))["pages"]
    await follow(documents, theirs["thumbnail"])
    foreign = await documents.objects.get(preview_key(await object_key(documents, other["id"]), "1-thumbnail.jpg"))
    for content in (foreign, b"\xff\xd8 a page of my own", b""):
        await documents.objects.put(key, BytesIO(content), len(content), "image/jpeg")
        assert (await follow(documents, links[0])).content == drawn
        assert await documents.objects.get(key) == kept


async def test_altered_file_is_not_shown(documents: Documents) -> None:
    document_id = await filed(documents, files.pdf(1))
    await documents.objects.put(
        await object_key(documents, document_id), BytesIO(files.pdf(2)), len(files.pdf(2)), "application/pdf"
    )
    link = (await shown(documents, document_id, OFFICER))["pages"][0]["image"]
    assert (await follow(documents, link, OFFICER)).json()["code"] == "file-altered"
    assert (await documents.get(f"/{document_id}/search", OFFICER, q="x")).json()["code"] == "file-altered"
    assert (await actions(documents, document_id)).count("document:altered") == 2


async def test_file_that_is_not_scanned_or_in_quarantine_shows_nothing(documents: Documents) -> None:
    scanner = documents.service.app.state.scans.scanner = MemoryScanner({b"malware": "Test.Malware"})
    scanner.down = True
    document_id = await filed(documents, files.pdf() + b"%malware\n")
    for refused in (
        await documents.get(f"/{document_id}/preview", OFFICER),
        await documents.get(f"/{document_id}/search", OFFICER, q="x"),
    ):
        assert (refused.status_code, refused.json()["code"]) == (409, "file-not-scanned")
    documents.service.app.state.scans.scanner = None
    link = (await shown(documents, document_id, OFFICER))["pages"][0]["image"]
    assert (await follow(documents, link, OFFICER)).status_code == 200

    # A link from before does not help.
    scanner.down, documents.service.app.state.scans.scanner = False, scanner
    await documents.run_job("scan_files")
    assert (await follow(documents, link, OFFICER)).json()["code"] == "file-quarantined"


async def test_previews_go_with_their_file_also_those_that_are_drawn_too_late(documents: Documents) -> None:
    body = await documents.uploaded(written("gone"))
    key = await object_key(documents, body["id"])
    page = (await shown(documents, body["id"]))["pages"][0]
    for link in (page["image"], page["thumbnail"]):
        assert (await follow(documents, link)).status_code == 200
    await documents.get(f"/{body['id']}/search", q="gone")
    assert len(await documents.objects.keys(preview_prefix(key))) == 3

    # Drawn while the file is deleted, and its object purged.
    previews = documents.service.app.state.previews
    ask = previews._pool.ask

    async def ask_slowly(*args: Any) -> Any:
        answer = await ask(*args)
        await documents.delete(body["id"])
        await documents.run_job("remove_leftover_objects")
        return answer

    for kept in await documents.objects.keys(preview_prefix(key)):
        await documents.objects.delete(kept)
    previews._pool.ask = ask_slowly
    await follow(documents, page["image"])
    assert list(await documents.objects.keys(preview_prefix(key))) == []
    assert list(await documents.objects.keys(key)) == []
    assert (await follow(documents, page["image"])).status_code == 404


async def test_reconciliation_removes_previews_without_a_file(documents: Documents) -> None:
    kept, gone = [await documents.uploaded(files.pdf(pages)) for pages in (1, 2)]
    for body in (kept, gone):
        await follow(documents, (await shown(documents, body["id"]))["pages"][0]["thumbnail"])
    keys = [preview_key(await object_key(documents, body["id"]), "1-thumbnail.jpg") for body in (kept, gone)]
    left = await documents.objects.get(keys[1])
    await documents.delete(gone["id"])
    await documents.run_job("remove_leftover_objects")
    await documents.objects.put(keys[1], BytesIO(left), len(left), "image/jpeg")
    documents.clock.advance(timedelta(days=2))
    await documents.run_job("reconcile")
    day = keys[0].split("/")[1]
    assert list(await documents.objects.keys(f"previews/{day}/")) == [keys[0]]


async def test_page_that_cannot_be_drawn_says_so_and_costs_once(documents: Documents) -> None:
    body = await documents.uploaded()
    link = (await shown(documents, body["id"]))["pages"][0]["image"]
    previews, asked = documents.service.app.state.previews, []
    ask = previews._pool.ask

    async def die(job: dict[str, Any], *args: Any) -> Any:
        asked.append(job)
        return await ask({**job, "number": 99}, *args)

    previews._pool.ask = die
    for _ in range(2):
        refused = await follow(documents, link)
        assert (refused.status_code, refused.json()["code"]) == (409, "preview-not-possible")
    assert len(asked) == 1


async def test_drawing_is_charged_to_the_owner_and_never_to_the_office(
    open_documents: Callable[..., Awaitable[Documents]],
) -> None:
    documents = await open_documents(check_seconds_hour=1)
    document_id = await filed(documents, files.pdf(9))
    previews = documents.service.app.state.previews
    ask = previews._pool.ask

    async def costly(job: dict[str, Any], source: Any, size: int, place: Any, meter: Any) -> Any:
        answer = await ask(job, source, size, place, meter)
        meter.seconds = 2.0
        return answer

    previews._pool.ask = costly
    links = {reader: (await shown(documents, document_id, reader))["pages"] for reader in (None, OFFICER)}
    for number in range(3):
        assert (await follow(documents, links[OFFICER][number]["thumbnail"], OFFICER)).status_code == 200
    assert (await follow(documents, links[None][5]["thumbnail"])).status_code == 200
    refused = await follow(documents, links[None][6]["thumbnail"])
    assert (refused.status_code, refused.json()["code"]) == (429, "checks-used-up")
    # What is there is shown all the same.
    assert (await follow(documents, links[None][5]["thumbnail"])).status_code == 200


async def test_text_is_found_with_its_page_and_place(documents: Documents) -> None:
    document_id = await filed(documents, written("Nothing here", "", "Annual income: 4,800,000 yen"))
    found = (await documents.get(f"/{document_id}/search", OFFICER, q="ＩＮＣＯＭＥ：　4,800,000")).json()
    assert (found["total"], found["pages"], found["pages_without_text"], found["complete"]) == (1, 3, [2], True)
    (match,) = found["matches"]
    assert (match["page"], match["before"], match["found"], match["after"]) == (
        3,
        "Annual ",
        "income: 4,800,000",
        " yen",
    )
    (box,) = match["boxes"]
    # 100 points from the left and some 92 from the top of a page of 612 x 792 points.
    assert 16 < box["left"] < 26
    assert 10 < box["top"] < 12
    assert 10 < box["width"] < 25
    assert (await documents.get(f"/{document_id}/search", q="absent")).json()["matches"] == []
    assert await actions(documents, document_id) == ["document:accept", "document:search"]


async def test_places_on_a_turned_page_are_as_it_shows(documents: Documents) -> None:
    body = await documents.uploaded(written("upright", turned=90))
    found = (await documents.get(f"/{body['id']}/search", q="upright")).json()
    (box,) = found["matches"][0]["boxes"]
    # Turned clockwise, what was near the top is near the right edge, and runs downwards.
    assert 85 < box["left"] < 91
    assert 14 < box["top"] < 18
    assert box["height"] > box["width"]


@pytest.mark.parametrize("wrong", ["", " ", "x" * 101])
async def test_search_asks_for_a_text(documents: Documents, wrong: str) -> None:
    body = await documents.uploaded()
    answer = await documents.get(f"/{body['id']}/search", q=wrong)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/q")


def test_a_match_may_cross_lines_and_spaces_and_widths() -> None:
    from array import array

    text = "山 田\n太郎　ﾔﾏﾀﾞ"
    places = array("H")
    for index in range(len(text)):
        line = index // 4
        places.extend((100 + 10 * (index % 4), 100 + 50 * line, 109 + 10 * (index % 4), 120 + 50 * line))
    pages = [PageText(7, text, places)]
    (match,) = search(pages, "山田太郎")
    assert (match.page, match.found, len(match.boxes)) == (7, "山 田 太郎", 2)
    assert [each.found for each in search(pages, "ヤマ")] == ["ﾔﾏ"]
    assert plain("Ａ b\n")[0] == "ab"


def test_tickets_and_seals_hold_for_their_key_alone() -> None:
    from datetime import UTC, datetime

    now = datetime(2026, 7, 1, tzinfo=UTC)
    mine, theirs = (Tickets(key, timedelta(minutes=1)) for key in ("one", "another"))
    reader, document = new_id(), new_id()
    ticket = mine.read(mine.issue(reader, document, now))
    assert ticket is not None
    assert (ticket.reader, ticket.document_id, ticket.until) == (reader, document, now + timedelta(minutes=1))
    assert theirs.read(mine.issue(reader, document, now)) is None
    assert mine.unseal("a", mine.seal("a", b"x")) == b"x"
    assert mine.unseal("b", mine.seal("a", b"x")) is None
    assert theirs.unseal("a", mine.seal("a", b"x")) is None


async def test_ten_at_once_are_shown_the_same_page(documents: Documents) -> None:
    body = await documents.uploaded()
    link = (await shown(documents, body["id"]))["pages"][0]["thumbnail"]
    answers = await asyncio.gather(*(follow(documents, link) for _ in range(10)))
    assert {answer.content for answer in answers} == {answers[0].content}
    store: ObjectStore = documents.objects
    assert len(await store.keys(preview_prefix(await object_key(documents, body["id"])))) == 1


async def test_a_photo_goes_onto_a_certificate_small_and_sealed(documents: Documents) -> None:
    photo = await documents.uploaded(files.jpeg(), kind="photo")
    application_id = new_id()
    filed_with = ApplicationSubmitted.example(
        application_id=application_id, document_ids=[], photo_id=photo["id"], office="TYO"
    )
    issued = CertificateIssued.example(application_id=application_id, photo_id=photo["id"], procedure="COE")
    await documents.service.deliver(filed_with, issued)
    (released,) = [event for event in await documents.service.events() if isinstance(event, PhotoReleased)]
    assert released.application_id == application_id
    application = EventKeys.parse("application", keys.PAIRS["application"][0], keys.PUBLIC)
    content = b64decode(application.open(released.sealed_photo or ""))
    picture = Image.open(BytesIO(content))
    assert (picture.format, picture.size) == ("JPEG", (354, 472))
    assert len(content) < 60_000
    with pytest.raises(SealBroken):
        EventKeys.parse("review", keys.PAIRS["review"][0], keys.PUBLIC).open(released.sealed_photo or "")


async def test_a_photo_that_is_gone_is_released_as_none(documents: Documents) -> None:
    photo = await documents.uploaded(files.jpeg(), kind="photo")
    await documents.delete(photo["id"])
    issued = CertificateIssued.example(application_id=new_id(), photo_id=photo["id"], procedure="COE")
    await documents.service.deliver(issued)
    (released,) = [event for event in await documents.service.events() if isinstance(event, PhotoReleased)]
    assert released.sealed_photo is None
