"""Declarations (申請時の確認事項) that somebody makes when filing, word for word.

A changed wording is a new version: rows with a later day. An application keeps the words that its filer was shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from shared.errors import Text
from shared.reference.dated import Dated, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration(Dated):
    """One declaration. `code` is its name in a request; `version` the day of the wording."""

    code: str
    version: str
    text: Text


_SOURCE = "The two declarations of the online system before sending; wording of this project"

DECLARATIONS = Table(
    "declarations",
    lambda row: row.code,
    [
        Declaration(
            code="intent_confirmed",
            version="2026-11-01",
            text=Text(
                "この申請が、申請人本人（本人が申請できない場合は、その法定代理人）の意思によるものであることを確認しました。",
                "I have confirmed that the applicant (or, where the applicant cannot apply, the legal representative) "
                "intends to file this application.",
            ),
            source=_SOURCE,
            verify=True,
        ),
        Declaration(
            code="truth_confirmed",
            version="2026-11-01",
            text=Text(
                "申請の内容及び提出する資料が事実に相違ないことを、申請人及び所属機関（所属機関がある場合）に確認しました。",
                "I have confirmed with the applicant and, where there is one, the organisation that this application "
                "and its documents state the facts.",
            ),
            source=_SOURCE,
            verify=True,
        ),
    ],
)


def declarations(day: date) -> Mapping[str, Declaration]:
    """The declarations that are made on `day`, by code, in the order in which they are shown."""
    return {row.code: row for row in DECLARATIONS.on(day)}


def declared_version(day: date) -> str:
    """The version of the declarations of `day`: the newest of their wordings."""
    return max(row.version for row in DECLARATIONS.on(day))
