"""The journal of officers' looks at messages."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.notification.audit import Tag
from shared.work import Work


def journal_search(work: Work, criteria: Mapping[str, Any], found: Sequence[UUID]) -> None:
    """Journal that an officer searched messages: the criteria, and the messages that were shown."""
    given = {name: value for name, value in criteria.items() if value is not None}
    work.journal("notification_log", work.actor_id, Tag.SEARCH, given | {"notification_ids": list(found)})


def journal_look(work: Work, notification_id: UUID) -> None:
    """Journal that an officer looked at one message and its history."""
    work.journal("notification_log", work.actor_id, Tag.READ, {"notification_id": notification_id})
