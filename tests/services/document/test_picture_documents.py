"""Pictures of documents: made into a PDF, several into one, their pages put in another order."""

from io import BytesIO
from typing import Any
from uuid import uuid4

import httpx
import pikepdf
import pytest
from PIL import Image, ImageDraw, ImageFont

from services.document.checks.pages import opened
from services.document.checks.pdf import check_pdf
from services.document.checks.picture_pages import pages_of
from services.document.files.domain import MOST_PICTURES
from shared.auth import Role
from tests.services.document import files
from tests.services.document.conftest import Documents
from tests.support import tokens

# Pages are drawn and compared, which computes for seconds: make quick leaves them out.
pytestmark = pytest.mark.server


def sheet(number: int, size: tuple[int, int] = (1240, 1754)) -> Image.Image:
    """A page with a black square whose place, from the top, says its number."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    step = size[1] // 10
    draw.rectangle((size[0] // 4, step * number, size[0] // 2, step * (number + 1)), fill="black")
    draw.text((20, 20), f"page {number}", fill="black", font=ImageFont.load_default(40))
    return image


def saved(number: int, format: str = "JPEG", **options: Any) -> bytes:
    return files.encoded(sheet(number), format, **options)


def numbers(pdf: bytes) -> list[int]:
    """The numbers that the pages show."""
    found = []
    with opened(pdf) as document:
        for page in document:
            grey = page.render(scale=1).to_pil().convert("L")
            width, height = grey.size
            column = grey.crop((width * 3 // 8, 0, width * 3 // 8 + 1, height)).tobytes()
            dark = [at for at, value in enumerate(column) if value < 100]
            found.append(round((dark[0] + dark[-1]) / 2 / height * 10 - 0.5))
    return found


async def send(
    documents: Documents, *pictures: bytes, actor: Any = None, key: str | None = None, **fields: Any
) -> httpx.Response:
    return await documents.service.client.post(
        "/v1/documents",
        headers={**documents.headers(actor), "Idempotency-Key": key or uuid4().hex, "Accept-Language": "en"},
        data={"kind": "pdf", **fields},
        files=[("file", (f"IMG_{number}.jpg", data)) for number, data in enumerate(pictures, 1)],
    )


async def join(
    documents: Documents, *pages: tuple[str, int], actor: Any = None, key: str | None = None, **fields: Any
) -> httpx.Response:
    body = {"pages": [{"document_id": document_id, "page": page} for document_id, page in pages], **fields}
    headers = {**documents.headers(actor), "Idempotency-Key": key or uuid4().hex, "Accept-Language": "en"}
    return await documents.service.client.post("/v1/documents/joined", headers=headers, json=body)


async def content(documents: Documents, document_id: str) -> bytes:
    link = (await documents.get(f"/{document_id}/link")).json()["url"]
    async with httpx.AsyncClient() as browser:
        return (await browser.get(link)).content


@pytest.mark.parametrize(
    ("format", "options"),
    [("JPEG", {}), ("PNG", {}), ("WEBP", {"quality": 90}), ("HEIF", {"quality": 90}), ("TIFF", {})],
)
def test_picture_becomes_a_page_of_a4(format: str, options: dict[str, Any]) -> None:
    verdict = pages_of(saved(4, format, **options))
    assert (verdict.findings, verdict.pages) == ((), 1)
    assert verdict.cleaned is not None
    assert check_pdf(verdict.cleaned).findings == ()
    assert numbers(verdict.cleaned) == [4]
    with opened(verdict.cleaned) as document:
        assert [round(side) for side in document[0].get_size()] == [595, 842]


def test_pages_of_a_tiff_become_pages_each_with_its_own_findings() -> None:
    small = sheet(3).resize((620, 877))
    pages = [sheet(2).convert("1"), Image.new("L", (1240, 1754), 250), small, sheet(5, (1754, 1240))]
    verdict = pages_of(files.encoded(sheet(1), "TIFF", save_all=True, append_images=pages, compression="tiff_lzw"))
    assert verdict.pages == 5
    found = [(each.code, each.page, dict(each.values)) for each in verdict.findings]
    assert found == [("picture-blank", 3, {}), ("picture-coarse", 4, {"measured": 75, "allowed": 150})]
    assert verdict.cleaned is not None
    with opened(verdict.cleaned) as document:
        sizes = [[round(side) for side in page.get_size()] for page in document]
    assert sizes == [[595, 842]] * 4 + [[842, 595]]


def test_page_is_upright_has_200_dpi_at_most_and_no_metadata() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "taken at home"
    lying = sheet(2, (3000, 4243)).rotate(90, expand=True)
    verdict = pages_of(files.encoded(lying, "JPEG", exif=exif, comment="35.0N 135.0E"))
    assert verdict.cleaned is not None
    assert numbers(verdict.cleaned) == [2]
    assert b"35.0N" not in verdict.cleaned
    assert b"home" not in verdict.cleaned
    with pikepdf.open(BytesIO(verdict.cleaned)) as pdf:
        shown = pdf.pages[0].obj.Resources.XObject.Picture
        assert (int(shown.Width), int(shown.Height)) == (1653, 2339)
        assert not pdf.docinfo


def test_picture_that_cannot_be_read_says_at_which_page() -> None:
    damaged = saved(1)[:3000]
    whole = files.encoded(sheet(1), "TIFF", save_all=True, append_images=[sheet(2)] * 60)
    for data, code in ((damaged, "picture-damaged"), (whole, "picture-too-many-pages"), (b"II*\0", "picture-damaged")):
        verdict = pages_of(data)
        assert [(each.code, each.page) for each in verdict.findings] == [(code, 1)]


async def test_several_pictures_become_one_document_in_their_order(documents: Documents) -> None:
    answer = await send(documents, saved(3), saved(1, "PNG"), saved(7), codes=["CAREER"], key="one")
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert (body["kind"], body["pages"], body["content_type"]) == ("pdf", 3, "application/pdf")
    assert body["page_names"] == ["IMG_1.jpg", "IMG_2.jpg", "IMG_3.jpg"]
    assert body["file_name"] == "IMG_1.jpg"
    assert numbers(await content(documents, body["id"])) == [3, 1, 7]
    again = await send(documents, saved(3), saved(1, "PNG"), saved(7), codes=["CAREER"], key="one")
    assert again.json()["id"] == body["id"]
    assert await documents.service.journal_problems() == []


async def test_pages_are_put_in_another_order_left_out_and_joined_with_others(documents: Documents) -> None:
    blank = files.encoded(Image.new("RGB", (1240, 1754), "white"), "PNG")
    one = (await send(documents, saved(1), blank, saved(3), codes=["CAREER"])).json()
    other = (await send(documents, saved(8))).json()
    assert [(each["code"], each["page"]) for each in one["findings"]] == [("picture-blank", 2)]
    wanted = [(one["id"], 3), (other["id"], 1), (one["id"], 2)]
    answer = await join(documents, *wanted, codes=["CAREER"], key="one")
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert (body["codes"], body["page_names"]) == (["CAREER"], ["IMG_3.jpg", "IMG_1.jpg", "IMG_2.jpg"])
    assert [(each["code"], each["page"]) for each in body["findings"]] == [("picture-blank", 3)]
    with opened(await content(documents, body["id"])) as document:
        assert len(document) == 3
    assert (await join(documents, *wanted, codes=["CAREER"], key="one")).json()["id"] == body["id"]
    # The files that the pages are of stay until their owner deletes them.
    assert (await documents.get(f"/{one['id']}")).status_code == 200
    without = await join(documents, (body["id"], 2), (body["id"], 1))
    assert numbers(await content(documents, without.json()["id"])) == [8, 3]
    assert await documents.service.journal_problems() == []


async def test_pages_of_others_and_of_files_that_are_no_pictures_are_refused(documents: Documents) -> None:
    made, pdf = (await send(documents, saved(1))).json(), await documents.uploaded()
    stranger = tokens.person(Role.ORG_STAFF, organisation=True)
    assert (await join(documents, (made["id"], 1), actor=stranger)).status_code == 404
    assert (await join(documents, (str(uuid4()), 1))).status_code == 404
    answer = await join(documents, (made["id"], 1), (pdf["id"], 1), (made["id"], 2))
    assert answer.status_code == 422
    found = [(error["pointer"], error["code"]) for error in answer.json()["errors"]]
    assert found == [("/pages/1/document_id", "not-of-pictures"), ("/pages/2/page", "no-such-page")]
    assert (await join(documents)).status_code == 422


async def test_one_picture_that_cannot_be_used_refuses_all_and_is_named(documents: Documents) -> None:
    answer = await send(documents, saved(1), saved(2)[:3000], saved(3))
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["code"], error["message"][:7]) == ("picture-damaged", "Page 2:")
    for others in ((saved(1), files.pdf()), (files.pdf(), files.pdf()), (files.script_pdf(), saved(1))):
        answer = await send(documents, *others)
        assert [error["code"] for error in answer.json()["errors"]] == ["pictures-alone"]
    office = await send(documents, saved(1), b"PK\x03\x04 word")
    assert [error["code"] for error in office.json()["errors"]] == ["type-office"]


async def test_number_of_files_is_bounded(documents: Documents) -> None:
    small = files.encoded(Image.new("L", (20, 30)), "PNG")
    assert (await send(documents, *[small] * MOST_PICTURES)).status_code == 201
    assert (await send(documents, *[small] * (MOST_PICTURES + 1))).status_code in (400, 413, 422)
    photos = await send(documents, files.jpeg(), files.jpeg(), kind="photo")
    assert [error["code"] for error in photos.json()["errors"]] == ["too-many"]
