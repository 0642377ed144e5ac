"""Lists in pages: the caller follows `next` until it is null; nothing is counted and nothing is skipped.

Example::

    rows = await search(session, after=paging.after(datetime, UUID), limit=paging.limit + 1)
    return paging.page([Case.of(row) for row in rows], key=lambda case: (case.received_at, case.id))
"""

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, Field

from shared.errors import Invalid, Text
from shared.http.validation import PlacedFieldProblem

T = TypeVar("T")
DEFAULT_LIMIT = 50
LARGEST_LIMIT = 200


class Page(BaseModel, Generic[T]):
    """One page of a list."""

    items: list[T]
    next: str | None = Field(description="cursor of the next page; null at the end")


@dataclass(frozen=True, slots=True)
class Paging:
    """The start of a page and its greatest length."""

    cursor: str | None
    limit: int

    def after(self, *kinds: type[datetime | date | UUID | int]) -> tuple[Any, ...] | None:
        """The sort key of the last item seen, each part of its kind; None on the first page. Even with a forged cursor
        the database can compare with it: times are in UTC, numbers are positions.

        Raises `Invalid` for a cursor that `page` of the same list could not have made.
        """
        if self.cursor is None:
            return None
        try:
            parts = json.loads(urlsafe_b64decode(self.cursor.encode("ascii") + b"=" * (-len(self.cursor) % 4)))
            if not isinstance(parts, list) or len(parts) != len(kinds) or not all(isinstance(p, str) for p in parts):
                raise ValueError("another list's cursor")
            return tuple(_READERS[kind](part) for kind, part in zip(kinds, parts, strict=True))
        except (ValueError, OverflowError, binascii.Error, RecursionError) as error:
            raise _bad_cursor() from error

    def page(self, items: Sequence[T], key: Callable[[T], tuple[Any, ...]]) -> Page[T]:
        """The page, of up to `limit + 1` items that were found: one more than asked for means that there is a next."""
        shown = list(items[: self.limit])
        more = len(items) > self.limit
        return Page[Any](items=shown, next=_cursor(key(shown[-1])) if more else None)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a cursor's times say where they are")
    return moment.astimezone(UTC)


def _position(text: str) -> int:
    position = int(text)
    if not 0 <= position < 2**63:
        raise ValueError("no list is that long")
    return position


_READERS: Mapping[type, Callable[[str], Any]] = {
    datetime: _moment,
    date: date.fromisoformat,
    UUID: UUID,
    int: _position,
}


def _cursor(parts: tuple[Any, ...]) -> str:
    texts = [part.isoformat() if isinstance(part, datetime) else str(part) for part in parts]
    return urlsafe_b64encode(json.dumps(texts, separators=(",", ":")).encode()).rstrip(b"=").decode()


def _bad_cursor() -> Invalid:
    message = Text("一覧を最初から読み直してください", "Start again from the first page")
    return Invalid(fields=[PlacedFieldProblem(pointer="/cursor", code="bad-cursor", message=message, place="query")])


async def paging(
    cursor: Annotated[str | None, Query(description="`next` of the page before", max_length=1000)] = None,
    limit: Annotated[int, Query(description="items on a page", ge=1, le=LARGEST_LIMIT)] = DEFAULT_LIMIT,
) -> Paging:
    """The query parameters `cursor` and `limit`."""
    return Paging(cursor=cursor, limit=limit)


PageQuery = Annotated[Paging, Depends(paging)]
