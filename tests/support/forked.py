"""A command line, run in a copy of this process: what it needs is imported already, most of what it would compute."""

import os
import runpy
import sys
import warnings
from collections.abc import Mapping
from io import TextIOWrapper
from pathlib import Path
from subprocess import CompletedProcess
from tempfile import TemporaryFile
from traceback import print_exc
from typing import NoReturn


def run_module(*command: str, environment: Mapping[str, str], directory: Path) -> CompletedProcess[str]:
    """`python -m COMMAND` with this environment, in `directory`, without anything to read."""
    with TemporaryFile() as said, TemporaryFile() as complained:
        if (child := os.fork()) == 0:
            _become(command, environment, directory, said.fileno(), complained.fileno())
        _, status = os.waitpid(child, 0)
        outputs = []
        for file in (said, complained):
            file.seek(0)
            outputs.append(file.read().decode())
    return CompletedProcess(command, os.waitstatus_to_exitcode(status), *outputs)


def _become(
    command: tuple[str, ...], environment: Mapping[str, str], directory: Path, said: int, complained: int
) -> NoReturn:
    """Run the module, and end this process without a look at what its parent had open."""
    status = 1
    try:
        os.chdir(directory)
        os.environ.clear()
        os.environ.update(environment)
        with Path(os.devnull).open("rb") as nothing:
            os.dup2(nothing.fileno(), 0)
        os.dup2(said, 1)
        os.dup2(complained, 2)
        sys.stdin, sys.stdout, sys.stderr = (
            TextIOWrapper(open(number, mode, closefd=False), line_buffering=True)  # noqa: SIM115
            for number, mode in ((0, "rb"), (1, "wb"), (2, "wb"))
        )
        # That a module was imported before says runpy, as a warning.
        warnings.simplefilter("ignore", RuntimeWarning)
        sys.argv = ["-m", *command[1:]]
        os.setsid()
        runpy.run_module(command[0], run_name="__main__", alter_sys=True)
        status = 0
    except SystemExit as end:
        if isinstance(end.code, str):
            sys.stderr.write(f"{end.code}\n")
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
