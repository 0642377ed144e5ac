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
    # The demonstration and running tests have stacks of their own below it.
    stacks = [LocalStack(place.parent) for place in directory.glob("**/run") if (place.parent / "lock").exists()]
    locked: list[LocalStack] = []
    try:
        for stack in stacks:
            stack.lock()
            locked.append(stack)
        end_all(directory)
        shutil.rmtree(directory)
    finally:
        for stack in locked:
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
