"""The child process that looks into foreign files: `python -m services.document.checks.worker CPU_SECONDS MEMORY_MB`.

It reads jobs from its standard input and answers on its standard output, each a JSON head and then bytes
(`frames.py`). It holds no secret, no connection and no file; what a hostile file can break is this process alone.
"""

import resource
import sys
import time
from datetime import datetime
from typing import Any, BinaryIO

from services.document.checks import frames, pdf, photo
from services.document.checks.sniff import SNIFF_BYTES, sniff, wrong_content
from services.document.checks.verdict import Verdict

# Beyond a worker's own needs: a file that wants more descriptors or writes to disk is not checked but attacked.
_DESCRIPTORS = 64


def confine(memory_mb: int) -> None:
    """Limits of the kernel on this process, set after all imports are done."""
    memory = memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_DESCRIPTORS, _DESCRIPTORS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def allow_cpu(seconds: int) -> None:
    """Let this process use `seconds` of CPU from now on; the kernel ends it after that."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds + 1, resource.RLIM_INFINITY))


def check(job: dict[str, Any], data: bytes) -> Verdict:
    """The verdict on one file. `job`: `kind`, and `now` in ISO 8601."""
    if not data:
        return Verdict.refused("file-empty")
    problem = wrong_content(job["kind"], sniff(data[:SNIFF_BYTES]))
    if problem is not None:
        return Verdict.refused(problem)
    if job["kind"] == "pdf":
        return pdf.check_pdf(data)
    return photo.check_photo(data, datetime.fromisoformat(job["now"]))


def serve(jobs: BinaryIO, answers: BinaryIO, cpu_seconds: int) -> None:
    """Work until there are no more jobs."""
    while (received := frames.read(jobs)) is not None:
        job, data = received
        allow_cpu(cpu_seconds)
        began = time.process_time()
        verdict = check(job, data)
        del data, received
        answer = verdict.described() | {"cpu_seconds": time.process_time() - began}
        frames.write(answers, answer, verdict.cleaned or b"")


def main() -> None:
    confine(int(sys.argv[2]))
    serve(sys.stdin.buffer, sys.stdout.buffer, int(sys.argv[1]))


if __name__ == "__main__":
    main()
