"""A process that is killed and begins again: each life is a copy of one that has imported what it needs.

To import a service takes seconds of computing, and a copy none, so that a test can kill many times.
`python -m tests.support.lives MODULE ARGUMENTS` reads `start`, or the number of a signal, from its input, and answers
each with a line once it is done; `MODULE` has a coroutine `main`, which gets the arguments.
"""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from importlib import import_module
from traceback import print_exc
from typing import NoReturn


class Lives:
    """The process of `module`, with these environment variables beside those of the test."""

    def __init__(self, module: str, *arguments: str, environment: Mapping[str, str]) -> None:
        self._source = subprocess.Popen(
            [sys.executable, "-m", "tests.support.lives", module, *arguments],
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self) -> None:
        """Begin a life; the one before has ended."""
        self._ask("start")

    def kill(self) -> None:
        """SIGKILL, seen through; nothing where it does not live."""
        self.end(signal.SIGKILL)

    def end(self, by: signal.Signals) -> None:
        """End it by this signal, seen through; nothing where it does not live."""
        self._ask(str(int(by)))

    def close(self) -> None:
        """Kill what lives, and have no further life."""
        self._source.communicate(timeout=30)

    def _ask(self, request: str) -> None:
        assert self._source.stdin is not None
        assert self._source.stdout is not None
        self._source.stdin.write(f"{request}\n")
        self._source.stdin.flush()
        assert self._source.stdout.readline(), "the source of lives has ended"


def _answer(module: str, *arguments: str) -> None:
    # What a life writes goes to where errors go.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    main = import_module(module).main
    alive = 0
    for line in sys.stdin:
        request = line.strip()
        if request == "start":
            assert not alive, "the life before has not ended"
            if (alive := os.fork()) == 0:
                answers.close()
                _live(main(*arguments))
        else:
            alive = _end(alive, int(request))
        answers.write("done\n")
        answers.flush()
    _end(alive, signal.SIGKILL)


def _end(alive: int, by: int) -> int:
    if alive:
        os.kill(alive, by)
        os.waitpid(alive, 0)
    return 0


def _live(main: object) -> NoReturn:
    status = 1
    try:
        sys.stdin.close()
        asyncio.run(main)  # type: ignore[arg-type]
        status = 0
    except BaseException:
        print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    _answer(*sys.argv[1:])
