"""The directory of the servers of one test run, and the removal of runs that were killed."""

import fcntl
import os
import shutil
from pathlib import Path

from deploy.local.clean import end_all

ROOT = Path(__file__).resolve().parents[2] / ".zairyu" / "test"


def claim(worker: str) -> Path:
    """A directory of our own. What killed runs left (their lock is free) is ended and removed first."""
    ROOT.mkdir(parents=True, exist_ok=True)
    with (ROOT / "sweep.lock").open("a") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        for left in ROOT.glob("run-*"):
            if _abandoned(left):
                end_all(left)
                shutil.rmtree(left, ignore_errors=True)
        directory = ROOT / f"run-{os.getpid()}-{worker}"
        directory.mkdir()
        lock = (directory / "owner").open("a")
        fcntl.flock(lock, fcntl.LOCK_EX)
        # Held by the open file until this process ends, however it ends.
        _held.append(lock)
    return directory


def release(directory: Path) -> None:
    """Remove a directory whose servers have ended."""
    shutil.rmtree(directory, ignore_errors=True)


def _abandoned(directory: Path) -> bool:
    try:
        with (directory / "owner").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


_held: list[object] = []
