"""Lists in pages: the caller follows `next` until it is null; nothing is counted and nothing is skipped.

Example::

    rows = await search(session, after=paging.after(datetime.fromisoformat, UUID), limit=paging.limit + 1)
    return paging.page([Case.of(row) for row in rows], key=lambda case: (case.received_at, case.id))
"""

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

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
    """Where a page starts and how long it may be."""

    cursor: str | None
    limit: int

    def after(self, *readers: Callable[[str], Any]) -> tuple[Any, ...] | None:
        """The sort key of the last item seen, each part read by its reader; None on the first page.

        Raises `Invalid` for a cursor that was not made by `page` of the same list.
        """
        if self.cursor is None:
            return None
        try:
            parts = json.loads(urlsafe_b64decode(self.cursor.encode("ascii") + b"=" * (-len(self.cursor) % 4)))
            if not isinstance(parts, list) or len(parts) != len(readers):
                raise ValueError("another list's cursor")
            return tuple(read(part) for read, part in zip(readers, parts, strict=True))
        except (ValueError, TypeError, AttributeError, binascii.Error, RecursionError) as error:
            raise _bad_cursor() from error

    def page(self, items: Sequence[T], key: Callable[[T], tuple[Any, ...]]) -> Page[T]:
        """The page, of up to `limit + 1` items that were found: one more than asked for means that there is a next."""
        shown = list(items[: self.limit])
        more = len(items) > self.limit
        return Page[Any](items=shown, next=_cursor(key(shown[-1])) if more else None)


def _cursor(parts: tuple[Any, ...]) -> str:
    texts = [part.isoformat() if isinstance(part, datetime | date) else str(part) for part in parts]
    return urlsafe_b64encode(json.dumps(texts, separators=(",", ":")).encode()).rstrip(b"=").decode()


def _bad_cursor() -> Invalid:
    message = Text("一覧を最初から読み直してください", "Start again from the first page")
    return Invalid(fields=[PlacedFieldProblem(pointer="/cursor", code="bad-cursor", message=message, place="query")])


def paging(
    cursor: Annotated[str | None, Query(description="`next` of the page before", max_length=1000)] = None,
    limit: Annotated[int, Query(description="items on a page", ge=1, le=LARGEST_LIMIT)] = DEFAULT_LIMIT,
) -> Paging:
    """The query parameters `cursor` and `limit`."""
    return Paging(cursor=cursor, limit=limit)


PageQuery = Annotated[Paging, Depends(paging)]
