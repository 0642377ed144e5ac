"""Passwords and keys of this one machine, made once and kept where only their owner reads them."""

import json
import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet

from deploy.local.problems import StackProblem


class Secrets:
    """Named secrets in `<directory>/secrets.json` (mode 600). A name asked for the first time gets a value."""

    def __init__(self, directory: Path) -> None:
        self._file = directory / "secrets.json"
        directory.mkdir(parents=True, exist_ok=True)
        try:
            self._values: dict[str, str] = json.loads(self._file.read_text()) if self._file.exists() else {}
        except ValueError:
            raise StackProblem(f"{self._file} is damaged: `make clean` removes it with all local data") from None

    def text(self, name: str) -> str:
        """A random text of 32 letters, digits, `-` and `_` (192 bits)."""
        return self._once(name, secrets.token_urlsafe(24))

    def fernet(self, name: str) -> str:
        """A Fernet key (32 bytes, URL-safe base64)."""
        return self._once(name, Fernet.generate_key().decode())

    def keep(self, name: str, value: str) -> str:
        """`value`, unless one is kept under that name already: then that."""
        return self._once(name, value)

    def _once(self, name: str, value: str) -> str:
        if name not in self._values:
            self._values[name] = value
            fresh = self._file.with_suffix(".new")
            fresh.unlink(missing_ok=True)
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
                json.dump(self._values, out, indent=1)
            fresh.replace(self._file)
        return self._values[name]
