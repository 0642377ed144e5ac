"""Reasons that officers name by a code of a list, and the reasons for which a case ends without a decision (終止)."""

from collections.abc import Mapping
from types import MappingProxyType

from services.review.cases.domain.refusal import Wrong
from shared.errors import Text
from shared.reference.endings import names

WordList = Mapping[str, Text]


def word_list(**named: Text) -> WordList:
    """A list that officers choose from: code, and the words in Japanese and English."""
    return MappingProxyType(named)


TERMINATIONS: WordList = MappingProxyType(names("termination"))


def check_listed(code: str, listed: WordList, pointer: str) -> None:
    """Raise `Wrong` for a code that is not in the list."""
    if code not in listed:
        raise Wrong(
            "unknown-reason",
            Text("理由は一覧から選択してください（{reasons}）", "Choose a reason of the list: {reasons}").with_values(
                reasons=list(listed.values())
            ),
            pointer,
        )
