"""Texts that people agree to: terms of use (利用規約) and pledge (誓約書), in versions that are kept for good
(`dated_texts`). An operator puts their own files into a directory (`ZAIRYU_AGREEMENTS_DIR`)."""

from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Literal

from shared.reference.dated_texts import DatedTexts, read_texts

Kind = Literal["terms", "pledge"]
KINDS: tuple[Kind, ...] = ("terms", "pledge")


@dataclass(frozen=True, slots=True)
class Agreements(DatedTexts):
    """All versions of both texts, the oldest first."""

    def in_force(self, day: date) -> dict[str, str]:
        """The version of each text that holds on `day`."""
        return {kind: self.current(kind, day).version.isoformat() for kind in KINDS}


def agreements(directory: str = "") -> Agreements:
    """The texts in `directory`, or the samples. Raises `ValueError`, which names the file and what it lacks."""
    return Agreements(read_texts(directory, files("shared.reference").joinpath("data", "agreements"), KINDS))
