"""The repair of a PDF: a copy without what keeps it from being used, which looks the same page by page."""

from collections.abc import Set
from io import BytesIO

import pikepdf

from services.document.checks.active import remove_actions
from services.document.checks.pages import same_pictures

# How qpdf says that it had to guess where a stream ends: part of it may be lost.
_GUESSED = "stream length"
# How pikepdf answers what is broken.
BROKEN = (pikepdf.PikepdfError, RuntimeError, ValueError, TypeError, KeyError, AttributeError, RecursionError)


def repaired(data: bytes, codes: Set[str]) -> bytes | None:
    """A copy of a PDF without what `codes` name. None where it would not look the same, or that cannot be shown.

    Contents, pictures and fonts are copied as they are; what a password locks is unlocked.
    """
    try:
        copy = _copied(data, codes)
    except BROKEN:
        return None
    return copy if copy is not None and same_pictures(data, copy) else None


def _copied(data: bytes, codes: Set[str]) -> bytes | None:
    with pikepdf.open(BytesIO(data), suppress_warnings=True, inherit_page_attributes=False) as pdf:
        if "pdf-active-content" in codes:
            remove_actions(pdf)
        if "pdf-hybrid-form" in codes:
            del pdf.Root.AcroForm["/XFA"]
        if "pdf-embedded-files" in codes:
            _remove_files(pdf)
        out = BytesIO()
        pdf.save(
            out,
            encryption=False,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            object_stream_mode=pikepdf.ObjectStreamMode.preserve,
        )
        if any(_GUESSED in said for said in pdf.get_warnings()):
            return None
    copy = out.getvalue()
    if "pdf-table-damaged" not in codes:
        return copy
    with pikepdf.open(BytesIO(copy), attempt_recovery=False, suppress_warnings=True) as pdf:
        return None if pdf.check_pdf_syntax() else copy


def _remove_files(pdf: pikepdf.Pdf) -> None:
    names = pdf.Root.get("/Names")
    if names is not None and "/EmbeddedFiles" in names:
        del names["/EmbeddedFiles"]
    for item in (pdf.Root, *(page.obj for page in pdf.pages)):
        if "/AF" in item:
            del item["/AF"]
