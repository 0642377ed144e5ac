"""The declarations of a filer: which were made, and in which words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.errors import FieldProblem, Text
from shared.languages import Lang
from shared.reference.declarations import declarations, declared_version
from shared.translations import say


@dataclass(frozen=True, slots=True)
class Declared:
    """The answers by code. `language` is the one in which the filer read the declarations, `version` their wording
    (None: that of today)."""

    answers: Mapping[str, bool]
    language: Lang = "ja"
    version: str | None = None


def undeclared(declared: Declared, day: date) -> Iterator[FieldProblem]:
    """Every declaration of `day` that was not made."""
    for code, row in declarations(day).items():
        if not declared.answers.get(code):
            message = Text(
                "次の内容を確認し、宣言してください: {row}", "Confirm this and declare it: {row}"
            ).with_values(row=row.text)
            yield FieldProblem(f"/declarations/{code}", "declaration-needed", message)


def is_outdated(declared: Declared, day: date) -> bool:
    """Whether the filer was shown another wording than that of `day`."""
    return declared.version is not None and declared.version != declared_version(day)


def word_for_word(declared: Declared, day: date) -> dict[str, Any]:
    """The declarations as they are kept: version, language, and the words in their order."""
    return {
        "version": declared_version(day),
        "language": declared.language,
        "texts": [{"code": code, "text": say(row.text, declared.language)} for code, row in declarations(day).items()],
    }
