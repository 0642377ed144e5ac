"""The side of the confined process: `main(answer)` is the body of a module that `Child.start` runs.

It reads jobs from its standard input and answers on its standard output (`frames.py`). It holds no secret, no
connection and no file; what a hostile file can break is this process alone.
"""

import resource
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from shared.confined import frames

Job = dict[str, Any]
# Answers to a job, piece by piece.
Answer = Callable[[Job, bytes], Iterator[tuple[dict[str, Any], bytes]]]


def main(answer: Answer) -> None:
    """Confine this process, and work until there are no more jobs. The arguments are those of `child.Limits`."""
    cpu_seconds, memory_mb, descriptors = (int(argument) for argument in sys.argv[1:4])
    confine(memory_mb, descriptors)
    serve(sys.stdin.buffer, sys.stdout.buffer, answer, cpu_seconds)


def confine(memory_mb: int, descriptors: int) -> None:
    """Limits of the kernel on this process, set after all imports are done."""
    memory = memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def serve(jobs: BinaryIO, answers: BinaryIO, answer: Answer, cpu_seconds: int) -> None:
    """Work until there are no more jobs. The last piece of each answer says what it cost in seconds of CPU."""
    while (received := frames.read(jobs)) is not None:
        job, data = received
        del received
        _allow_cpu(cpu_seconds)
        began = time.process_time()
        pieces = answer(job, data)
        del data
        for fields, content in pieces:
            frames.write(answers, fields, content)
        frames.write(answers, {frames.END: time.process_time() - began}, b"")


def _allow_cpu(seconds: int) -> None:
    """Let this process use `seconds` of CPU from now on; the kernel ends it after that."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds + 1, resource.RLIM_INFINITY))
