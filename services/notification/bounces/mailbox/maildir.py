"""A Maildir folder as the mailbox of reports: the site's mail server delivers into it."""

import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from services.notification.bounces.mailbox.port import Kept, Unreadable

_FLAGS = ":2,"


class MaildirMailbox:
    """The folder `path` with `new` and `cur`. Of the letters behind a name, S says: read, F: flagged."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def unread(self, limit: int, most_bytes: int) -> list[Kept]:
        found = []
        for file in sorted(self._unread_files(), key=lambda each: each.name)[:limit]:
            # Another process may have read it in between.
            with suppress(FileNotFoundError), file.open("rb") as opened:
                found.append(Kept(f"{file.parent.name}/{file.name}", opened.read(most_bytes)))
        return found

    def mark(self, understood: Mapping[str, bool]) -> None:
        for key, is_understood in understood.items():
            file = self._path / key
            name = file.name.partition(_FLAGS)[0]
            with suppress(FileNotFoundError):
                # The time for which it is kept begins here.
                os.utime(file)
                file.rename(self._path / "cur" / f"{name}{_FLAGS}{'S' if is_understood else 'FS'}")

    def erase(self, before: datetime) -> None:
        for file in self._files("cur"):
            with suppress(FileNotFoundError):
                if "S" in file.name.partition(_FLAGS)[2] and file.stat().st_mtime < before.timestamp():
                    file.unlink()

    def _unread_files(self) -> list[Path]:
        seen = [file for file in self._files("cur") if "S" not in file.name.partition(_FLAGS)[2]]
        return [*self._files("new"), *seen]

    def _files(self, folder: str) -> list[Path]:
        try:
            return [file for file in (self._path / folder).iterdir() if file.is_file() and not file.is_symlink()]
        except OSError as error:
            raise Unreadable("no-folder") from error
