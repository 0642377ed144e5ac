"""Ids that follow from another: the same each time, one for each of their parts, in order."""

from itertools import pairwise
from uuid import RFC_4122, UUID

from shared.ids import derived_id, new_id


def test_a_derived_id_is_the_same_each_time_and_another_for_other_parts() -> None:
    origin = new_id()
    ids = {derived_id(origin, 0, *parts) for parts in (("mail", None), ("mail", "a"), ("mai", "la"), ())}
    assert len({*ids, derived_id(new_id(), 0)}) == 5
    assert derived_id(origin, 3, "mail", None) == derived_id(origin, 3, "mail", None)
    assert {(each.version, each.variant) for each in ids} == {(7, RFC_4122)}


def test_derived_ids_sort_as_their_origin_and_by_number() -> None:
    # Those of one millisecond too: it takes less to make them.
    origins = [UUID("01a22e1b-65d9-7578-8843-f6fece808ee9"), UUID("01a22e1b-65d9-7578-8843-f6ff23085593"), new_id()]
    ids = [derived_id(origin, number) for origin in origins for number in (0, 1, 2, 255)]
    assert all(first < second for first, second in pairwise(ids))
    assert [each.int >> 80 for each in ids] == [origin.int >> 80 for origin in origins for _ in range(4)]
