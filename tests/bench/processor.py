"""Processor time: what something costs on a machine that does other things too."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(slots=True)
class Cost:
    """Seconds of processor time."""

    seconds: float = 0.0


class Processor:
    """Processor time of PostgreSQL, its ended sessions included, and of given processes."""

    def __init__(self, pid_file: Path) -> None:
        self._postmaster = psutil.Process(int(pid_file.read_text().split()[0]))

    @contextmanager
    def counting(self, pids: Sequence[int]) -> Iterator[Cost]:
        """Fills the cost in when the block ends."""
        cost = Cost()
        before = self._total(pids)
        yield cost
        cost.seconds = self._total(pids) - before

    def _total(self, pids: Sequence[int]) -> float:
        own = self._postmaster.cpu_times()
        total = own.user + own.system + own.children_user + own.children_system
        for process in [*self._postmaster.children(), *(psutil.Process(pid) for pid in pids)]:
            with suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                total += times.user + times.system
        return float(total)
