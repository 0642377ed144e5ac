"""Rows of a snapshot put together into pages: each page goes where the events of its records go."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest

from shared.events.application import ApplicationSnapshot, ApplicationSnapshotPage
from shared.ids import new_id
from shared.messaging.partitioning import index_of
from shared.rebuilding import snapshots

SNAPSHOT = UUID("01890a5d-ac96-774b-bcce-b302099a8057")


class Outbox:
    """Stands where the work of a step would."""

    def __init__(self) -> None:
        self.sent: list[Any] = []

    def emit(self, event: Any) -> None:
        self.sent.append(event)


def _rows(count: int, documents: int = 1) -> list[ApplicationSnapshot]:
    (example,) = ApplicationSnapshotPage.example().rows
    ids = tuple(new_id() for _ in range(documents))
    return [example.model_copy(update={"application_id": new_id(), "document_ids": ids}) for _ in range(count)]


def _paged(rows: Sequence[ApplicationSnapshot], partitions: int) -> list[ApplicationSnapshotPage]:
    outbox: Any = Outbox()
    pages = snapshots.Pages(outbox, ApplicationSnapshotPage, SNAPSHOT, partitions)
    for row in rows:
        pages.put(row)
    pages.close()
    return list(outbox.sent)


@pytest.mark.parametrize("partitions", [1, 12, 50])
def test_a_page_has_the_partition_of_all_its_records_and_every_row_is_in_one(partitions: int) -> None:
    rows = _rows(1_000)
    pages = _paged(rows, partitions)
    assert len({page.key for page in pages}) == len(pages)
    places = [{index_of(str(key).encode(), partitions) for key in (page.key, *_keys(page))} for page in pages]
    assert [len(place) for place in places] == [1] * len(pages)
    for partition in range(partitions):
        there = [key for page, place in zip(pages, places, strict=True) if place == {partition} for key in _keys(page)]
        assert there == [row.key for row in rows if index_of(str(row.key).encode(), partitions) == partition]
    assert max(len(page.rows) for page in pages) <= 100
    if partitions == 1:
        assert len(pages) == 10


def test_a_page_stays_below_what_a_broker_takes() -> None:
    rows = _rows(20, documents=1_500)
    pages = _paged(rows, 1)
    assert max(len(page.body) for page in pages) <= 256 * 1024
    assert [key for page in pages for key in _keys(page)] == [row.key for row in rows]
    (alone,) = _paged(_rows(1, documents=10_000), 1)
    assert len(alone.body) > 256 * 1024


def _keys(page: ApplicationSnapshotPage) -> list[UUID]:
    return [row.key for row in page.rows]
