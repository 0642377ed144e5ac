"""The size of a file's structure, measured before a parser sees it.

A parser unpacks and reads what a file declares, so a few kilobytes can cost seconds and gigabytes. These functions
look at the bytes alone, unpack with a cap, and cost a fraction of a second for 25 MB. They bound what honest programs
write; a file disguised against them meets the limits of the parser (`pdf.py`) and of the kernel (`worker.py`).
"""

import re
import zlib

from services.document.checks import limits

_CHUNK = 64 * 1024
# Keys of the two kinds of PDF streams that the parser unpacks: object streams have /First, cross-reference streams /W
# (ISO 32000-1, 7.5.7 and 7.5.8). A letter of a name can also be written as # and its code.
_STRUCTURE_KEY = re.compile(
    rb"/(?:(?:F|#46)(?:i|#69)(?:r|#72)(?:s|#73)(?:t|#74)|(?:W|#57))(?=[\x00\t\n\f\r \[/%(<0-9])"
)
# A stream's dictionary of this kind takes 100 to 300 bytes.
_DICTIONARY = 4096
_STREAM = re.compile(rb"(?<!end)stream(?:\r\n|\n|\r| )")
_WIDTHS = re.compile(rb"/W\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s*\]")
_HELD = re.compile(rb"/N\s+(\d{1,12})\b")
_TABLE_ENTRIES = (b" n\r\n", b" n \n", b" n \r", b" n\n")
_TABLE_ENTRY = re.compile(rb"\d{10} \d{5} n[ \r\n]")
# Outlines and fonts have a few thousand of these keys; a file with more is built to be searched for long.
_MOST_KEYS = 50_000


def pdf_too_complex(data: bytes) -> bool:
    """Whether a PDF declares more objects, or unpacks to more structure, than `limits` accepts."""
    objects = data.count(b"obj") - data.count(b"endobj")
    entries = sum(data.count(end) for end in _TABLE_ENTRIES)
    if entries > limits.PDF_MAX_OBJECTS:
        # Counted quickly first; ends of paths in a page's contents look alike.
        entries = sum(1 for _ in _TABLE_ENTRY.finditer(data))
    if max(objects, entries) > limits.PDF_MAX_OBJECTS:
        return True
    unpacked, begun, keys = 0, -1, 0
    for key in _STRUCTURE_KEY.finditer(data):
        keys += 1
        if keys > _MOST_KEYS:
            return True
        stream = _STREAM.search(data, key.end(), key.end() + _DICTIONARY)
        # An outline or a font has such keys too: what follows it is another object's stream.
        if stream is None or stream.end() == begun or b"endobj" in data[key.end() : stream.start()]:
            continue
        begun = stream.end()
        start = data.rfind(b"obj", max(0, key.start() - _DICTIONARY), key.start())
        dictionary = data[start : stream.start()]
        if _has_odd_filters(dictionary):
            return True
        size = inflated(data, begun, limits.PDF_MAX_STRUCTURE_BYTES - unpacked)
        unpacked += size
        held = _HELD.search(dictionary)
        objects += int(held[1]) if held else 0
        widths = _WIDTHS.search(dictionary)
        if widths:
            # A predictor puts a byte before each entry.
            entries += size // max(sum(map(int, widths.groups())) + (b"/Predictor" in dictionary), 1)
        if unpacked >= limits.PDF_MAX_STRUCTURE_BYTES or max(objects, entries) > limits.PDF_MAX_OBJECTS:
            return True
    return False


def _has_odd_filters(dictionary: bytes) -> bool:
    """Whether a structure stream is packed in another way than once with Flate, which no program does."""
    if dictionary.count(b"Flate") > 1 or dictionary.count(b"/Fl ") > 1:
        return True
    return any(name in dictionary for name in (b"LZW", b"RunLength", b"ASCIIHex", b"ASCII85", b"/DCT", b"/Crypt "))


def inflated(data: bytes, start: int, cap: int) -> int:
    """The number of bytes that the Flate stream at `start` unpacks to, counted up to `cap`; 0 where there is none."""
    inflate = zlib.decompressobj()
    size = 0
    try:
        for at in range(start, len(data), _CHUNK):
            packed = data[at : at + _CHUNK]
            while packed:
                size += len(inflate.decompress(packed, _CHUNK * 16))
                if inflate.eof or size >= cap:
                    return min(size, cap)
                packed = inflate.unconsumed_tail
    except zlib.error:
        # Not packed, encrypted or broken: the parser's own limits hold.
        return size
    return size


_SCAN = b"\xff\xda"
_FILL = re.compile(rb"\xff*")


def jpeg_too_complex(data: bytes) -> bool:
    """Whether the first picture of a JPEG has more segments before its pixels, or more scans, than cameras write.

    Each scan of a progressive picture goes over all its pixels again, and may take only a few bytes.
    """
    at, segments = 2, 0
    while data[at : at + 1] == b"\xff":
        fill = _FILL.match(data, at)
        assert fill is not None
        if fill.end() - at > limits.PHOTO_MAX_FILL:
            return True
        at = fill.end()
        marker = data[at] if at < len(data) else 0xD9
        if marker == _SCAN[1]:
            break
        segments += 1
        if segments > limits.PHOTO_MAX_SEGMENTS:
            return True
        standalone = marker == 0x01 or 0xD0 <= marker <= 0xD9
        at += 1 if standalone else 1 + int.from_bytes(data[at + 1 : at + 3], "big")
    # Later pictures of one file (MPO, thumbnails) have scans too, so the whole file may have a few times as many.
    if data.count(_SCAN, at) <= limits.PHOTO_MAX_SCANS:
        return False
    return _scans(data, at - 1) > limits.PHOTO_MAX_SCANS


_MARKER = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")


def _scans(data: bytes, at: int) -> int:
    """The scans of one picture, whose first begins at `at`, until its end mark."""
    scans = 0
    while (marker := _MARKER.search(data, at)) is not None and scans <= limits.PHOTO_MAX_SCANS:
        code = marker[0][-1]
        if code == 0xD9:
            break
        scans += code == _SCAN[1]
        at = marker.end() + max(int.from_bytes(data[marker.end() : marker.end() + 2], "big"), 2)
    return scans


def png_too_complex(data: bytes) -> bool:
    """Whether a PNG has more chunks than programs write (their smallest pieces of pixels are 8 KB)."""
    at, chunks = 8, 0
    while at + 8 <= len(data):
        chunks += 1
        if chunks > limits.PHOTO_MAX_CHUNKS:
            return True
        at += 12 + int.from_bytes(data[at : at + 4], "big")
    return False
