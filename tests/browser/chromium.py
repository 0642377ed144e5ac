"""The Chromium of the machine: Playwright brings none."""

import shutil

# Debian's headless shell first: without windows and profiles it takes half the computing for the same pages.
_PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# As quiet as a browser gets: nothing is fetched that no page asks for.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def program() -> str | None:
    """The path of the program; None without one."""
    return next(filter(None, map(shutil.which, _PROGRAMS)), None)
