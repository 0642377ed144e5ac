"""The mailbox as seen from outside: its process, the mail it holds, and whom it refuses."""

import email
import email.policy
import json
import shutil
import socket
import sys
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path

from deploy.local.mailbox import RECIPIENT_HEADER
from deploy.local.ports import HOST
from deploy.local.process import Spec, plain_environment
from deploy.local.server import Server

_ROOT = Path(__file__).resolve().parents[2]


class Mailbox(Server):
    """SMTP on 127.0.0.1 into a Maildir. What it holds survives a restart."""

    name = "mailbox"

    def __init__(self, directory: Path, port: int) -> None:
        super().__init__(directory)
        self.port = port
        self.host = HOST
        self.data = directory / "mailbox"

    @property
    def maildir(self) -> Path:
        """The Maildir: any mail program opens it."""
        return self.data / "mail"

    @property
    def reports(self) -> Path:
        """The Maildir in which reports about undelivered mails are looked for; nothing puts one there by itself."""
        return self.data / "reports"

    def prepare(self) -> Spec:
        self.data.mkdir(parents=True, exist_ok=True)
        return Spec(
            name=self.name,
            argv=[sys.executable, "-m", "deploy.local.mailbox", str(self.port), str(self.data)],
            env=plain_environment(),
            directory=_ROOT,
            ports=[self.port],
        )

    def healthy(self) -> bool:
        with suppress(OSError), socket.create_connection((HOST, self.port), timeout=2) as connection:
            return connection.recv(3) == b"220"
        return False

    def messages(self, recipient: str | None = None) -> list[EmailMessage]:
        """Kept mail in order of arrival; only what went to `recipient` (envelope address, any case) where given."""
        found: list[tuple[int, EmailMessage]] = []
        for path in [*self.maildir.glob("new/*"), *self.maildir.glob("cur/*")]:
            with suppress(FileNotFoundError):
                message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
                found.append((path.stat().st_mtime_ns, message))
        ordered = [message for _, message in sorted(found, key=lambda each: each[0])]
        if recipient is None:
            return ordered
        return [m for m in ordered if recipient.lower() in [str(to).lower() for to in m.get_all(RECIPIENT_HEADER, [])]]

    def refuse(self, recipient: str, code: int = 550, text: str = "refused") -> None:
        """From now on answer `code` (4xx: try later, 5xx: never) to recipients that match the glob `recipient`."""
        self._write([*self._rules(), {"recipient": recipient, "code": code, "text": text}])

    def accept_all(self) -> None:
        """Forget every refusal."""
        self._write([])

    def clear(self) -> None:
        """Throw away all mail."""
        for path in [*self.maildir.glob("new/*"), *self.maildir.glob("cur/*")]:
            path.unlink(missing_ok=True)

    def destroy(self) -> None:
        """Remove what it kept; only while stopped."""
        shutil.rmtree(self.data, ignore_errors=True)

    def _rules(self) -> list[dict[str, object]]:
        file = self.data / "refuse.json"
        return list(json.loads(file.read_text())) if file.exists() else []

    def _write(self, rules: list[dict[str, object]]) -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        fresh = self.data / "refuse.new"
        fresh.write_text(json.dumps(rules))
        fresh.replace(self.data / "refuse.json")
