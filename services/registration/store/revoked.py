"""What ended while an access token that came from it may still be in force."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, union_all

from services.registration.store.sign_in import Session
from shared.db import ReadSession


async def revoked_ids(session: ReadSession, since: datetime) -> Sequence[UUID]:
    """The ids of what ended after `since`, in order; they never come back to life."""
    found: Sequence[UUID] = (await session.scalars(union_all(*_ended(since)))).all()
    return sorted(found)


def _ended(since: datetime) -> list[Select[Any]]:
    # One for each kind of thing that a token can come from: what stands in its `sid`, its `client_id`, or its `sub`.
    return [
        select(Session.id).where(Session.ended_at > since),
    ]
