"""Log lines of these tests go nowhere, unless a test reads them itself."""

import io
import logging as standard
from collections.abc import Iterator

import pytest
import structlog

from shared import logging


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    root = standard.getLogger()
    before, structured = (root.handlers[:], root.level), structlog.get_config()
    logging.configure("test", "INFO", io.StringIO())
    yield
    root.handlers[:], level = before
    root.setLevel(level)
    structlog.configure(**structured)
