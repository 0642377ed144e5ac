"""Command lines answer a mistake in one line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_OFFICER = ("create", "--login-id", "a.tyo", "--role", "examiner", "--office", "TYO")


def _run(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ZAIRYU_")} | variables
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    "command",
    [
        ("services.registration",),
        ("services.review",),
        ("services.registration.officers", *_OFFICER),
        ("services.registration.officers", "second-factor", "--login-id", "a.tyo"),
        ("services.registration.signing_keys", "list"),
    ],
)
def test_missing_setting_is_named_by_its_variable(command: tuple[str, ...]) -> None:
    """[newcomers readme] Each variable that must be set has its line, and no password is asked before."""
    done = _run(*command)
    assert done.returncode == 1
    lines = done.stderr.strip().splitlines()
    assert "ZAIRYU_DATABASE_URL is not set (the service's own database, as its own role (asyncpg URL))" in lines
    assert all(line.startswith("ZAIRYU_") for line in lines)


def test_wrong_setting_is_named_without_its_value() -> None:
    """[newcomers readme]"""
    done = _run("services.gateway", ZAIRYU_PORT="eighty")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("ZAIRYU_PORT cannot be used: Input should be a valid integer")
    assert "eighty" not in done.stderr


def test_password_without_a_terminal_is_explained() -> None:
    """[newcomers readme]"""
    done = _run(
        "services.registration.officers",
        *_OFFICER,
        ZAIRYU_DATABASE_URL="postgresql+asyncpg://x@127.0.0.1/x",
        ZAIRYU_SEALING_KEY="x",
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip().endswith("no password was given: use a terminal, or --password-stdin")
