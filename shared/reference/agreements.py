"""Texts that people agree to: terms of use (利用規約) and pledge (誓約書), in versions that are kept for good.

A version is one TOML file, `<kind>-<day>.toml`, and holds from that day on until the next one. What comes with the
system is a sample: an operator puts their own files into a directory (`ZAIRYU_AGREEMENTS_DIR`).
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Literal

from shared.errors import Text

Kind = Literal["terms", "pledge"]
KINDS: tuple[Kind, ...] = ("terms", "pledge")


@dataclass(frozen=True, slots=True)
class Agreement:
    """One version of a text. `paragraphs` are its body; one that begins with `# ` is a heading."""

    kind: Kind
    version: date
    sample: bool
    title: Text
    paragraphs: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Agreements:
    """All versions of both texts, the oldest first."""

    versions: Mapping[Kind, Sequence[Agreement]]

    def current(self, kind: Kind, day: date) -> Agreement:
        """The version that holds on `day`; before the first one, the first."""
        held = [one for one in self.versions[kind] if one.version <= day]
        return held[-1] if held else self.versions[kind][0]

    def of(self, kind: Kind, version: str) -> Agreement | None:
        """The version of that day (YYYY-MM-DD), as it was agreed to."""
        return next((one for one in self.versions[kind] if one.version.isoformat() == version), None)

    def in_force(self, day: date) -> dict[str, str]:
        """The version of each text that holds on `day`."""
        return {kind: self.current(kind, day).version.isoformat() for kind in KINDS}


def agreements(directory: str = "") -> Agreements:
    """The texts in `directory`, or the samples. Raises `ValueError`, which names the file and what it lacks."""
    if directory:
        found = {path.name: path.read_text(encoding="utf-8") for path in sorted(Path(directory).glob("*.toml"))}
    else:
        samples = files("shared.reference").joinpath("data", "agreements")
        found = {one.name: one.read_text(encoding="utf-8") for one in samples.iterdir() if one.name.endswith(".toml")}
    versions: dict[Kind, list[Agreement]] = {kind: [] for kind in KINDS}
    for name, content in sorted(found.items()):
        agreement = _read(name, content)
        versions[agreement.kind].append(agreement)
    for kind in KINDS:
        if not versions[kind]:
            raise ValueError(f"{directory or 'samples'}: there is no {kind}-YYYY-MM-DD.toml")
    return Agreements(versions)


def _read(name: str, content: str) -> Agreement:
    kind, _, version = name.removesuffix(".toml").partition("-")
    if kind not in KINDS:
        raise ValueError(f"{name}: the name is terms-YYYY-MM-DD.toml or pledge-YYYY-MM-DD.toml")
    try:
        day, read = date.fromisoformat(version), tomllib.loads(content)
        bodies = {lang: _paragraphs(read[lang]["body"], join) for lang, join in (("ja", ""), ("en", " "))}
        title = Text(read["ja"]["title"], read["en"]["title"])
    except KeyError as error:
        raise ValueError(f"{name}: {error} is missing; [ja] and [en] have a title and a body each") from error
    except (ValueError, TypeError) as error:
        raise ValueError(f"{name}: {error}") from error
    if len(bodies["ja"]) != len(bodies["en"]):
        raise ValueError(f"{name}: the Japanese and the English body have as many paragraphs as each other")
    paragraphs = tuple(Text(ja, en) for ja, en in zip(bodies["ja"], bodies["en"], strict=True))
    return Agreement(kind, day, bool(read.get("sample", False)), title, paragraphs)


def _paragraphs(body: str, join: str) -> list[str]:
    parts = (part.strip().splitlines() for part in body.split("\n\n"))
    return [join.join(line.strip() for line in lines) for lines in parts if lines]
