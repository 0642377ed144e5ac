"""Unpacks a ZIP of photos and PDFs, in a child process: `python -m services.document.checks.archive`.

Names are never used as paths. Everything is bounded before it is unpacked, and again while it is: the sizes that a ZIP
states are its maker's word.
"""

import codecs
import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from shared.confined import worker

# A school's photos and PDFs; what is larger comes in several ZIPs.
MOST_ENTRIES = 3_000
MOST_UNPACKED = 512 * 1024 * 1024
MOST_OF_ONE = 25 * 1024 * 1024
LONGEST_PATH = 300
_PIECE = 1024 * 1024
_UTF8_NAME = 0x800
# In which names are written. Loaded now: later this process can open no file.
_ENCODINGS = ("utf-8", "cp932")
for _encoding in ("cp437", *_ENCODINGS):
    codecs.lookup(_encoding)
Pieces = Iterator[tuple[dict[str, Any], bytes]]
# How zlib and zipfile answer what is broken or written in a way that they do not know.
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError, RuntimeError, KeyError)


def unpacked(data: bytes) -> Pieces:
    """First `{"problem"}` where nothing is unpacked; else of each file `{"path", "problem"}`, then its bytes in pieces.

    A file with a problem has no bytes. Files that systems put there by themselves are left out.
    """
    try:
        opened = zipfile.ZipFile(io.BytesIO(data))
    except _BROKEN:
        yield {"problem": "archive-damaged"}, b""
        return
    with opened as archive:
        infos = [info for info in archive.infolist() if not info.is_dir() and not _of_the_system(path_of(info))]
        if problem := _refused(infos):
            yield {"problem": problem}, b""
            return
        seen: set[str] = set()
        left = MOST_UNPACKED
        for info in infos:
            path = path_of(info)
            problem = "duplicate" if path in seen else "file-too-large" if info.file_size > MOST_OF_ONE else None
            seen.add(path)
            content = None
            if problem is None:
                content = _content(archive, info, min(MOST_OF_ONE, left))
                problem = None if content is not None else "entry-damaged"
            yield {"path": path[-LONGEST_PATH:], "problem": problem}, b""
            for start in range(0, len(content or b""), _PIECE):
                yield {}, (content or b"")[start : start + _PIECE]
            left -= len(content or b"")


def path_of(info: zipfile.ZipInfo) -> str:
    """The name of a file as it was written: UTF-8, as Windows in Japan writes it (CP932), or as it is."""
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    raw = info.filename.encode("cp437", "replace")
    for encoding in _ENCODINGS:
        try:
            return raw.decode(encoding).replace("\\", "/")
        except UnicodeDecodeError:
            continue
    return info.filename


def _refused(infos: list[zipfile.ZipInfo]) -> str | None:
    if any(info.flag_bits & 1 for info in infos):
        return "archive-encrypted"
    if not infos:
        return "archive-empty"
    if len(infos) > MOST_ENTRIES:
        return "archive-too-many"
    if sum(info.file_size for info in infos) > MOST_UNPACKED:
        return "archive-too-large"
    return None


def _of_the_system(path: str) -> bool:
    name = path.rpartition("/")[2]
    return path.startswith("__MACOSX/") or name in (".DS_Store", "Thumbs.db", "desktop.ini")


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes | None:
    """The bytes of a file; None for more than `most` and for what does not unpack."""
    try:
        with archive.open(info) as source:
            content = source.read(most + 1)
    except _BROKEN:
        return None
    return content if len(content) <= most else None


def _answer(_job: dict[str, Any], data: bytes) -> Pieces:
    yield from unpacked(data)


if __name__ == "__main__":
    worker.main(_answer)
