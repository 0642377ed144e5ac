"""The printed story of the case: one line for each step, beginning with the actor."""

import time


class Story:
    """Prints the steps with the seconds since the start."""

    def __init__(self, quiet: bool = False) -> None:
        self._start = time.monotonic()
        self._quiet = quiet
        self.lines: list[str] = []

    def chapter(self, title: str) -> None:
        """Begin a part of the case."""
        self._say(f"\n{title}")

    def did(self, who: str, what: str) -> None:
        """Somebody did something."""
        self._say(f"{self._seconds()}  {who:<22} {what}")

    def event(self, *names: str) -> None:
        """Domain events passed."""
        self._say(f"{'':>6}    event  {', '.join(names)}")

    def mail(self, to: str, subject: str) -> None:
        """A mail arrived."""
        self._say(f"{'':>6}    mail   to {to}: {subject}")

    def _seconds(self) -> str:
        return f"{time.monotonic() - self._start:5.1f}s"

    def _say(self, line: str) -> None:
        self.lines.append(line)
        if not self._quiet:
            print(line, flush=True)
