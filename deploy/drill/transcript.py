"""The printed transcript of a drill: each step with its seconds."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Transcript:
    """Prints lines, and how long each step took."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, heading: str) -> Iterator[None]:
        """A step of the runbook."""
        self.say(f"\n{heading}")
        began = time.monotonic()
        yield
        self.seconds[heading] = time.monotonic() - began
        self.say(f"  ({self.seconds[heading]:.1f} s)")

    def ran(self, command: str, output: str = "") -> None:
        """A command, and what it said."""
        self.say(f"  $ {command}")
        for line in output.splitlines():
            self.say(f"    {line}")

    def say(self, line: str) -> None:
        """One line."""
        print(line, flush=True)
