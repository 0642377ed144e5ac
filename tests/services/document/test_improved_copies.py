"""Copies of usable PDFs: smaller, or upright; every page looks as before."""

from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import uuid4

import httpx
import pikepdf
import pytest
from PIL import Image

from services.document.checks import improvement
from services.document.checks.improvement import SMALLER, UPRIGHT, improved
from services.document.checks.pdf import check_pdf
from services.document.files.commands import uploads
from shared.auth import Role
from tests.services.document import files
from tests.services.document.conftest import Documents
from tests.services.document.pdfs import good, text
from tests.services.document.test_picture_documents import numbers, sheet
from tests.support import tokens

# Pages are drawn and compared, which computes for seconds: make quick leaves them out.
pytestmark = pytest.mark.server

_TURNED = good(2, content=text("turned", b"0 1 -1 0 300 100", lines=12))
_KINDS = {
    "on its side": _TURNED,
    "upside down": good(1, content=text("turned", b"-1 0 0 -1 500 100", lines=12)),
    "turned by the page": good(1, page=b"/Rotate 270", content=text("turned", lines=12)),
}


def fine(*shown: int, mode: str = "L", packed: bool = False) -> bytes:
    """Scans of 400 dpi with grain, which makes them large."""
    pdf = pikepdf.new()
    size = (3307, 4677)
    grain = Image.effect_noise((827, 1169), 20).resize(size)
    for number in shown:
        image = Image.blend(sheet(number).resize(size).convert("L"), grain, 0.2).convert(mode)
        data = image.tobytes() if packed else files.encoded(image, "JPEG", quality=88)
        picture = pdf.make_stream(data)
        entries = picture.stream_dict
        entries.Type, entries.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        entries.Width, entries.Height, entries.BitsPerComponent = *size, 8
        entries.ColorSpace = pikepdf.Name.DeviceGray if mode == "L" else pikepdf.Name.DeviceRGB
        if not packed:
            entries.Filter = pikepdf.Name.DCTDecode
        pdf.add_blank_page(page_size=(595.3, 841.9))
        page = pdf.pages[-1].obj
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=picture))
        page.Contents = pdf.make_stream(b"q 595.3 0 0 841.9 0 0 cm /I Do Q")
    out = BytesIO()
    pdf.save(out)
    return out.getvalue()


@pytest.mark.parametrize("name", _KINDS)
def test_page_on_its_side_is_turned_upright_and_else_the_same(name: str) -> None:
    data = _KINDS[name]
    assert [each.code for each in check_pdf(data).findings] == [UPRIGHT]
    copy = improved(data, {UPRIGHT}).cleaned
    assert copy is not None
    assert check_pdf(copy).findings == ()
    assert improved(copy, {UPRIGHT}).cleaned is None, "there is nothing left to turn"


@pytest.mark.server  # computes for seconds
@pytest.mark.parametrize(("mode", "packed"), [("L", False), ("RGB", False), ("L", True)])
def test_fine_scan_is_brought_to_200_dpi(mode: str, packed: bool) -> None:
    data = fine(3, 7, mode=mode, packed=packed)
    (finding,) = check_pdf(data).findings
    assert (finding.code, dict(finding.values)) == (SMALLER, {"measured": 400, "allowed": 200})
    copy = improved(data, {SMALLER}).cleaned
    assert copy is not None
    assert len(copy) < len(data) / 2
    assert check_pdf(copy).findings == ()
    assert numbers(copy) == [3, 7]


@pytest.mark.server  # computes for seconds
def test_pages_are_changed_some_at_a_time_and_a_picture_of_several_pages_stays() -> None:
    """Each check changes its pages alone: a picture that others show too would not be compared there."""
    data = fine(3, 7)
    half = improved(data, {SMALLER}, 1, 1).cleaned
    assert half is not None
    with pikepdf.open(BytesIO(half)) as pdf:
        assert [page.obj.Resources.XObject.I.Width for page in pdf.pages] == [1654, 3307]
    whole = improved(half, {SMALLER}, 2, 2).cleaned
    assert whole is not None
    assert (check_pdf(whole).findings, numbers(whole)) == ((), [3, 7])
    assert improved(whole, {SMALLER}, 1, 1).pages == 2, "there is nothing left to do"
    with pikepdf.open(BytesIO(fine(3))) as pdf:
        pdf.pages.append(pdf.pages[0])
        pdf.pages.append(pdf.pages[0])
        out = BytesIO()
        pdf.save(out)
    several = improved(out.getvalue(), {SMALLER}, 1, 1)
    assert (several.pages, several.cleaned) == (3, None)
    assert improved(out.getvalue(), {SMALLER}).cleaned is not None


