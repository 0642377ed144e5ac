"""The check of a PDF. Runs in a child process, because parsers of PDF are attacked through their input."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2

from services.document.checks import limits
from services.document.checks.active import acts
from services.document.checks.catalogue import Severity
from services.document.checks.pages import UnreadablePage, look, opened
from services.document.checks.repair import BROKEN, repaired
from services.document.checks.sniff import PDF_MARK
from services.document.checks.structure import inflated, pdf_too_complex
from services.document.checks.verdict import Finding, Verdict

# How qpdf says that a stream was left out because of one of the limits below.
_LEFT_OUT = re.compile(r"limits? (?:exceeded|error)")
_END = b"%%EOF"
# So far from the end do readers look for the end mark.
_TAIL = 1000
_SPACE = b"\x00\t\n\x0c\r "
# The fonts that every reader has (ISO 32000-1, 9.6.2.2), and their usual other names.
_EVERYWHERE = re.compile(rb"/BaseFont /(?:[A-Z]{6}\+)?(?:Helvetica|Times|Courier|Symbol|ZapfDingbats|Arial)")
_FONT = re.compile(rb"/Subtype /(?:TrueType|Type1|MMType1|CIDFontType[02])\b")

# What the parser unpacks of one stream of the structure, and through how many filters: programs use one. These hold
# where a file is disguised against `structure.py`, and for encrypted files.
pikepdf.settings.set_qpdf_limits(
    flate_max_memory=limits.PDF_MAX_STRUCTURE_BYTES // 2,
    run_length_max_memory=limits.PDF_MAX_STRUCTURE_BYTES // 2,
    png_max_memory=limits.PDF_MAX_STRUCTURE_BYTES // 2,
    tiff_max_memory=limits.PDF_MAX_STRUCTURE_BYTES // 2,
    max_stream_filters=1,
)


class _Refused(Exception):
    """The check ends with this finding."""

    def __init__(self, code: str, page: int | None = None, **values: float) -> None:
        super().__init__(code)
        self.finding = Finding.of(code, page, **values)


def check_pdf(data: bytes) -> Verdict:
    """Check a PDF. One that can be used is kept byte for byte: it is evidence, and its hash is published.

    Where all that keeps it from being used can be repaired, `cleaned` is a copy that can be used and looks the same.
    """
    if pdf_too_complex(data):
        return Verdict.refused("pdf-too-complex")
    verdict = _examined(data)
    if verdict.accepted:
        return verdict
    return _repaired(data, verdict)


def _repaired(data: bytes, verdict: Verdict) -> Verdict:
    """The verdict with a repaired copy; where there can be none, its findings refuse the file."""
    severities = {each.severity for each in verdict.findings}
    copy = None
    if Severity.REFUSED not in severities and "pdf-signed" not in verdict.advice:
        begin = max(data.find(PDF_MARK), 0)
        copy = repaired(data[begin:], set(verdict.problems))
    if copy is not None and _examined(copy).accepted:
        return replace(verdict, cleaned=copy)
    return replace(verdict, findings=tuple(map(_final, verdict.findings)))


def _final(finding: Finding) -> Finding:
    return replace(finding, severity=Severity.REFUSED) if finding.severity is Severity.REPAIRABLE else finding


def _examined(data: bytes) -> Verdict:
    """The findings of a PDF, without a repair."""
    findings = []
    begin = data.find(PDF_MARK)
    if data[:begin].removeprefix(b"\xef\xbb\xbf").strip(_SPACE):
        findings.append(Finding.of("pdf-begins-late", measured=begin))
        data = data[begin:]
    try:
        pdf, more = _opened(data)
        findings += more
        with pdf:
            found = _Found()
            findings += _check(pdf, found)
            return Verdict((*findings, *_seen(data, pdf, found)), pages=len(pdf.pages))
    except _Refused as refused:
        return Verdict((*findings, refused.finding))
    except pikepdf.PasswordError:
        return Verdict((*findings, Finding.of("pdf-encrypted")))
    except BROKEN:
        # More than a table.
        return Verdict((Finding.of("pdf-damaged"),))


def _opened(data: bytes) -> tuple[pikepdf.Pdf, list[Finding]]:
    """The file, opened by the parser; where its table is wrong and nothing seems lost, with that finding."""
    end = data.rfind(_END) + len(_END)
    rest = data[end:]
    try:
        # Copiers pad files, and servers add lines: what follows the end mark and is no part of a PDF does no harm.
        padded = end >= len(_END) and len(rest) > _TAIL and b"obj" not in rest
        source = BytesIO(data[: end + 1] if padded else data)
        return _open(source, recover=False), []
    except pikepdf.PdfError as error:
        # Certificates and rights servers: a way to encrypt that needs more than a password.
        if "encrypt" in str(error).lower():
            raise _Refused("pdf-encrypted") from error
        # Where the end is missing, pages are.
        if end < len(_END) or b"startxref" not in data[max(0, end - 64) : end]:
            raise _Refused("pdf-damaged") from error
    pdf = _open(BytesIO(data), recover=True)
    return pdf, [Finding.of("pdf-table-damaged")]


def _open(source: BytesIO, *, recover: bool) -> pikepdf.Pdf:
    return pikepdf.open(source, attempt_recovery=recover, suppress_warnings=True, inherit_page_attributes=False)


@dataclass(slots=True)
class _Found:
    """Things found among the objects of a file."""

    active: bool = False
    media: bool = False
    attached: bool = False
    outside: bool = False
    signed: bool = False
    fonts: int = 0
    # Pages whose contents are small enough to be looked at.
    numbers: list[int] = field(default_factory=list)


def _check(pdf: pikepdf.Pdf, found: _Found) -> Iterator[Finding]:
    """The findings in the structure. Raises `_Refused` where nothing more is to be looked at."""
    objects = pdf.objects
    if len(objects) > limits.PDF_MAX_OBJECTS or any(_LEFT_OUT.search(said) for said in pdf.get_warnings()):
        raise _Refused("pdf-too-complex")
    _check_pages(pdf, found)
    for item in objects:
        _read(item, found)
    if pdf.is_encrypted and not _unrestricted(pdf.allow):
        yield Finding.of("pdf-restricted")
    if found.attached:
        yield Finding.of("pdf-attached-files")
    elif "/Collection" in pdf.Root:
        yield Finding.of("pdf-portfolio")
    elif "/Names" in pdf.Root and "/EmbeddedFiles" in pdf.Root.Names:
        yield Finding.of("pdf-embedded-files", measured=len(pdf.attachments))
    if "/AcroForm" in pdf.Root and "/XFA" in pdf.Root.AcroForm:
        # Without ordinary fields beside it, or where a reader is to make the pages, the pages say nothing.
        dynamic = bool(pdf.Root.get("/NeedsRendering", False)) or not len(pdf.Root.AcroForm.get("/Fields", []))
        yield Finding.of("pdf-dynamic-form" if dynamic else "pdf-hybrid-form")
    if found.media:
        yield Finding.of("pdf-media")
    if found.active:
        yield Finding.of("pdf-active-content")
    if found.outside:
        yield Finding.of("pdf-outside-data")
    if found.fonts:
        yield Finding.of("pdf-fonts-missing", measured=found.fonts)


def _check_pages(pdf: pikepdf.Pdf, found: _Found) -> None:
    """Raises `_Refused` where there is no page, there are too many, or some are missing."""
    pages = len(pdf.pages)
    if pages > limits.PDF_MAX_PAGES:
        raise _Refused("pdf-too-long", measured=pages, allowed=limits.PDF_MAX_PAGES)
    stated = pdf.Root.Pages.get("/Count")
    if isinstance(stated, int) and stated != pages:
        raise _Refused("pdf-pages-missing", measured=pages, stated=stated)
    if pages == 0:
        raise _Refused("pdf-empty")
    left = limits.PDF_MAX_CONTENTS
    for number, page in enumerate(pdf.pages, 1):
        if not isinstance(page.obj, pikepdf.Dictionary):
            raise _Refused("pdf-damaged")
        contents = page.obj.get("/Contents")
        size = _size(contents)
        if size <= min(left, limits.PDF_MAX_PAGE_CONTENTS):
            left -= size
            found.numbers.append(number)


def _size(contents: Any) -> int:
    """The bytes that the contents of a page unpack to, counted a little further than what is looked at."""
    size, most = 0, limits.PDF_MAX_PAGE_CONTENTS + 1
    for part in contents.as_list() if isinstance(contents, pikepdf.Array) else [contents]:
        if isinstance(part, pikepdf.Stream) and size < most:
            raw = part.read_raw_bytes()
            size += max(len(raw), inflated(raw, 0, most - size))
    return size


def _read(item: Any, found: _Found) -> None:
    stream = isinstance(item, pikepdf.Stream)
    if stream:
        item = item.stream_dict
    if not isinstance(item, pikepdf.Dictionary | pikepdf.Array):
        return
    written = item.unparse(resolved=True)
    if acts(item, written):
        found.active = True
    if b"/RichMedia" in written:
        found.media = True
    if b"/FileAttachment" in written:
        found.attached = True
    if b"/ByteRange" in written:
        found.signed = True
    if stream and b"/F " in written and "/F" in item:
        found.outside = True
    if b"/BaseFont" in written and _FONT.search(written) and not _EVERYWHERE.search(written):
        descriptor = item.get("/FontDescriptor") if isinstance(item, pikepdf.Dictionary) else None
        if descriptor is None or not any(f"/FontFile{each}" in descriptor for each in ("", "2", "3")):
            found.fonts += 1


def _seen(data: bytes, pdf: pikepdf.Pdf, found: _Found) -> Iterator[Finding]:
    """The findings on pages as a reader shows them."""
    try:
        with opened(data) as document:
            shown, pages = len(document), len(pdf.pages)
            if shown != pages:
                raise _Refused("pdf-pages-missing", measured=min(shown, pages), stated=max(shown, pages))
            # A fine scan is said where a smaller copy would help somebody.
            large = len(data) >= limits.PDF_LARGE
            yield from (each for each in look(document, found.numbers) if large or each.code != "pdf-scan-fine")
    except UnreadablePage as error:
        raise _Refused("pdf-page-damaged", error.number) from error
    except pypdfium2.PdfiumError as error:
        raise _Refused("pdf-damaged") from error
    if found.signed:
        yield Finding.of("pdf-signed")


def _unrestricted(allow: pikepdf.Permissions) -> bool:
    """Printing and copying are what the authority needs; limits on editing alone do no harm."""
    return allow.print_lowres and allow.print_highres and allow.extract
