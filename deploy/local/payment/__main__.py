"""`python -m deploy.local.payment HOST PORT CALLBACK_URL FILE`; the two keys are in the environment, and where people
reach the pages under another address, that too."""

import os
import sys
from pathlib import Path

import uvicorn

from deploy.local.payment.app import CALLBACK_KEY, KEY, KID, PUBLIC_URL, Provider, Site, create_app
from deploy.local.payment.book import Book
from shared.clock import SystemClock


def main() -> None:
    """Serve until stopped."""
    host, port, callback_url, file = sys.argv[1:]
    book = Book(SystemClock().now, Path(file))
    book.load()
    site = Site(os.environ[KEY], callback_url, KID, os.environ[CALLBACK_KEY], os.environ.get(PUBLIC_URL, ""))
    uvicorn.run(create_app(Provider(site, book)), host=host, port=int(port), log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
