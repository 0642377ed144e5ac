"""The malware scanner: ClamAV's daemon where the machine has it, with a signature of our own and no download."""

import os
import shutil
import socket
from contextlib import suppress
from pathlib import Path

from deploy.local.ports import HOST
from deploy.local.process import Spec, plain_environment
from deploy.local.server import Server

# What its only signature finds. A real site's clamd has those that freshclam fetches.
TEST_MALWARE = b"ZAIRYU-TEST-MALWARE"
TEST_NAME = "Zairyu.Test.Malware"
MISSING = "no clamd on this machine: files are not scanned for malware (Debian: apt-get install clamav-daemon)"

# As docs/document.md asks of a site. Twice the largest file, so that its limits are about what is packed in it.
CONFIGURATION = """
TCPAddr {host}
TCPSocket {port}
DatabaseDirectory {signatures}
TemporaryDirectory {data}
Foreground yes
StreamMaxLength 52M
MaxFileSize 52M
MaxScanSize 200M
MaxScanTime 20000
AlertExceedsMax yes
MaxThreads 2
"""


def program() -> str | None:
    """The path of clamd; Debian keeps it where a person's own path does not look."""
    return shutil.which("clamd", path=os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin")))


class Scanner(Server):
    """clamd on 127.0.0.1. `add` gives it another signature, which it knows after a restart."""

    name = "scanner"

    def __init__(self, directory: Path, port: int) -> None:
        super().__init__(directory)
        self.port = port
        self.data = directory / "scanner"

    @property
    def address(self) -> str:
        """`host:port`."""
        return f"{HOST}:{self.port}"

    def add(self, name: str, content: bytes) -> None:
        """Have `content` found as `name`."""
        self._signatures.mkdir(parents=True, exist_ok=True)
        (self._signatures / f"{name}.ndb").write_text(f"{name}:0:*:{content.hex()}\n")

    def prepare(self) -> Spec:
        self.add(TEST_NAME, TEST_MALWARE)
        file = self.data / "clamd.conf"
        file.write_text(
            CONFIGURATION.format(host=HOST, port=self.port, signatures=self._signatures, data=self.data).lstrip()
        )
        return Spec(
            name=self.name,
            argv=[program() or "clamd", "--foreground", f"--config-file={file}"],
            env=plain_environment(),
            directory=self.data,
            ports=[self.port],
        )

    def healthy(self) -> bool:
        with suppress(OSError), socket.create_connection((HOST, self.port), timeout=2) as connection:
            connection.sendall(b"zPING\0")
            return connection.recv(5) == b"PONG\0"
        return False

    @property
    def _signatures(self) -> Path:
        return self.data / "signatures"
