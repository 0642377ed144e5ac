"""Errors that callers of finding receive."""

from services.application.finding.domain.filters import MOST_FILTERS
from shared.errors import Conflict, Text

LAST_BEFORE_FIRST = Text(
    "終わりの日が始まりの日より前です。日付を入れ替えてください",
    "The last day is before the first one: exchange them",
)


def too_many_filters() -> Conflict:
    """The refusal of a filter more than one account keeps."""
    return Conflict(
        Text(
            "保存できる条件は{most_filters}件までです。使わない条件を削除してから保存してください。",
            "You can keep {most_filters} filters. Delete one that you do not use, and save this one again.",
        ).with_values(most_filters=MOST_FILTERS),
        code="too-many-filters",
    )
