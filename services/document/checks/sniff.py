"""The type of a file, by its first bytes."""

from typing import Literal

from shared.reference.files import PAGE_FORMATS, PHOTO_FORMATS

Content = Literal["jpeg", "png", "webp", "heic", "avif", "tiff", "pdf", "office", "unknown"]
# Accepted as a face photo.
PICTURES = tuple(PHOTO_FORMATS)
# Accepted as pages of a document.
PAGES = tuple(PAGE_FORMATS)

# Readers look for the mark of a PDF in so many bytes.
SNIFF_BYTES = 1024
PDF_MARK = b"%PDF-"

_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
_AVIF_BRANDS = (b"avif", b"avis")


def sniff(head: bytes) -> Content:
    """The type of the file that begins with `head`.

    A PDF must begin with its mark. Readers also accept it further on, which is how one file is made to be two things:
    that is a finding of its own, and what is kept of such a file begins with the mark.
    """
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp":
        # `mif1` says only how the picture is packed; the brands that follow say how its pixels are.
        if head[8:12] in _AVIF_BRANDS or (head[8:12] == b"mif1" and b"avif" in head[16:64]):
            return "avif"
        if head[8:12] in _HEIF_BRANDS:
            return "heic"
    if head.startswith((b"II*\0", b"MM\0*")):
        return "tiff"
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf")):
        return "office"
    return "pdf" if PDF_MARK in head else "unknown"


def wrong_content(kind: str, content: Content) -> str | None:
    """The problem's code where a file sent as `kind` is something else."""
    if content == "office":
        return "type-office"
    if content == "avif":
        return "type-avif"
    if kind == "photo":
        wrong = "kind-is-pdf" if content == "pdf" else "type-not-accepted"
        return None if content in PICTURES else wrong
    return None if content in ("pdf", *PAGES) else "type-not-accepted"
