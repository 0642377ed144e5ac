"""An IMAP server in memory, with as much of RFC 3501 as a reader of reports speaks."""

import re
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from threading import Thread


@dataclass
class Mail:
    raw: bytes
    arrived: date
    flags: set[str] = field(default_factory=set)


@dataclass
class Folder:
    """Its mails by their UIDs."""

    mails: dict[int, Mail] = field(default_factory=dict)

    def put(self, raw: bytes, arrived: date | None = None) -> None:
        self.mails[max(self.mails, default=0) + 1] = Mail(raw, arrived or datetime.now(UTC).date())


class _Session(socketserver.StreamRequestHandler):
    folder: Folder
    password: str

    def handle(self) -> None:
        # Its reader may be killed at any time.
        with suppress(ConnectionError):
            self._talk()

    def _talk(self) -> None:
        self._say("* OK ready")
        while line := self.rfile.readline():
            tag, command, rest = (*line.decode().strip().split(" ", 2), "", "")[:3]
            if command == "UID":
                command, _, rest = rest.partition(" ")
            answer = getattr(self, f"do_{command.lower()}", lambda _: "BAD unknown")(rest)
            self._say(f"{tag} {answer}")
            if command == "LOGOUT":
                return

    def do_capability(self, _: str) -> str:
        self._say("* CAPABILITY IMAP4rev1")
        return "OK done"

    def do_login(self, rest: str) -> str:
        return "OK done" if rest.split()[-1].strip('"') == self.password else "NO wrong"

    def do_select(self, _: str) -> str:
        self._say(f"* {len(self.folder.mails)} EXISTS")
        return "OK [READ-WRITE]"

    def do_search(self, rest: str) -> str:
        words = rest.split()
        found = dict(self.folder.mails)
        if "UNSEEN" in words:
            found = {uid: mail for uid, mail in found.items() if r"\Seen" not in mail.flags}
        if "BEFORE" in words:
            before = datetime.strptime(words[-1], "%d-%b-%Y").replace(tzinfo=UTC).date()
            found = {uid: mail for uid, mail in found.items() if r"\Seen" in mail.flags and mail.arrived < before}
        self._say(" ".join(["* SEARCH", *map(str, found)]))
        return "OK done"

    def do_fetch(self, rest: str) -> str:
        uid, most = int(rest.split()[0]), int(re.search(r"<0\.(\d+)>", rest)[1])  # type: ignore[index]
        raw = self.folder.mails[uid].raw[:most]
        self.wfile.write(f"* {uid} FETCH (UID {uid} BODY[]<0> {{{len(raw)}}}\r\n".encode() + raw + b")\r\n")
        return "OK done"

    def do_store(self, rest: str) -> str:
        uid, _, flags = rest.split(" ", 2)
        if int(uid) in self.folder.mails:
            self.folder.mails[int(uid)].flags |= set(flags.strip("()").split())
        return "OK done"

    def do_expunge(self, _: str) -> str:
        kept = {uid: mail for uid, mail in self.folder.mails.items() if r"\Deleted" not in mail.flags}
        self.folder.mails.clear()
        self.folder.mails.update(kept)
        return "OK done"

    def do_logout(self, _: str) -> str:
        self._say("* BYE")
        return "OK done"

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def imap_server(folder: Folder, password: str, port: int = 0) -> Iterator[int]:
    """The server on 127.0.0.1 with one folder; its port, that of an earlier one where given."""
    session = type("Session", (_Session,), {"folder": folder, "password": password})
    with _Server(("127.0.0.1", port), session) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
