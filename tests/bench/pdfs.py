"""Checks of PDFs in one confined process: a file of 25 MB, files in a second, memory, and the libraries alone.

`python -m tests.bench.pdfs` measures in a process of its own, whose memory is nobody else's, and prints JSON.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from io import BytesIO

import pikepdf
import pypdfium2

from services.document.checks.pdf import check_pdf
from tests.bench.line import Line
from tests.services.document.corpus import FINE
from tests.services.document.pdfs import good, scan

_SCANS = 25 * 1024 * 1024


def measure() -> list[Line]:
    """CPU of the check of a large file, files in a second, memory, and the check beside opening the file alone."""
    printed = subprocess.run([sys.executable, "-m", "tests.bench.pdfs"], check=True, capture_output=True).stdout
    found: dict[str, float] = json.loads(printed)
    return [
        Line("check of a PDF of 25 MB, scans", found["scans_ms"], "ms CPU", 400, at_most=True),
        Line("check of a PDF of 300 pages of text", found["text_ms"], "ms CPU", 400, at_most=True),
        Line("the same beside pikepdf and pypdfium2 alone", found["text_ratio"], "times", 1.3, at_most=True),
        Line("checks of small PDFs", found["per_second"], "files/s of a core", 100),
        Line("memory of a checking process", found["memory_mb"], "MB", 300, at_most=True),
    ]


def _measured() -> dict[str, float]:
    scans, text = _padded(scan(2480, 3508, pages=40)), good(300)
    small = list(FINE.values())
    check_pdf(text)
    found = {
        "scans_ms": _cpu(lambda: check_pdf(scans)) * 1000,
        "text_ms": _cpu(lambda: check_pdf(text)) * 1000,
        "text_ratio": _cpu(lambda: check_pdf(text)) / _cpu(lambda: _alone(text)),
        "per_second": len(small) / _cpu(lambda: [check_pdf(data) for data in small]),
    }
    found["memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found


def _padded(data: bytes) -> bytes:
    """The file with a stream that nobody reads, so that it has 25 MB."""
    with pikepdf.open(BytesIO(data)) as pdf:
        pdf.Root["/PieceInfo"] = pdf.make_stream(bytes(max(_SCANS - len(data), 0)))
        out = BytesIO()
        pdf.save(out, compress_streams=False)
        return out.getvalue()


def _alone(data: bytes) -> None:
    """Open the file with both libraries, go over all objects, and load every page."""
    with pikepdf.open(BytesIO(data)) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary):
                item.unparse(resolved=True)
    document = pypdfium2.PdfDocument(data)
    for page in document:
        page.render(scale=0.15, grayscale=True).close()
        page.close()
    document.close()


def _cpu(work: Callable[[], object]) -> float:
    """Seconds of CPU: the least of five runs."""
    times = []
    for _ in range(5):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_measured()))
