"""Counts of the events that each service recorded, by hour: with them every group checks that it has seen its own.

The base of one class for each owner, because a topic has one. A count with a digest says whether two sets of
ids are the same.
"""

from typing import Annotated, ClassVar
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import Field

from shared.events.base import Event, Part
from shared.events.fields import Code, Count, Moment


class CountedIds(Part):
    """Ids of one kind: events of a type, or records of a fact, e.g. `application.received`."""

    type: Annotated[Code, Field(description="type of event, or name of a fact", examples=["zairyu.CardMailed.v1"])]
    count: Count
    digest: Annotated[
        int, Field(ge=-(2**63), lt=2**63, description="the last 64 bits of all ids, by exclusive or", examples=[7])
    ]


class EventsCounted(Event):
    """The base of the counts of all owners: `counts` are those of the ids made in the hour that begins at `hour`."""

    key_fields: ClassVar[tuple[str, ...]] = ("source_id",)

    source_id: Annotated[
        UUID, Field(description="of the service that counted", examples=["01890a5d-ac96-774b-bcce-b302099a8057"])
    ]
    hour: Moment
    counts: tuple[CountedIds, ...]

    @classmethod
    def source(cls) -> str:
        """The service that sends it."""
        return cls.topic.partition(".")[0]

    @classmethod
    def id_of_source(cls) -> UUID:
        """The key: counts of one service stay in order."""
        return uuid5(NAMESPACE_URL, f"urn:zairyu:{cls.source()}")