def test_copy_that_would_look_different_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page is compared: where the new picture is another one, there is no copy."""
    data = fine(3)

    def other(item: Any, size: tuple[int, int], dots: float) -> bool:
        item.write(files.encoded(sheet(4).convert("L"), "JPEG"), filter=pikepdf.Name.DCTDecode)
        item.stream_dict.Width, item.stream_dict.Height = 1240, 1754
        return True

    monkeypatch.setattr(improvement, "_redraw", other)
    assert improved(data, {SMALLER}).cleaned is None


def test_picture_with_a_mask_stays_as_it_is() -> None:
    with pikepdf.open(BytesIO(fine(3))) as pdf:
        picture = pdf.pages[0].obj.Resources.XObject.I
        picture.stream_dict.SMask = pdf.make_stream(b"x", Width=1, Height=1)
        out = BytesIO()
        pdf.save(out)
    assert improved(out.getvalue(), {SMALLER}).cleaned is None


def test_broken_files_have_no_copy() -> None:
    for data in (b"", b"%PDF-1.4", files.damaged_pdf(), files.locked_pdf()):
        assert improved(data, {SMALLER, UPRIGHT}).cleaned is None


async def ask(documents: Documents, document_id: str, *codes: str, actor: Any = None) -> httpx.Response:
    return await documents.service.client.post(
        f"/v1/documents/{document_id}/copies",
        headers={**documents.headers(actor), "Idempotency-Key": uuid4().hex, "Accept-Language": "en"},
        json={"codes": list(codes)},
    )


async def test_copy_is_offered_for_a_usable_file_and_taken_beside_it(documents: Documents) -> None:
    body = await documents.uploaded(_TURNED, codes=["CAREER"])
    assert body["improvements"] == ["pdf-page-turned"]
    answer = await ask(documents, body["id"], "pdf-page-turned")
    assert answer.status_code == 201, answer.text
    offer = answer.json()
    assert (offer["original_size"], offer["original_sha256"]) == (len(_TURNED), sha256(_TURNED).hexdigest())
    assert not offer["consent"]
    link = (await documents.get(f"/{offer['document_id']}/link")).json()["url"]
    async with httpx.AsyncClient() as browser:
        copy = (await browser.get(link)).content
    assert (len(copy), check_pdf(copy).findings) == (offer["size"], ())
    taken = await documents.service.client.post(
        f"/v1/documents/{offer['document_id']}/repair",
        headers={**documents.headers(), "Idempotency-Key": uuid4().hex},
        json={},
    )
    assert taken.status_code == 200
    assert (taken.json()["codes"], taken.json()["improvements"]) == (["CAREER"], [])
    assert taken.json()["repaired_at"] is not None
    # The file that was sent stays until its owner deletes it.
    assert (await documents.get(f"/{body['id']}")).status_code == 200
    assert await documents.service.journal_problems() == []


async def test_copy_of_many_pages_is_made_by_several_checks(
    documents: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "PDF_IMPROVED_PAGES", 1)
    pages = good(5, content=text("turned", b"0 1 -1 0 300 100", lines=12))
    body = await documents.uploaded(pages)
    offer = (await ask(documents, body["id"], "pdf-page-turned")).json()
    link = (await documents.get(f"/{offer['document_id']}/link")).json()["url"]
    async with httpx.AsyncClient() as browser:
        copy = (await browser.get(link)).content
    assert (len(copy), check_pdf(copy).findings) == (offer["size"], ())
    with pikepdf.open(BytesIO(copy)) as pdf:
        assert [int(page.obj.get("/Rotate", 0)) for page in pdf.pages] != [0] * 5


async def test_copy_is_made_of_own_files_and_for_what_was_found(documents: Documents) -> None:
    body, plain = await documents.uploaded(_TURNED), await documents.uploaded()
    stranger = tokens.person(Role.ORG_STAFF, organisation=True)
    assert (await ask(documents, body["id"], "pdf-page-turned", actor=stranger)).status_code == 404
    assert (await ask(documents, str(uuid4()), "pdf-page-turned")).status_code == 404
    for document_id, code, said in (
        (body["id"], "pdf-scan-fine", "Give one of pdf-page-turned."),
        (plain["id"], "pdf-page-turned", "There is nothing in this file that a copy could do without."),
    ):
        answer = await ask(documents, document_id, code)
        (error,) = answer.json()["errors"]
        assert (answer.status_code, error["pointer"], error["message"]) == (422, "/codes", said)
