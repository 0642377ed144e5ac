"""The child process that looks into foreign files: `python -m services.document.checks.worker` (`shared.confined`)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from services.document.checks import improvement, pdf, photo, picture_pages
from services.document.checks.crops import Part
from services.document.checks.drawn import draw_page, read_text
from services.document.checks.sniff import SNIFF_BYTES, sniff, wrong_content
from services.document.checks.verdict import Verdict
from shared.confined import worker

_PIECE = 1024 * 1024


def check(job: dict[str, Any], data: bytes) -> Verdict:
    """The verdict on one file. `job`: `kind`, `now` in ISO 8601, and of a photo the `part` to keep, or None; of PDFs
    that are put together their `sizes` and the `pages` that are wanted; of a copy that is asked for the `codes`
    of what is to be improved, and the `span` of pages, from and to."""
    if not data:
        return Verdict.refused("file-empty")
    if job["kind"] == "improved":
        return improvement.improved(data, set(job["codes"]), *job["span"])
    if job["kind"] == "joined":
        return picture_pages.joined(data, job["sizes"], job["pages"])
    content = sniff(data[:SNIFF_BYTES])
    problem = wrong_content(job["kind"], content)
    if problem is not None:
        return Verdict.refused(problem)
    if job["kind"] == "pdf":
        return pdf.check_pdf(data) if content == "pdf" else picture_pages.pages_of(data)
    return photo.check_photo(data, datetime.fromisoformat(job["now"]), job["part"] and Part(**job["part"]))


def _answer(job: dict[str, Any], data: bytes) -> Iterator[tuple[dict[str, Any], bytes]]:
    """For a check the verdict, then what is to be kept in place of the file, in pieces; else a page, or the text."""
    if job["kind"] == "page":
        yield draw_page(job["content"], data, job["number"], job["pixels"])
        return
    if job["kind"] == "text":
        yield from read_text(data)
        return
    verdict = check(job, data)
    yield verdict.described(), b""
    cleaned = verdict.cleaned or b""
    for start in range(0, len(cleaned), _PIECE):
        yield {}, cleaned[start : start + _PIECE]


if __name__ == "__main__":
    worker.main(_answer)
