"""Texts in versions that are kept for good: each is one TOML file, `<kind>-<day>.toml`, and holds from that day on
until the next one. What comes with the system are samples: an operator puts their own files into a directory."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path

from shared.errors import Text


@dataclass(frozen=True, slots=True)
class DatedText:
    """One version of a text. `paragraphs` are its body; one that begins with `# ` is a heading."""

    kind: str
    version: date
    sample: bool
    title: Text
    paragraphs: tuple[Text, ...]

    @property
    def texts(self) -> tuple[Text, ...]:
        """All that is shown of it."""
        return (self.title, *self.paragraphs)


@dataclass(frozen=True, slots=True)
class DatedTexts:
    """All versions of some texts, the oldest first."""

    versions: Mapping[str, Sequence[DatedText]]

    def current(self, kind: str, day: date) -> DatedText:
        """The version that holds on `day`; before the first one, the first."""
        held = [one for one in self.versions[kind] if one.version <= day]
        return held[-1] if held else self.versions[kind][0]

    def of(self, kind: str, version: str) -> DatedText | None:
        """The version of that day (YYYY-MM-DD)."""
        return next((one for one in self.versions[kind] if one.version.isoformat() == version), None)


def read_texts(directory: str, samples: Traversable, kinds: Sequence[str]) -> dict[str, list[DatedText]]:
    """The texts in `directory`, or the samples. Raises `ValueError`, which names the file and what it lacks."""
    place: Traversable = Path(directory) if directory else samples
    found = {one.name: one.read_text(encoding="utf-8") for one in place.iterdir() if one.name.endswith(".toml")}
    versions: dict[str, list[DatedText]] = {kind: [] for kind in kinds}
    for name, content in sorted(found.items()):
        text = _read(name, content, kinds)
        versions[text.kind].append(text)
    for kind in kinds:
        if not versions[kind]:
            raise ValueError(f"{directory or 'samples'}: there is no {kind}-YYYY-MM-DD.toml")
    return versions


def _read(name: str, content: str, kinds: Sequence[str]) -> DatedText:
    kind, _, version = name.removesuffix(".toml").partition("-")
    if kind not in kinds:
        raise ValueError(f"{name}: the name is {' or '.join(f'{known}-YYYY-MM-DD.toml' for known in kinds)}")
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
    return DatedText(kind, day, bool(read.get("sample", False)), title, paragraphs)


def _paragraphs(body: str, join: str) -> list[str]:
    parts = (part.strip().splitlines() for part in body.split("\n\n"))
    return [join.join(line.strip() for line in lines) for lines in parts if lines]
