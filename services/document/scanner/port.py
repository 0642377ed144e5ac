"""The malware scanner as the service needs it. `clamd.py` and `memory.py` implement it; one test-suite runs on both."""

from dataclasses import dataclass
from typing import BinaryIO, Protocol

# The notice to operators while it does not answer.
SCANNER_AWAY = "scanner-away"


class ScannerUnavailable(Exception):
    """The scanner does not answer, or says that it cannot scan now; the file is scanned later."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one scan. `name` is what was found; None: nothing.

    `complete` is false where the scanner gave up at one of its limits: such a file was not scanned, whatever it holds.
    """

    name: str | None = None
    complete: bool = True


class Scanner(Protocol):
    """Both methods raise `ScannerUnavailable`."""

    async def scan(self, source: BinaryIO) -> Finding:
        """Scan what `source` holds, from its start."""
        ...

    async def version(self) -> str:
        """The version of the program and of its signatures, which changes with either."""
        ...
