"""The type of a file, by its first bytes."""

from typing import Literal

Content = Literal["jpeg", "png", "pdf", "heic", "office", "unknown"]

SNIFF_BYTES = 64

_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")


def sniff(head: bytes) -> Content:
    """The type of the file that begins with `head`.

    A PDF must begin with its mark: readers also accept it further on, which is how one file is made to be two things.
    """
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n\t ").startswith(b"%PDF-"):
        return "pdf"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return "heic"
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
        return "office"
    return "unknown"


def wrong_content(kind: str, content: Content) -> str | None:
    """The problem's code where a file sent as `kind` is something else."""
    if content == "heic" and kind == "photo":
        return "type-heic"
    if content == "office":
        return "type-office"
    if kind == "photo":
        return None if content in ("jpeg", "png") else "kind-is-pdf" if content == "pdf" else "type-not-accepted"
    return None if content == "pdf" else "kind-is-photo" if content in ("jpeg", "png") else "type-not-accepted"
