"""Files to send."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

Source = str | os.PathLike[str] | bytes | BinaryIO


@dataclass(frozen=True, slots=True)
class FileContent:
    """A file, read whole: the largest that is accepted has 64 MB."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The hash of the whole, hexadecimal."""
        return sha256(self.content).hexdigest()


def opened(source: Source, name: str | None = None) -> FileContent:
    """The file at a path, in memory, or behind an open file. A path gives its name where `name` does not."""
    if isinstance(source, bytes):
        return FileContent(name or "file", source)
    if isinstance(source, str | os.PathLike):
        path = Path(source)
        return FileContent(name or path.name, path.read_bytes())
    return FileContent(name or Path(str(getattr(source, "name", "file"))).name, source.read())


def all_opened(sources: Source | list[Source], name: str | None = None) -> Iterator[FileContent]:
    """One file or several, in order."""
    for each in sources if isinstance(sources, list) else [sources]:
        yield opened(each, name)
