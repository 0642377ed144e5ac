"""Files that people who run such portals reported: each is answered with what is right."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from services.document.checks.verdict import Verdict
from services.document.checks.worker import check
from tests.services.document import files

FILES = Path(__file__).parent / "files"


def verdict_on(name: str) -> Verdict:
    data = (FILES / name).read_bytes()
    job = {"kind": "photo" if name.endswith(".jpg") else "pdf", "now": datetime(2026, 7, 1, tzinfo=UTC).isoformat()}
    return check(job | {"part": None}, data)


def test_pdf_padded_behind_its_end_is_accepted() -> None:
    """[faults 7] A copier adds 4,845 zeros after the end mark; nothing is missing."""
    verdict = verdict_on("p01-trailing-4845-nul.pdf")
    assert (verdict.accepted, verdict.pages, verdict.findings) == (True, 2, ())


@pytest.mark.parametrize(
    ("name", "stated"), [("q04-kid-missing-object-count3.pdf", 3), ("p15-count-too-large.pdf", 26)]
)
def test_pdf_that_lacks_pages_is_refused_and_says_how_many(name: str, stated: int) -> None:
    """[faults 9] The page tree names pages that are not in the file."""
    (finding,) = verdict_on(name).findings
    assert (finding.code, finding.severity) == ("pdf-pages-missing", "refused")
    assert f"{stated:,}" in finding.text.en
    assert "Print > Save as PDF" in finding.text.en


@pytest.mark.parametrize(
    ("name", "code"),
    [("p17-portfolio.pdf", "pdf-portfolio"), ("q13-fileattachment-annot.pdf", "pdf-attached-files")],
)
def test_pdf_whose_documents_are_files_inside_is_refused_with_advice(name: str, code: str) -> None:
    """[faults 10] The examiner would see the cover alone."""
    verdict = verdict_on(name)
    assert (verdict.problems, verdict.repairable) == ((code,), False)
    assert "as pages" in verdict.findings[0].text.en


def test_photo_without_its_end_mark_is_accepted() -> None:
    """[faults 22] Some phones leave the last two bytes out; no pixel is missing."""
    assert verdict_on("f10-missing-eoi.jpg").accepted


@pytest.mark.parametrize("progressive", [False, True])
def test_photo_that_lacks_pixels_is_damaged(progressive: bool) -> None:
    """The end mark is added to what is whole alone."""
    photo = Image.blend(files.face(), Image.effect_noise((900, 1200), 60).convert("RGB"), 0.3)
    whole = files.encoded(photo, "JPEG", quality=90, progressive=progressive)
    job = {"kind": "photo", "now": datetime(2026, 7, 1, tzinfo=UTC).isoformat(), "part": None}
    assert check(job, whole[:-2]).accepted
    for missing in (40, 2000, len(whole) // 2):
        assert check(job, whole[:-missing]).problems == ("photo-damaged",), missing


def test_avif_is_named_whatever_its_file_is_called() -> None:
    """[faults 23] The first bytes decide, and the way out is that of AVIF."""
    verdict = verdict_on("f09b-avif-named.jpg")
    assert verdict.problems == ("type-avif",)
    assert "AVIF" in verdict.findings[0].text.en


def test_pdf_that_forbids_copying_is_answered_with_a_way_that_its_receiver_has() -> None:
    """[faults 24] A copy without the restriction is offered, and printing to a file is named."""
    verdict = verdict_on("p21-owner-no-copy-rc4.pdf")
    assert (verdict.problems, verdict.repairable) == (("pdf-restricted",), True)
    assert "Print > Save as PDF" in verdict.findings[0].text.en


def test_pdf_behind_lines_of_a_web_server_is_a_pdf() -> None:
    """[faults 25] It is said what stands before it, and a copy without that is offered."""
    verdict = verdict_on("p06-junk-60-before.pdf")
    assert (verdict.problems, verdict.repairable) == (("pdf-begins-late",), True)
    assert "58 bytes" in verdict.findings[0].text.en
    assert verdict.cleaned is not None
    assert verdict.cleaned.startswith(b"%PDF-")
