"""`make clean`: end what the local stack left running, and remove what it kept."""

import shutil
import sys
from pathlib import Path

from deploy.local.problems import StackProblem
from deploy.local.process import Process
from deploy.local.stack import DATA, LocalStack


def clean(directory: Path) -> None:
    """Remove `directory` and everything that runs on it; raises `StackProblem` while a supervisor works there."""
    if not directory.exists():
        return
    stack = LocalStack(directory)
    stack.lock()
    try:
        end_all(directory)
        shutil.rmtree(directory)
    finally:
        stack.unlock()


def end_all(directory: Path) -> None:
    """End every process that has its pid file in a `run` directory below `directory`."""
    for pid_file in directory.glob("**/run/*.pid"):
        Process(pid_file.stem, pid_file.parent).kill()


if __name__ == "__main__":
    try:
        clean(DATA)
    except StackProblem as problem:
        sys.exit(f"error: {problem}")
