"""Passwords and keys of this one machine, made once and kept where only their owner reads them."""

import fcntl
import json
import os
import secrets
import threading
from pathlib import Path

from cryptography.fernet import Fernet

from deploy.local.problems import StackProblem
from shared.sealing import new_key_pair

_THREADS = threading.Lock()


class Secrets:
    """Named secrets in `<directory>/secrets.json` (mode 600). A name asked for the first time gets a value.

    Threads and processes may share the file: a value, once given, is the same for everyone.
    """

    def __init__(self, directory: Path) -> None:
        self._file = directory / "secrets.json"
        directory.mkdir(parents=True, exist_ok=True)
        self._values = self._read()

    def text(self, name: str) -> str:
        """A random text of 32 letters, digits, `-` and `_` (192 bits)."""
        return self._once(name, secrets.token_urlsafe(24))

    def fernet(self, name: str) -> str:
        """A Fernet key (32 bytes, URL-safe base64)."""
        return self._once(name, Fernet.generate_key().decode())

    def pair(self, name: str) -> tuple[str, str]:
        """A private and its public key (X25519), as settings hold them."""
        private, _, public = self._once(name, " ".join(new_key_pair())).partition(" ")
        return private, public

    def keep(self, name: str, value: str) -> str:
        """`value`, unless one is kept under that name already: then that."""
        return self._once(name, value)

    def _once(self, name: str, value: str) -> str:
        if name not in self._values:
            with _THREADS, self._file.with_suffix(".lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                values = self._read()
                if name not in values:
                    values[name] = value
                    self._write(values)
                self._values = values
        return self._values[name]

    def _read(self) -> dict[str, str]:
        try:
            return dict(json.loads(self._file.read_text())) if self._file.exists() else {}
        except (ValueError, TypeError):
            raise StackProblem(f"{self._file} is damaged: `make clean` removes it with all local data") from None

    def _write(self, values: dict[str, str]) -> None:
        fresh = self._file.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            json.dump(values, out, indent=1)
        fresh.replace(self._file)
