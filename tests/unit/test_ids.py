"""Ids that follow from another: the same each time, one for each of their parts, in order."""

from itertools import pairwise
from uuid import RFC_4122

from shared.ids import derived_id, new_id


def test_a_derived_id_is_the_same_each_time_and_another_for_other_parts() -> None:
    origin = new_id()
    ids = {derived_id(origin, 0, *parts) for parts in (("mail", None), ("mail", "a"), ("mai", "la"), ())}
    assert len({*ids, derived_id(new_id(), 0)}) == 5
    assert derived_id(origin, 3, "mail", None) == derived_id(origin, 3, "mail", None)
    assert {(each.version, each.variant) for each in ids} == {(7, RFC_4122)}


def test_derived_ids_sort_as_their_origin_and_by_number() -> None:
    earlier, later = new_id(), new_id()
    ids = [derived_id(earlier, number) for number in (0, 1, 2, 4095)]
    assert all(first < second for first, second in pairwise(ids))
    assert [each.int >> 80 for each in (*ids, derived_id(later, 0))] == [earlier.int >> 80] * 4 + [later.int >> 80]
