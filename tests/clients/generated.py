"""The generated files of the Python client: models of answers, and the synchronous half of what is written once."""

import re
from pathlib import Path

from tests.clients.models import module, named

# What is different in a program that waits by blocking. In this order.
_SYNC = (
    (r"async def", "def"),
    (r"async with", "with"),
    (r"async for", "for"),
    (r"await ", ""),
    (r"__aenter__", "__enter__"),
    (r"__aexit__", "__exit__"),
    (r"AsyncIterator", "Iterator"),
    (r"httpx\.AsyncClient", "httpx.Client"),
    (r"\baclose\b", "close"),
    (r"asyncio\.Lock", "threading.Lock"),
    (r"asyncio\.sleep", "time.sleep"),
    (r"import asyncio\n", "import threading\nimport time\n"),
    (r"zairyu_client\._async", "zairyu_client._sync"),
    (r"\bAsync(?=[A-Z])", ""),
    (r"Asynchronous", "Synchronous"),
)
_HEAD = "# Generated from zairyu_client/_async by `python -m tests.clients`.\n"


def synchronous(text: str) -> str:
    """The synchronous form of a module."""
    for pattern, replacement in _SYNC:
        text = re.sub(pattern, replacement, text)
    return _HEAD + text


def wanted(package: Path) -> dict[str, str]:
    """Every generated file by its path in the package."""
    source = package / "_async"
    files = {f"models/{service}.py": module(service, names) for service, names in named(source).items()}
    return files | {f"_sync/{path.name}": synchronous(path.read_text()) for path in source.glob("*.py")}
